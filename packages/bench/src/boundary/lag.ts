import { performance } from 'node:perf_hooks';

/** Milliseconds of something asynchronous. */
export interface Lag {
  /** In all. */
  readonly wall: number;
  /** Until the call returned its promise. */
  readonly first: number;
  /** The longest that a timer of one millisecond waited after that, beyond its millisecond. */
  readonly worst: number;
}

/** Runs something asynchronous beside a timer of one millisecond. */
export async function withTimer(work: () => Promise<unknown>): Promise<Lag> {
  let worst = 0;
  const start = performance.now();
  const promise = work();
  let last = performance.now();
  const first = last - start;
  const timer = setInterval(() => {
    const now = performance.now();
    worst = Math.max(worst, now - last - 1);
    last = now;
  }, 1);
  try {
    await promise;
    worst = Math.max(worst, performance.now() - last - 1);
    return { wall: performance.now() - start, first, worst };
  } finally {
    clearInterval(timer);
  }
}
