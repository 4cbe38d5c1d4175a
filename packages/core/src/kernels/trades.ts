/** The columns of the trades, read. */
import type { TsUnit, Warning } from '../types.js';
import { type Axis, hasNoTime, toAxis } from './axis.js';
import { readCodes } from './codes.js';
import { type Groups, groupByCode, RowSorter } from './group.js';
import { readNumbers } from './numbers.js';
import type { Place } from './place.js';
import { LEG } from './sets.js';
import { Coder, NULL_CODE } from './strings.js';
import { readTimes, type TimeColumn } from './times.js';
import type { ColumnView } from './view.js';

/** The columns that features of trades need. */
export interface TradeColumns {
  readonly token: ColumnView;
  readonly ts: ColumnView;
  readonly market: ColumnView;
  readonly side: ColumnView;
  readonly outcome: ColumnView;
  readonly size: ColumnView;
  /** Place of a trade among the prints of its stamp. */
  readonly sequence?: ColumnView | undefined;
  /** What a trade and the prints of its own transaction have in common. */
  readonly self?: readonly ColumnView[] | undefined;
}

/** How messages name the trades, and in which unit integers are times. */
export interface TradeOptions {
  readonly table: string;
  readonly file?: string | undefined;
  readonly tsUnit: TsUnit | null;
}

/** Times of the rows, as a column and on an axis. */
export interface RowTimes {
  readonly times: TimeColumn;
  readonly axis: Axis;
}

/** Where an error about a column of the trades is. */
export function tradePlace({ table, file }: TradeOptions, column: string): Place {
  return { table, column, file };
}

/** Reads `ts`. */
export function readRowTimes(ts: ColumnView, options: TradeOptions): RowTimes {
  const times = readTimes(ts, options.tsUnit, tradePlace(options, 'ts'));
  return { times, axis: toAxis(times) };
}

/** What was odd about the times. */
export function timeWarnings({ times }: RowTimes, table: string): Warning[] {
  if (times.unparsed === 0) return [];
  const message = `${table}: ${times.unparsed} values of ts are no ISO 8601 times and became null`;
  return [{ code: 'unparsable_ts', message }];
}

/** What each trade adds to: `BUY` of `Up` or of `Down`, exactly so written. */
export function readLegs(side: ColumnView, outcome: ColumnView, options: TradeOptions): Uint8Array {
  const [sides, outcomes] = [new Coder(), new Coder()];
  const code = (coder: Coder, text: string) => {
    const bytes = new TextEncoder().encode(text);
    return coder.add(bytes, 0, bytes.length);
  };
  const buy = code(sides, 'BUY');
  const [up, down] = [code(outcomes, 'Up'), code(outcomes, 'Down')];
  const bySide = readCodes(side, sides, tradePlace(options, 'side'), 'find');
  const byOutcome = readCodes(outcome, outcomes, tradePlace(options, 'outcome'), 'find');
  const legs = new Uint8Array(bySide.length);
  for (let row = 0; row < legs.length; row++) {
    if (bySide[row] !== buy) continue;
    legs[row] = byOutcome[row] === up ? LEG.up : byOutcome[row] === down ? LEG.down : LEG.none;
  }
  return legs;
}

/** Reads the sizes; NaN is null. */
export const readSizes = (size: ColumnView): Float64Array => readNumbers(size);

/** Rows that have a token and a time, by token and within one by (time, row). */
export function groupByToken(codes: Int32Array, tokens: number, axis: Axis): Groups {
  const known =
    axis.nulls === 0 ? codes : codes.map((code, row) => (hasNoTime(axis, row) ? NULL_CODE : code));
  const groups = groupByCode(known, tokens);
  const sorter = new RowSorter();
  for (let token = 0; token < tokens; token++) {
    sorter.sort(groups.rows, groups.offsets[token]!, groups.offsets[token + 1]!, axis.steps);
  }
  return groups;
}

/**
 * The row numbers in the order (token, time, row), tokens by their bytes, nulls last in both. Spec section 2.
 *
 * @param groups of {@link groupByToken}.
 */
export function tokenOrder(codes: Int32Array, tokens: Coder, groups: Groups, axis: Axis): Int32Array {
  const order = new Int32Array(codes.length);
  let at = 0;
  const timeless = rowsWithoutTime(codes, tokens.size, axis);
  const byRank = new Int32Array(tokens.size);
  tokens.ranks().forEach((rank, code) => {
    byRank[rank] = code;
  });
  for (const code of byRank) {
    for (const { offsets, rows } of [groups, timeless]) {
      const own = rows.subarray(offsets[code]!, offsets[code + 1]!);
      order.set(own, at);
      at += own.length;
    }
  }
  // Those without a token: by time, and at the end those without either.
  const first = at;
  for (const withTime of [true, false]) {
    for (let row = 0; row < codes.length; row++) {
      if (codes[row]! < 0 && hasNoTime(axis, row) !== withTime) order[at++] = row;
    }
    if (withTime) new RowSorter().sort(order, first, at, axis.steps);
  }
  return order;
}

function rowsWithoutTime(codes: Int32Array, tokens: number, axis: Axis): Groups {
  if (axis.nulls === 0) return { offsets: new Int32Array(tokens + 1), rows: new Int32Array(0) };
  return groupByCode(
    codes.map((code, row) => (hasNoTime(axis, row) ? code : NULL_CODE)),
    tokens,
  );
}
