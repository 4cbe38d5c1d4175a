import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateFolder } from '../paths.mjs';
import { run, say } from '../run.mjs';

/**
 * Builds the examples that benchmarks need and tells where they are; null without Rust, or when they do not build.
 * @returns {Promise<{ roofline: string, synth: string } | null>}
 */
export async function buildTools() {
  say('Building the roofline and the maker of snapshots …');
  const args = [
    'build',
    '--release',
    '--locked',
    '-p',
    'polyfeat-snapshot',
    '--features',
    'bench',
    '--examples',
  ];
  const json = [...args, '--message-format', 'json-render-diagnostics'];
  const { code, stdout } = await run('cargo', json, { stdout: 'collect' });
  if (code !== 0) return null;
  /** @type {Record<string, string>} */
  const found = {};
  for (const line of stdout.split('\n').filter((text) => text.startsWith('{'))) {
    const { target, executable } = JSON.parse(line);
    if (executable) found[target.name] = executable;
  }
  const { roofline, synth } = found;
  return roofline && synth ? { roofline, synth } : null;
}

const size = ['--trades', '100000', '--prints', '1000000', '--tokens', '5000'];

/**
 * The snapshot that is measured when none is given; made once.
 * @param {string} synth
 * @returns {Promise<string>} its folder
 * @throws {Error} when it cannot be made
 */
export async function defaultSnapshot(synth) {
  const folder = join(stateFolder, 'bench', 'S');
  const made = join(folder, 'made-by.txt');
  const call = size.join(' ');
  if (existsSync(made) && readFileSync(made, 'utf8') === call) return folder;
  mkdirSync(folder, { recursive: true });
  say('Making a snapshot …');
  const { code } = await run(synth, [folder, ...size], { stdout: 'stderr' });
  if (code !== 0) throw new Error('The snapshot could not be made; see above.');
  writeFileSync(made, call);
  return folder;
}
