/**
 * Windows. Spec sections 2 and 4: a window of length w that ends at a bound U, and the lag bound, which
 * follows the window's beginning.
 *
 * ```text
 *            U - w                 U
 * right        (-------------------]     s <= U - w is before it     (the notebook, with U = t)
 * left         [-------------------)     s <  U - w is before it
 * both         [-------------------]     s <  U - w is before it
 * neither      (-------------------)     s <= U - w is before it
 * ```
 */

/** Which ends a window holds. */
export type Closed = 'right' | 'left' | 'both' | 'neither';

/** A run of rows: the indices start … end - 1. */
export interface Run {
  readonly start: number;
  readonly end: number;
}

/** Whether `s` lies before the window of `length` that ends at `bound`: the lag bound of lagged prints. */
export function isBeforeWindow(s: bigint, bound: bigint, length: bigint, closed: Closed): boolean {
  const holdsBeginning = closed === 'left' || closed === 'both';
  return holdsBeginning ? s < bound - length : s <= bound - length;
}

/** Whether `s` does not lie beyond the window that ends at `bound`. */
export function isUpToWindowEnd(s: bigint, bound: bigint, closed: Closed): boolean {
  const holdsEnd = closed === 'right' || closed === 'both';
  return holdsEnd ? s <= bound : s < bound;
}

/** Whether the window of `length` that ends at `bound` holds `s`. */
export function isInWindow(s: bigint, bound: bigint, length: bigint, closed: Closed): boolean {
  return isUpToWindowEnd(s, bound, closed) && !isBeforeWindow(s, bound, length, closed);
}

/**
 * How many of the leading `rows` pass a test that holds for some first rows and for none after them:
 * with times that ascend, "before a moment" is such a test. Binary search.
 *
 * @example
 * ```ts
 * countWhile([40, 41, 70, 100, 100], (s) => s <= 70); // 3
 * ```
 */
export function countWhile<T>(rows: readonly T[], test: (row: T) => boolean): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (test(rows[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The run of `rows`, ascending in `ts`, that the window of `length` (above 0) ending at `bound` holds. */
export function windowRun(
  rows: readonly { readonly ts: bigint }[],
  bound: bigint,
  length: bigint,
  closed: Closed,
): Run {
  const start = countWhile(rows, (row) => isBeforeWindow(row.ts, bound, length, closed));
  const end = countWhile(rows, (row) => isUpToWindowEnd(row.ts, bound, closed));
  return { start, end };
}
