/**
 * Flow of any table at the rows of another: how many rows its windows hold, and weighted sums of them.
 * Spec sections 3 and 4.
 */
import { DefinitionError } from './errors.js';
import { groupByKeys, type KeyedRow, keyOf } from './keys.js';
import { orNull, type SumMode, term } from './rows.js';
import { runningSum } from './sum.js';
import { type Closed, windowRun } from './window.js';

/** A row that counts, with one term for each sum; a missing term makes the sums of its windows null. */
export interface WeightedRow extends KeyedRow {
  readonly terms: readonly (number | null)[];
}

/** How to count. */
export interface WindowFlowOptions {
  /** Lengths in nanoseconds, above 0. */
  readonly windows: readonly bigint[];
  readonly closed?: Closed;
  readonly sum?: SumMode;
}

/** One window of one row; null where the row has no time or lacks a key. */
export interface WindowFlow {
  readonly count: number | null;
  /** One per term. */
  readonly sums: readonly (number | null)[];
}

/**
 * The flow of `right` in the windows that end at the rows of `left`: rows of equal keys only. A key that the
 * right table does not have: 0 and sums of 0.
 *
 * @param sums how many terms the right rows have.
 * @returns by left row, by window.
 * @throws DefinitionError `INVALID_OPTION` for a window that is not above 0.
 * @example
 * ```ts
 * const right = [1n, 2n, 4n].map((ts) => ({ ts, keys: [], terms: [0.5] }));
 * windowFlow([{ ts: 4n, keys: [] }], right, 1, { windows: [2n] }); // [[{ count: 1, sums: [0.5] }]]: 2 is just too old
 * ```
 */
export function windowFlow(
  left: readonly KeyedRow[],
  right: readonly WeightedRow[],
  sums: number,
  options: WindowFlowOptions,
): WindowFlow[][] {
  if (options.windows.some((length) => length <= 0n)) {
    throw new DefinitionError('INVALID_OPTION', 'the length of a window must be above 0');
  }
  const groups = new Map(
    [...groupByKeys(right)].map(([key, rows]) => {
      const running = Array.from({ length: sums }, (_, sum) =>
        runningSum(
          options.sum ?? 'exact',
          rows.map(({ row }) => term(right[row]?.terms[sum] ?? null)),
        ),
      );
      return [key, { rows, running }];
    }),
  );
  const none: WindowFlow = { count: null, sums: Array.from({ length: sums }, () => null) };
  const empty: WindowFlow = { count: 0, sums: Array.from({ length: sums }, () => 0) };
  return left.map((row) =>
    options.windows.map((length): WindowFlow => {
      const key = keyOf(row);
      if (row.ts === null || key === null) return none;
      const group = groups.get(key);
      if (group === undefined) return empty;
      const { start, end } = windowRun(group.rows, row.ts, length, options.closed ?? 'right');
      return { count: end - start, sums: group.running.map((sum) => orNull(sum.between(start, end))) };
    }),
  );
}
