/**
 * Windows. Spec section 2: the window of a trade at t and of length w is the prints with t - w < ts <= t,
 * open at its beginning and closed at its end.
 */
import { countsUpTo } from './asof.js';

/** A run of prints: the indices start … end - 1. */
export interface Run {
  readonly start: number;
  readonly end: number;
}

/**
 * The window of each trade. All prints up to t, less all prints up to t - w.
 *
 * @param times of the prints, ascending.
 * @param queries times of the trades, ascending.
 * @param length of the window in nanoseconds.
 */
export function windows(times: readonly bigint[], queries: readonly bigint[], length: bigint): Run[] {
  const ends = countsUpTo(times, queries);
  const starts = countsUpTo(
    times,
    queries.map((t) => t - length),
  );
  return ends.map((end, i) => ({ start: starts[i] as number, end }));
}
