/**
 * Long work in steps. A kernel is written once, as a generator that yields wherever it may be stopped; one runner
 * drains it at once, the other lets the event loop turn in between.
 */
import type { Progress } from '../types.js';

/** Work that yields how far it is, at least every 64 Ki rows, and returns its result. */
export type Steps<T> = Generator<Progress, T, void>;

/** Rows between two yields. */
export const ROWS_PER_STEP = 1 << 16;

/** Work that is part of other work, whose progress it tells as `as` says. */
export function* within<T>(work: Steps<T>, as: (progress: Progress) => Progress): Steps<T> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    yield as(step.value);
  }
}

/** Does all of the work at once. */
export function runSync<T>(work: Steps<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** Milliseconds that work keeps the event loop at most, but for a single step. */
const SLICE_MS = 8;

/**
 * Does the work in slices of some milliseconds, between which the event loop turns.
 *
 * @param between is called at every step, and once more when the event loop has turned; what it throws ends the work
 *   and rejects.
 */
export async function runSliced<T>(work: Steps<T>, between: (progress: Progress) => void): Promise<T> {
  let since = performance.now();
  try {
    for (;;) {
      const step = work.next();
      if (step.done) return step.value;
      between(step.value);
      if (performance.now() - since < SLICE_MS) continue;
      await nextTurn();
      between(step.value);
      since = performance.now();
    }
  } finally {
    // Lets the work release what it holds.
    work.return(undefined as never);
  }
}

type Immediate = (callback: () => void) => unknown;

/** Waits until the event loop has turned once. */
export function nextTurn(): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: Immediate };
  if (setImmediate !== undefined) return new Promise((resolve) => setImmediate(() => resolve()));
  // In browsers: a timer would wait for four milliseconds each time.
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const received = () => {
      port1.close();
      resolve();
    };
    // Node and browsers have it, each with listeners of their own types.
    (port1 as unknown as { onmessage: () => void }).onmessage = received;
    port2.postMessage(null);
  });
}
