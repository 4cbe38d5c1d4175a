/**
 * A tape prepared to be asked: its tokens coded, its prints grouped by token and sorted by (time, row). It owns a
 * copy of what it needs and no longer looks at the columns that it was made from.
 */
import { PolyfeatError } from '../errors.js';
import type { TsUnit, Warning } from '../types.js';
import { type Axis, hasNoTime, toAxis } from './axis.js';
import { codesInSteps, readCodes } from './codes.js';
import { groupByCode, RowSorter } from './group.js';
import type { KeyIndex } from './keys.js';
import { readNumbers } from './numbers.js';
import { picked } from './picked.js';
import { type Place, placeText } from './place.js';
import { type Steps, within } from './steps.js';
import { Coder, NULL_CODE } from './strings.js';
import { readTimes } from './times.js';
import { type ColumnView, rowsOf } from './view.js';
import { beginOf, type More, moreBytes, readMore } from './visible/more.js';
import { resolutionOf } from './visible/ticks.js';

/** The columns of a tape. */
export interface TapeColumns {
  readonly token: ColumnView;
  readonly ts: ColumnView;
  readonly price: ColumnView;
  readonly size: ColumnView;
  /** When a print became known. */
  readonly availability?: ColumnView | undefined;
  /** Place of a print among those of its stamp. */
  readonly sequence?: ColumnView | undefined;
  /** What a print and the trades of its own transaction have in common. */
  readonly self?: readonly ColumnView[] | undefined;
}

/** How a tape is read. */
export interface TapeOptions {
  /** How messages name the table, and its file when it is one. */
  readonly table: string;
  readonly file?: string | undefined;
  readonly tsUnit: TsUnit | null;
  /** The rows of each token come by time: anything else is an error. */
  readonly assumeSorted: boolean;
}

/** Prints left out: those without a time, those without a token; some lack both. */
export interface Dropped {
  readonly nullTs: number;
  readonly nullToken: number;
}

/** A prepared tape. */
export interface Tape {
  readonly tokens: Coder;
  readonly unit: TsUnit;
  /** The prints of token `c` are at `offsets[c]` … `offsets[c + 1] - 1`. */
  readonly offsets: Int32Array;
  /** The times of the prints, where `steps` are in the order of the groups. */
  readonly axis: Axis;
  readonly price: Float64Array;
  readonly size: Float64Array;
  /** Rows that the tape had, those left out included. */
  readonly rows: number;
  readonly dropped: Dropped;
  readonly unparsed: number;
  /** What rules of visibility look at. */
  readonly more: More;
}

/** For whom a tape is prepared; what is left out is not known. */
export interface TapeFor {
  /** Prints of other tokens are left out at once; absent: all are kept. */
  readonly wanted?: Coder | undefined;
  /** The trades' transactions; absent: those of the tape are coded themselves. */
  readonly own?: KeyIndex | undefined;
}

/**
 * Prepares a tape. Linear, but for sorting the tokens whose prints are out of order.
 *
 * @throws PolyfeatError `NOT_SORTED`, and what reading the columns throws.
 */
export function* prepareTape(
  columns: TapeColumns,
  options: TapeOptions,
  { wanted, own }: TapeFor = {},
): Steps<Tape> {
  const rows = rowsOf(columns.ts);
  const progress = (done: number) => ({
    phase: 'tape',
    done: Math.floor((rows * done) / 6),
    total: rows,
    unit: 'rows' as const,
  });
  const place = (column: string): Place => ({ table: options.table, column, file: options.file });
  yield progress(0);
  const times = readTimes(columns.ts, options.tsUnit, place('ts'));
  yield progress(1);
  const source = toAxis(times);
  yield progress(2);
  const tokens = wanted ?? new Coder();
  const codes = yield* within(
    codesInSteps(columns.token, tokens, place('token_id'), wanted === undefined ? 'add' : 'find'),
    ({ done }) => progress(2 + done / Math.max(rows, 1)),
  );
  const nullToken = countNulls(columns.token, codes, wanted === undefined);
  if (source.nulls > 0) {
    for (let row = 0; row < rows; row++) if (hasNoTime(source, row)) codes[row] = NULL_CODE;
  }
  yield progress(3);
  const { offsets, rows: order } = groupByCode(codes, tokens.size);
  yield progress(4);
  const sorter = new RowSorter();
  for (let token = 0; token < tokens.size; token++) {
    const [from, to] = [offsets[token]!, offsets[token + 1]!];
    if (options.assumeSorted) requireSorted(order, from, to, source, place('ts'));
    else sorter.sort(order, from, to, source.steps);
    if (token % 1024 === 1023) yield progress(4);
  }
  yield progress(5);
  const axis: Axis = { ...source, steps: picked(source.steps, order) };
  const price = picked(readNumbers(columns.price), order);
  yield progress(5);
  const size = picked(readNumbers(columns.size), order);
  const more = readMore(columns, options, own, order);
  yield progress(6);
  return {
    tokens,
    unit: times.unit,
    offsets,
    axis,
    price,
    size,
    rows,
    dropped: { nullTs: source.nulls, nullToken },
    unparsed: times.unparsed,
    more: {
      ...more,
      resolution: resolutionOf(source),
      begin: wanted === undefined ? beginOf(axis, offsets) : null,
    },
  };
}

/** Rows without a token, where codes do not tell: tokens that are not wanted have no code either. */
function countNulls(column: ColumnView, codes: Int32Array, told: boolean): number {
  if (!told) return nullsOf(column);
  let nulls = 0;
  for (let row = 0; row < codes.length; row++) if (codes[row]! < 0) nulls++;
  return nulls;
}

function nullsOf(column: ColumnView): number {
  // Codes of all texts would do; nulls are counted without any.
  let nulls = 0;
  for (const chunk of column.chunks) {
    if (column.type === 'null') nulls += chunk.length;
    else nulls += nullsOfChunk(column, chunk);
  }
  return nulls;
}

function nullsOfChunk(column: ColumnView, chunk: ColumnView['chunks'][number]): number {
  const { validity, bitOffset = 0, length, dictionary } = chunk;
  let nulls = 0;
  if (validity !== undefined) {
    for (let bit = bitOffset; bit < bitOffset + length; bit++)
      nulls += 1 - ((validity[bit >> 3]! >> (bit & 7)) & 1);
  }
  if (dictionary === undefined || nullsOf(dictionary) === 0) return nulls;
  // A dictionary may hold a null, too.
  const coder = new Coder();
  const codes = readCodes({ ...column, chunks: [chunk] }, coder, { table: '', column: column.name });
  return codes.reduce((count, code) => count + Number(code < 0), 0);
}

export function requireSorted(
  order: Int32Array,
  from: number,
  to: number,
  { steps }: Axis,
  place: Place,
): void {
  for (let i = from + 1; i < to; i++) {
    if (steps[order[i - 1]!]! <= steps[order[i]!]!) continue;
    throw new PolyfeatError(
      'NOT_SORTED',
      `${placeText(place)}, row ${order[i]}: it is earlier than a row of the same key before it; sort the table by it, or leave assumeSorted out`,
      { ...place, row: order[i] },
    );
  }
}

/** What was odd about a tape. */
export function tapeWarnings({ dropped, unparsed, more }: Tape, table: string): Warning[] {
  const warnings: Warning[] = [];
  const warn = (code: string, count: number, what: string) => {
    if (count > 0) warnings.push({ code, message: `${table}: ${count} ${what}` });
  };
  warn('unparsable_ts', unparsed, 'values of ts are no ISO 8601 times and became null');
  if (more.availability !== null) {
    const { unparsed: texts, name } = more.availability;
    warn(
      'unparsable_availability',
      texts,
      `values of ${name} are no ISO 8601 times; those prints are never visible`,
    );
  }
  warn('market_trades_null_ts', dropped.nullTs, 'prints without a time are left out');
  warn('market_trades_null_token', dropped.nullToken, 'prints without a token_id are left out');
  return warnings;
}

/** Bytes of memory that a tape holds. */
export function tapeBytes({ tokens, offsets, axis, price, size, more }: Tape): number {
  const { byteLength } = axis.steps;
  const plain = tokens.byteLength + offsets.byteLength + byteLength + price.byteLength + size.byteLength;
  return plain + moreBytes(more);
}
