import { PolyfeatError } from './errors.js';

/** More threads than any machine puts to use here; beyond it a slip of the hand is more likely than a wish. */
export const MAX_THREADS = 1024;

/**
 * Reads a number of threads.
 *
 * @example
 * ```ts
 * parseThreads('4'); // 4
 * ```
 * @returns a whole number from 1 to {@link MAX_THREADS}.
 * @throws PolyfeatError `INVALID_OPTION` for anything else.
 */
export function parseThreads(text: string): number {
  const threads = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (threads >= 1 && threads <= MAX_THREADS) return threads;
  throw new PolyfeatError(
    'INVALID_OPTION',
    `"${text}" is no number of threads: write a whole number from 1 to ${MAX_THREADS}`,
  );
}
