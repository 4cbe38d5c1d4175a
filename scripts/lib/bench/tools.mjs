import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stateFolder } from '../paths.mjs';
import { run, say } from '../run.mjs';
import { ours } from './arms.mjs';

/** Whether the native binary loads, without which there is no roofline, and no snapshot can be made. */
export async function nativeLoads() {
  const { loadEngine } = await import('@polyfeat/core/snapshot');
  return loadEngine('native').then(
    () => true,
    () => false,
  );
}

/**
 * The snapshot that is measured when none is given; made once for each version.
 * @returns {Promise<string>} its folder
 * @throws {Error} when it cannot be made
 */
export async function defaultSnapshot() {
  const folder = join(stateFolder, 'bench', 'S');
  const manifest = join(folder, 'manifest.json');
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  const madeBy = `polyfeat-fast ${version}`;
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).made_by === madeBy) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  say('Making a snapshot …');
  const { code } = await run(...ours('bench', 'generate', folder, '--size', 'S'), { stdout: 'stderr' });
  if (code !== 0) throw new Error('The snapshot could not be made; see above.');
  return folder;
}
