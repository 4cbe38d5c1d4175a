import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';

/** A program and what it is called with. */
export interface Call {
  readonly command: string;
  readonly args: readonly string[];
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** What a process took. */
export interface Measured {
  /** Exit code; 127 when there is no such program. */
  readonly code: number;
  /** Seconds from its start to its end. */
  readonly wall: number;
  /** Seconds of user and system together; null where it is not known. */
  readonly cpu: number | null;
  /** The most memory that it held, in bytes; null where it is not known. */
  readonly rss: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const GNU_TIME = '/usr/bin/time';
const hasGnuTime =
  existsSync(GNU_TIME) && spawnSync(GNU_TIME, ['-f', '%M', 'true'], { stdio: 'ignore' }).status === 0;

/** How processor time and memory are measured here. */
export const method = hasGnuTime
  ? 'GNU time'
  : existsSync('/proc/self/status')
    ? '/proc, read every 5 ms'
    : 'not measured on this platform';

/** Runs a program alone and measures it. Never rejects; `signal` ends the program. */
export function measure({ command, args, env = {} }: Call, signal?: AbortSignal): Promise<Measured> {
  // GNU time writes its numbers as the last line of standard error.
  const [program, ...rest] = hasGnuTime
    ? [GNU_TIME, '--quiet', '-f', '%U %S %M', command, ...args]
    : [command, ...args];
  return new Promise((resolve) => {
    const start = performance.now();
    const child = spawn(program!, rest, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: ending GNU time alone would leave the program that it watches.
      detached: process.platform !== 'win32',
    });
    const end = () => stop(child);
    signal?.addEventListener('abort', end);
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
    child.on('error', ({ message }) =>
      resolve({ code: 127, wall: 0, cpu: null, rss: null, stdout, stderr: message }),
    );
    child.on('close', (code) => {
      signal?.removeEventListener('abort', end);
      const used = poll ? { ...poll(), stderr } : fromGnuTime(stderr);
      resolve({ code: code ?? 1, wall, stdout, ...used });
    });
  });
}

/** Ends a program and what it started. */
function stop({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid);
  } catch {
    // It has ended.
  }
}

function fromGnuTime(stderr: string): Pick<Measured, 'cpu' | 'rss' | 'stderr'> {
  const lines = stderr.trimEnd().split('\n');
  const [user, system, kilobytes] = (lines.pop() ?? '').split(' ').map(Number);
  if (user === undefined || system === undefined || kilobytes === undefined) {
    return { cpu: null, rss: null, stderr };
  }
  return { cpu: user + system, rss: kilobytes * 1024, stderr: lines.join('\n') };
}

/** Watches a process where /proc tells of it: both numbers only grow, so the last reading is nearly the end's. */
function pollProc(pid: number | undefined): () => Pick<Measured, 'cpu' | 'rss'> {
  const used: { cpu: number | null; rss: number | null } = { cpu: null, rss: null };
  const read = () => {
    try {
      const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      if (peak === undefined) return;
      used.rss = Number(peak) * 1024;
      // After the name in brackets: state is field 3, user and system time fields 14 and 15, in 1/100 s.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      used.cpu = (Number(fields[11]) + Number(fields[12])) / 100;
    } catch {
      // It has ended, or there is no /proc: what was read last stays.
    }
  };
  const timer = setInterval(read, 5);
  return () => {
    clearInterval(timer);
    return used;
  };
}

/** Reads files to the end, so that they are in the page cache. */
export async function warm(files: readonly string[]): Promise<void> {
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

/** The line in which a program says why it failed. */
export function failure({ stderr }: Pick<Measured, 'stderr'>): string {
  const lines = stderr.trim().split('\n');
  return lines.findLast((line) => /^(\w|\.)*(Error|Exception)\b/.test(line)) ?? lines.at(-1) ?? '';
}
