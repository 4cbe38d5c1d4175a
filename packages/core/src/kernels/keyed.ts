/** Two tables put against each other by key and time: what as-of joins and window flows have in common. */
import type { TsUnit, Warning } from '../types.js';
import { type Axis, hasNoTime, toAxis } from './axis.js';
import { type Groups, groupByCode, RowSorter } from './group.js';
import { codeKeys, UNKNOWN_CODE } from './keys.js';
import { picked } from './picked.js';
import type { Steps } from './steps.js';
import { NULL_CODE } from './strings.js';
import { requireSorted } from './tape.js';
import { readTimes } from './times.js';
import { type ColumnView, rowsOf } from './view.js';

/** A table's time and key columns. */
export interface Keyed {
  readonly ts: ColumnView;
  readonly by: readonly ColumnView[];
}

/** How both tables are read. */
export interface KeyedOptions {
  /** How messages name the tables. */
  readonly tables: readonly [left: string, right: string];
  readonly tsUnit: TsUnit | null;
  /** The right table's rows of each key come by time: anything else is an error. */
  readonly assumeSorted: boolean;
}

/** The tables, grouped by key and sorted by (time, row). */
export interface Matched {
  /** Times of the left rows. */
  readonly left: Axis;
  /** Left rows by key, those without a time or key left out, as those whose key the right table does not have. */
  readonly leftGroups: Groups;
  /** Left rows with a time and a key that the right table does not have. */
  readonly unknown: Int32Array;
  /** Times of the right rows, in the order of `rightGroups`. */
  readonly right: Axis;
  readonly rightGroups: Groups;
  readonly keys: number;
  readonly warnings: readonly Warning[];
}

/** Reads, codes, groups and sorts both tables. */
export function* match(left: Keyed, right: Keyed, options: KeyedOptions): Steps<Matched> {
  const [leftName, rightName] = options.tables;
  const rows = [rowsOf(left.ts), rowsOf(right.ts)] as const;
  const progress = (done: number) => ({
    phase: 'keys',
    done,
    total: rows[0] + rows[1],
    unit: 'rows' as const,
  });
  yield progress(0);
  const times = [
    readTimes(left.ts, options.tsUnit, { table: leftName, column: left.ts.name }),
    readTimes(right.ts, options.tsUnit, { table: rightName, column: right.ts.name }),
  ] as const;
  const [leftAxis, rightAxis] = [toAxis(times[0]), toAxis(times[1])];
  yield progress(0);
  const codes = codeKeys(
    { table: leftName, by: left.by, rows: rows[0] },
    { table: rightName, by: right.by, rows: rows[1] },
  );
  leaveOutTimeless(codes.left, leftAxis);
  leaveOutTimeless(codes.right, rightAxis);
  yield progress(rows[0]);
  const leftGroups = groupByCode(codes.left, codes.count);
  const rightGroups = groupByCode(codes.right, codes.count);
  const sorter = new RowSorter();
  for (let key = 0; key < codes.count; key++) {
    const [from, to] = [rightGroups.offsets[key]!, rightGroups.offsets[key + 1]!];
    if (options.assumeSorted) {
      requireSorted(rightGroups.rows, from, to, rightAxis, { table: rightName, column: right.ts.name });
    } else sorter.sort(rightGroups.rows, from, to, rightAxis.steps);
    sorter.sort(leftGroups.rows, leftGroups.offsets[key]!, leftGroups.offsets[key + 1]!, leftAxis.steps);
    if (key % 1024 === 1023) yield progress(rows[0]);
  }
  yield progress(rows[0] + rows[1]);
  return {
    left: leftAxis,
    leftGroups,
    unknown: rowsWith(codes.left, UNKNOWN_CODE),
    right: { ...rightAxis, steps: picked(rightAxis.steps, rightGroups.rows) },
    rightGroups,
    keys: codes.count,
    warnings: [
      ...unparsed(times[0].unparsed, leftName, left.ts.name),
      ...unparsed(times[1].unparsed, rightName, right.ts.name),
    ],
  };
}

function leaveOutTimeless(codes: Int32Array, axis: Axis): void {
  if (axis.nulls === 0) return;
  for (let row = 0; row < codes.length; row++) if (hasNoTime(axis, row)) codes[row] = NULL_CODE;
}

function rowsWith(codes: Int32Array, wanted: number): Int32Array {
  let count = 0;
  for (let row = 0; row < codes.length; row++) if (codes[row] === wanted) count++;
  const rows = new Int32Array(count);
  for (let row = codes.length - 1; row >= 0; row--) if (codes[row] === wanted) rows[--count] = row;
  return rows;
}

function unparsed(count: number, table: string, column: string): Warning[] {
  if (count === 0) return [];
  const message = `${table}: ${count} values of ${column} are no ISO 8601 times and became null`;
  return [{ code: 'unparsable_ts', message }];
}
