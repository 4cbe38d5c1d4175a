import { performance } from 'node:perf_hooks';

/**
 * Runs something asynchronous beside a timer of one millisecond.
 * @param {() => Promise<unknown>} work
 * @returns {Promise<{ wall: number, first: number, worst: number }>} milliseconds: in all, until the call returned its
 *   promise, and the longest that the timer waited after that beyond its millisecond
 */
export async function withTimer(work) {
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
