/**
 * As-of. Spec section 2: of the prints of a trade's token, in the order (ts, row in the file), those with
 * ts at or before a time are the first few; how many is all that as-of, lagged as-of and windows need.
 */

/**
 * For each query, how many of `times` are at or before it. One walk forward over both.
 *
 * ```text
 * times    40  41  70  100 100
 * query 41 ------^                   2
 * query 100 ------------------^      5: equal stamps count, all of them
 * ```
 *
 * @param times ascending; equal times in file order.
 * @param queries ascending.
 * @returns one count per query: `count - 1` is the index of the last print at or before it.
 */
export function countsUpTo(times: readonly bigint[], queries: readonly bigint[]): number[] {
  const counts: number[] = [];
  let count = 0;
  for (const query of queries) {
    while (count < times.length && (times[count] as bigint) <= query) count++;
    counts.push(count);
  }
  return counts;
}

/** The last of the first `count` rows, or null when there is none. */
export function lastOf<T>(rows: readonly T[], count: number): T | null {
  return count > 0 ? (rows[count - 1] as T) : null;
}
