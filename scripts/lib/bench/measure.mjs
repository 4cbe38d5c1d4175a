import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { root } from '../paths.mjs';

/**
 * @typedef {object} Measured
 * @property {number} code exit code; 127 when there is no such program
 * @property {number} wall seconds
 * @property {number | null} cpu seconds of user and system together
 * @property {number | null} rss the most memory that it held, in bytes
 * @property {string} stdout
 * @property {string} stderr
 */

const gnuTime = '/usr/bin/time';
const hasGnuTime =
  existsSync(gnuTime) && spawnSync(gnuTime, ['-f', '%M', 'true'], { stdio: 'ignore' }).status === 0;

/** How processor time and memory are measured here. */
export const method = hasGnuTime
  ? 'GNU time'
  : existsSync('/proc/self/status')
    ? '/proc, read every 5 ms'
    : 'not measured on this platform';

/**
 * Runs a program alone and measures it.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env] added to this process's environment
 * @returns {Promise<Measured>}
 */
export function measure(command, args, env = {}) {
  // The numbers are the last line of standard error.
  const call = hasGnuTime ? [gnuTime, '--quiet', '-f', '%U %S %M', command, ...args] : [command, ...args];
  return new Promise((resolve) => {
    const start = performance.now();
    const child = spawn(/** @type {string} */ (call[0]), call.slice(1), {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const poll = hasGnuTime ? null : pollProc(child.pid);
    let [stdout, stderr, wall] = ['', '', 0];
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.on('exit', () => {
      wall = (performance.now() - start) / 1000;
    });
    child.on('error', () => resolve({ code: 127, wall: 0, cpu: null, rss: null, stdout, stderr }));
    child.on('close', (code) => {
      const used = poll ? poll.stop() : fromGnuTime(stderr);
      resolve({ code: code ?? 1, wall, stdout, ...used, stderr: used.stderr ?? stderr });
    });
  });
}

/** @param {string} stderr */
function fromGnuTime(stderr) {
  const lines = stderr.trimEnd().split('\n');
  const [user, system, kilobytes] = (lines.pop() ?? '').split(' ').map(Number);
  if (user === undefined || system === undefined || kilobytes === undefined) return { cpu: null, rss: null };
  return { cpu: user + system, rss: kilobytes * 1024, stderr: lines.join('\n') };
}

/**
 * Watches a process where /proc tells of it: both numbers only grow, so the last reading is nearly the end's.
 * @param {number | undefined} pid
 */
function pollProc(pid) {
  /** @type {{ cpu: number | null, rss: number | null, stderr?: string }} */
  const used = { cpu: null, rss: null };
  const read = () => {
    try {
      const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      if (peak !== undefined) used.rss = Number(peak) * 1024;
      // After the name in brackets: state is field 3, user and system time fields 14 and 15, in 1/100 s.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      if (peak !== undefined) used.cpu = (Number(fields[11]) + Number(fields[12])) / 100;
    } catch {
      // It has ended, or there is no /proc: what was read last stays.
    }
  };
  const timer = setInterval(read, 5);
  return {
    stop: () => {
      clearInterval(timer);
      return used;
    },
  };
}

/**
 * Reads files to the end, so that they are in the page cache.
 * @param {readonly string[]} files
 */
export async function warm(files) {
  const buffer = Buffer.allocUnsafe(1 << 22);
  for (const file of files) {
    const handle = await open(file);
    try {
      while ((await handle.read(buffer, 0, buffer.length)).bytesRead > 0);
    } finally {
      await handle.close();
    }
  }
}
