import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { performance } from 'node:perf_hooks';
import { inRoot, root } from './paths.mjs';

/**
 * @typedef {object} RunOptions
 * @property {Record<string, string>} [env] added to this process's environment
 * @property {'inherit' | 'stderr' | 'tee' | 'collect'} [stdout] where standard output goes: as this process's,
 *   to standard error, shown and returned, or returned only
 * @property {boolean} [silent] also drop standard error
 *
 * @typedef {object} RunResult
 * @property {number} code exit code as a shell would give it: 127 not found, 128 + n ended by signal n
 * @property {string} stdout empty unless `stdout` is `tee` or `collect`
 */

/** nx stays local and leaves no process behind. */
const environment = { NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false' };

/**
 * Runs a program in the repository's folder, without standard input, and waits for it. Never rejects.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<RunResult>}
 */
export function run(command, args, { env = {}, stdout = 'inherit', silent = false } = {}) {
  const returned = stdout === 'tee' || stdout === 'collect';
  // Ctrl-C reaches the child by itself; this process waits for the child's own exit code.
  const ignore = () => {};
  process.on('SIGINT', ignore);
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...environment, ...process.env, ...env },
      stdio: [
        'ignore',
        returned ? 'pipe' : stdout === 'stderr' ? 2 : 'inherit',
        silent ? 'ignore' : 'inherit',
      ],
    });
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      if (stdout === 'tee') process.stdout.write(chunk);
    });
    /** @param {number} code */
    const finish = (code) => {
      process.off('SIGINT', ignore);
      resolve({ code, stdout: text });
    };
    child.on('error', () => finish(127));
    child.on('close', (code, signal) => finish(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

/**
 * Runs the command line of an installed npm package by its JavaScript file, which works on every platform.
 * @param {string} name the package; its command of the same name (or its only one) is run
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 */
export function runPackage(name, args, options) {
  const folder = inRoot('node_modules', name);
  const { bin } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const short = name.split('/').at(-1) ?? name;
  const file = typeof bin === 'string' ? bin : (bin[short] ?? Object.values(bin)[0]);
  return run(process.execPath, [`${folder}/${file}`, ...args], options);
}

/**
 * Runs npm: the one that started this script, else the one on the PATH.
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 */
export function runNpm(args, options) {
  const npm = process.env['npm_execpath'];
  if (npm?.endsWith('.js')) return run(process.execPath, [npm, ...args], options);
  return process.platform === 'win32'
    ? run('cmd.exe', ['/d', '/s', '/c', 'npm', ...args], options)
    : run('npm', args, options);
}

/** Prints a line of the scripts' own to standard error: standard output is for results. @param {string} line */
export const say = (line) => process.stderr.write(`${line}\n`);

/**
 * Measures a step. The returned function gives the time since, such as `12.3 s`.
 * @returns {() => string}
 */
export function stopwatch() {
  const start = performance.now();
  return () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
}
