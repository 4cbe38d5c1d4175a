/** Processes of their own: what ends a process, or measures its memory, is not done in the test's. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a file of `children` on the built library, and gives what it printed as JSON. Rejects when it does not end well. */
export async function run<T>(name: string, args: readonly string[] = [], flags: readonly string[] = []) {
  const file = fileURLToPath(new URL(`children/${name}.mjs`, import.meta.url));
  const { stdout } = await execute(process.execPath, [...flags, file, ...args]);
  return JSON.parse(stdout) as T;
}
