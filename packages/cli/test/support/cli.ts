import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** The program as a user starts it. */
export const BIN = path('../../bin/polyfeat-fast.js');

/** The real snapshot that comes with the repository. */
export const SNAPSHOT = path('../../../../test-data/snapshots/r61276aba-20260227T092000+0000');

/** How a run of the program ended, and what it wrote. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Where and with which environment to run. */
export interface Surroundings {
  cwd?: string;
  env?: Record<string, string>;
}

/** A running program: the process, and its end. */
export interface Running {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** Resolves once standard error holds the text. */
  says(text: string): Promise<void>;
}

/** Starts the program. Of the environment only PATH is kept: a test must not depend on who runs it. */
export function start(args: readonly string[], { cwd, env }: Surroundings = {}): Running {
  return startCommand(process.execPath, [BIN, ...args], { ...(cwd && { cwd }), ...(env && { env }) });
}

/** Starts any command in the surroundings of the program. */
export function startCommand(
  command: string,
  args: readonly string[],
  { cwd, env }: Surroundings = {},
): Running {
  if (!existsSync(path('../../dist/main.cjs'))) {
    throw new Error('the command is not built: run `npx nx build cli` first');
  }
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...env },
    ...(cwd && { cwd }),
  });
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    for (const listener of listeners) listener();
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  const says = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const check = () => {
        if (!stderr.includes(text)) return;
        listeners.delete(check);
        resolve();
      };
      listeners.add(check);
      check();
      void ended.then(() => reject(new Error(`it ended without saying "${text}": ${stderr}`)));
    });
  return { child, ended, says };
}

/** Runs the program to its end. */
export function cli(args: readonly string[], surroundings?: Surroundings): Promise<Ended> {
  return start(args, surroundings).ended;
}
