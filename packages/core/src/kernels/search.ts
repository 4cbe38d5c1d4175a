/** Where a moment lies among ascending times. */

/** Ascending steps of an axis. */
export type Ascending = Float64Array | BigInt64Array;

/**
 * How many of `times` are at or before `moment`, knowing that the first `from` are: looks ahead in doubling strides,
 * then halves. Constant for moments that follow each other closely, logarithmic for far ones.
 *
 * @returns an index within `from` … `end`.
 */
export function countUpTo(times: Ascending, from: number, end: number, moment: number | bigint): number {
  if (from >= end || times[from]! > moment) return from;
  let low = from;
  let stride = 1;
  let high = low + stride;
  while (high < end && times[high]! <= moment) {
    low = high;
    stride *= 2;
    high = low + stride;
  }
  if (high > end) high = end;
  // times[low] <= moment, and times[high] is beyond it or the end.
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (times[middle]! <= moment) low = middle;
    else high = middle;
  }
  return low + 1;
}
