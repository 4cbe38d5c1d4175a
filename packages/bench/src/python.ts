import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PolyfeatError } from '@polyfeat/core/snapshot';
import { failure, measure } from './measure.js';

/** Versions that peers were written for; the notebook needs pandas below 3. */
const PACKAGES = ['polars', 'duckdb', 'pyarrow', 'pandas<3', 'numpy'];

/** The Python of a virtual environment. */
export const pythonOf = (venv: string): string =>
  process.platform === 'win32' ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python');

/** A virtual environment that is thrown away. */
export interface ThrowAwayPython {
  readonly python: string;
  /** Removes it. */
  remove(): void;
}

/**
 * Makes a virtual environment with the peers in a temporary folder.
 *
 * @param python the Python that makes it
 * @throws PolyfeatError `IO` when Python or pip fails; nothing is left behind then.
 */
export async function installPythonPeers(
  python: string,
  { say, signal }: { say: (line: string) => void; signal?: AbortSignal | undefined },
): Promise<ThrowAwayPython> {
  const venv = mkdtempSync(join(tmpdir(), 'polyfeat-bench-python-'));
  const made = { python: pythonOf(venv), remove: () => rmSync(venv, { recursive: true, force: true }) };
  try {
    say(`installing ${PACKAGES.join(', ')} into a virtual environment that is removed afterwards …`);
    const steps = [
      { command: python, args: ['-m', 'venv', venv] },
      { command: made.python, args: ['-m', 'pip', 'install', '--quiet', ...PACKAGES] },
    ];
    for (const step of steps) {
      const measured = await measure(step, signal);
      signal?.throwIfAborted();
      if (measured.code !== 0)
        throw new PolyfeatError('IO', `the peers for Python cannot be installed: ${failure(measured)}`);
    }
    return made;
  } catch (error) {
    made.remove();
    throw error;
  }
}
