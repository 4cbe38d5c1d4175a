import { PolyfeatError } from './errors.js';
import { shown } from './show.js';
import { MAX_THREADS } from './threads.js';

/**
 * Refuses numbers of threads that no engine takes.
 *
 * @param what begins the message.
 * @throws PolyfeatError `INVALID_OPTION`.
 */
export function requireThreads(what: string, threads: unknown): void {
  if (threads === undefined) return;
  if (Number.isInteger(threads) && (threads as number) >= 1 && (threads as number) <= MAX_THREADS) return;
  const how = `it must be a whole number from 1 to ${MAX_THREADS}`;
  throw new PolyfeatError('INVALID_OPTION', `${what}threads is ${shown(threads)}: ${how}`);
}

/**
 * Refuses what Rust's reader of JSON would refuse too, in words of its own.
 *
 * @throws PolyfeatError `INVALID_OPTION`.
 */
export function checkBounds({ threads, memory }: { readonly threads?: unknown; readonly memory?: unknown }) {
  requireThreads('', threads);
  if (memory === undefined || (Number.isSafeInteger(memory) && (memory as number) >= 1)) return;
  throw new PolyfeatError(
    'INVALID_OPTION',
    `memory is ${shown(memory)}: it must be a positive whole number of bytes`,
  );
}
