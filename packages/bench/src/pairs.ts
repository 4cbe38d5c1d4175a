import { median } from './stats.js';

/** How much one version takes of what another takes, from runs in turn. */
export interface Paired {
  readonly pairs: number;
  /** The median of the pairs' ratios: above 1 the second is slower. */
  readonly ratio: number;
  /** The middle 95 % of the ratios that resampled pairs give. */
  readonly low: number;
  readonly high: number;
  /** How likely a fair coin is to give pairs at least as one-sided as these. */
  readonly p: number;
}

/** Samples for the interval; more change its ends by less than is printed. */
const SAMPLES = 4000;

/**
 * Compares two versions by pairs of runs, each of which met the same machine: the median of their ratios, its interval
 * by the bootstrap (Efron 1979, percentiles), and a sign test of two sides, which assumes nothing of how noise is
 * distributed. The same numbers give the same answer.
 *
 * @param before seconds of the first version, all above 0
 * @param after seconds of the second one, run by run
 * @throws RangeError when there are no runs, or not as many of both.
 * @example
 * ```ts
 * comparePairs([1, 2, 1], [1.1, 2.2, 1.1]).ratio; // 1.1
 * ```
 */
export function comparePairs(before: readonly number[], after: readonly number[]): Paired {
  if (before.length === 0 || before.length !== after.length) {
    throw new RangeError('two versions are compared by as many runs of each, and by one at least');
  }
  const ratios = after.map((value, i) => value / before[i]!);
  const random = randomFrom(ratios.length);
  const medians = Array.from({ length: SAMPLES }, () =>
    median(ratios.map(() => ratios[Math.floor(random() * ratios.length)]!)),
  ).sort((a, b) => a - b);
  const [low, high] = [medians[Math.floor(0.025 * SAMPLES)]!, medians[Math.ceil(0.975 * SAMPLES) - 1]!];
  return { pairs: ratios.length, ratio: median(ratios), low, high, p: signTest(ratios) };
}

/** The two-sided sign test of ratios; pairs without a difference say nothing. */
function signTest(ratios: readonly number[]): number {
  const above = ratios.filter((ratio) => ratio > 1).length;
  const all = above + ratios.filter((ratio) => ratio < 1).length;
  let tail = 0;
  let ways = 1;
  for (let k = 0; k <= Math.min(above, all - above); k++) {
    tail += ways / 2 ** all;
    ways = (ways * (all - k)) / (k + 1);
  }
  return Math.min(1, 2 * tail);
}

/** Numbers from 0 to 1 that are the same at every call (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
