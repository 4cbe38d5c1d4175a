import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stateFolder } from '../paths.mjs';
import { run, say } from '../run.mjs';

/** The function whose instructions are counted, with all that it calls. */
const COUNTED = '*kernels::counted*';

/**
 * What the counts depend on: compiler, target, profile and instrument.
 * @returns {Promise<Record<string, string>>}
 * @throws {Error} without valgrind or a compiler
 */
export async function surroundings() {
  const valgrind = await run('valgrind', ['--version'], { stdout: 'collect', silent: true });
  if (valgrind.code !== 0) {
    throw new Error(
      'valgrind was not found, which counts the instructions: install it, on Debian by apt-get install valgrind',
    );
  }
  const rustc = await run('rustc', ['-vV'], { stdout: 'collect', silent: true });
  if (rustc.code !== 0) throw new Error('rustc was not found: install Rust by https://rustup.rs');
  const target = /^host: (.+)$/m.exec(rustc.stdout)?.[1] ?? 'unknown';
  return {
    rustc: rustc.stdout.split('\n')[0] ?? '',
    target,
    profile: 'bench',
    instrument: `callgrind of ${valgrind.stdout.trim()}`,
  };
}

/**
 * Builds what is counted.
 * @returns {Promise<string>} the program
 * @throws {Error} when it does not build
 */
export async function buildCounted() {
  const args = ['bench', '--locked', '--no-run', '-p', 'polyfeat', '--bench', 'kernels'];
  const { code, stdout } = await run('cargo', [...args, '--message-format', 'json-render-diagnostics'], {
    stdout: 'collect',
  });
  const programs = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
    .filter(({ target, executable }) => executable && target.name === 'kernels');
  const program = programs[0]?.executable;
  if (code !== 0 || program === undefined) throw new Error('the benches of polyfeat do not build; see above');
  return program;
}

/**
 * Counts the instructions of every kernel.
 * @param {string} program
 * @returns {Promise<Record<string, number>>} by kernel
 * @throws {Error} when one cannot be counted
 */
export async function countAll(program) {
  const { code, stdout } = await run(program, ['names'], { stdout: 'collect' });
  const names = stdout.split('\n').filter((name) => name !== '');
  if (code !== 0 || names.length === 0) throw new Error(`${program} names no kernels`);
  mkdirSync(stateFolder, { recursive: true });
  const folder = mkdtempSync(join(stateFolder, 'instructions-'));
  /** @type {Record<string, number>} */
  const counts = {};
  try {
    for (const name of names) {
      say(`${name} …`);
      counts[name] = await count(program, name, join(folder, name));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return counts;
}

/** @param {string} program @param {string} name @param {string} out */
async function count(program, name, out) {
  const args = [
    '--tool=callgrind',
    '--quiet',
    '--collect-atstart=no',
    `--toggle-collect=${COUNTED}`,
    `--callgrind-out-file=${out}`,
    program,
    'count',
    name,
  ];
  const { code } = await run('valgrind', args, { stdout: 'collect' });
  const counted = code === 0 ? instructionsOf(readFileSync(out, 'utf8')) : null;
  if (!counted) throw new Error(`the instructions of ${name} could not be counted (exit code ${code})`);
  return counted;
}

/**
 * The instructions in a file of callgrind's; null where there are none.
 * @param {string} text
 */
export function instructionsOf(text) {
  const total = Number(/^(?:summary|totals): (\d+)/m.exec(text)?.[1] ?? 0);
  return total > 0 ? total : null;
}
