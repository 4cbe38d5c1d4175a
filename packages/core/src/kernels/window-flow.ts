/** Flow: how many rows of another table lie in windows before each row, and weighted sums of them. Spec section 4. */
import type { Duration } from '../duration.js';
import type { SumMode, Warning } from '../types.js';
import { shiftBy } from './axis.js';
import { type Keyed, type KeyedOptions, match } from './keyed.js';
import { readNumbers } from './numbers.js';
import { countUpTo } from './search.js';
import { ROWS_PER_STEP, type Steps } from './steps.js';
import { WindowSums } from './sum/window-sums.js';
import type { ColumnView } from './view.js';

/** Which ends of a window belong to it; `right` is (t − w, t]. */
export type Closed = 'right' | 'left' | 'both' | 'neither';

/** Which windows, and how they are summed. */
export interface WindowOptions extends KeyedOptions {
  readonly windows: readonly Duration[];
  readonly closed: Closed;
  readonly sum: SumMode;
}

/** Counts and sums, NaN for rows without a time or key. */
export interface WindowAnswer {
  /** By window. */
  readonly counts: readonly Float64Array[];
  /** By window, and in it by weight. */
  readonly sums: readonly (readonly Float64Array[])[];
  readonly warnings: readonly Warning[];
}

/**
 * Counts and sums the right rows in the windows of every left row.
 *
 * @param weights columns of the right table whose product, multiplied from left to right, is summed. A NaN or null
 *   counts as a row, and makes the sums of just those windows NaN that hold it.
 */
export function* windowFlow(
  left: Keyed,
  right: Keyed,
  weights: readonly (readonly ColumnView[])[],
  options: WindowOptions,
): Steps<WindowAnswer> {
  const { windows, closed } = options;
  const matched = yield* match(left, right, options);
  const total = matched.left.steps.length;
  const nulls = () => new Float64Array(total).fill(Number.NaN);
  const counts = windows.map(nulls);
  const sums = windows.map(() => weights.map(nulls));
  for (const column of [...counts, ...sums.flat()]) for (const row of matched.unknown) column[row] = 0;
  const { left: axis, right: prints } = matched;
  const rightRows = matched.rightGroups.rows;
  const terms = weights.map((columns) => inOrder(product(columns), rightRows));
  const running = weights.map(() => new WindowSums(options.sum));
  // A window that holds its beginning starts after what lies strictly before it.
  const holdsStart = closed === 'left' || closed === 'both';
  const holdsEnd = closed === 'right' || closed === 'both';
  const ends = shiftBy(axis, prints, holdsEnd ? 0n : 1n);
  const starts = windows.map(({ nanos }) => shiftBy(axis, prints, nanos + (holdsStart ? 1n : 0n)));
  const { rows, offsets } = matched.leftGroups;
  let next = ROWS_PER_STEP;
  for (let key = 0; key < matched.keys; key++) {
    const [from, to] = [offsets[key]!, offsets[key + 1]!];
    if (from === to) continue;
    const [first, last] = [matched.rightGroups.offsets[key]!, matched.rightGroups.offsets[key + 1]!];
    running.forEach((sum, k) => {
      sum.load(terms[k]!.subarray(first, last), last - first);
    });
    let end = first;
    const start = new Int32Array(windows.length).fill(first);
    for (let i = from; i < to; i++) {
      const row = rows[i]!;
      end = countUpTo(prints.steps, end, last, ends.at(row));
      for (let w = 0; w < windows.length; w++) {
        // A window of a nanosecond that holds neither end is empty.
        const begin = Math.min(countUpTo(prints.steps, start[w]!, last, starts[w]!.at(row)), end);
        start[w] = begin;
        counts[w]![row] = end - begin;
        for (let k = 0; k < running.length; k++) {
          sums[w]![k]![row] = running[k]!.between(w, begin - first, end - first);
        }
      }
      if (i < next) continue;
      yield { phase: 'flow', done: i, total, unit: 'rows' };
      next = i + ROWS_PER_STEP;
    }
  }
  yield { phase: 'flow', done: total, total, unit: 'rows' };
  return { counts, sums, warnings: matched.warnings };
}

function product(columns: readonly ColumnView[]): Float64Array {
  const [first, ...others] = columns.map((column) => readNumbers(column)) as [
    Float64Array,
    ...Float64Array[],
  ];
  for (const other of others) for (let i = 0; i < first.length; i++) first[i] = first[i]! * other[i]!;
  return first;
}

function inOrder(values: Float64Array, rows: Int32Array): Float64Array {
  const result = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) result[i] = values[rows[i]!]!;
  return result;
}
