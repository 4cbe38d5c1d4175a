/** Rows of two tables that belong together: those that are equal in all key columns. A null equals nothing. */
import { NANOS } from '@polyfeat/reference';
import { PolyfeatError } from '../errors.js';
import type { TsUnit } from '../types.js';
import { nullEntries, readCodes } from './codes.js';
import { NULL_TIME } from './int64.js';
import { type Place, placeText } from './place.js';
import { Coder, NULL_CODE } from './strings.js';
import { dictionaryOf, readTimes } from './times.js';
import { type ChunkView, type ColumnView, indicesOf, isValid, narrowInts, rowsOf, typed } from './view.js';

/** The code of a row whose key the other table does not have. */
export const UNKNOWN_CODE = -2;

/** What key columns may hold. */
export type Kind = 'text' | 'integer' | 'bool' | 'time';

/** Codes of the rows of both tables. */
export interface KeyCodes {
  /** {@link NULL_CODE} with a null among the keys, {@link UNKNOWN_CODE} when the right table has no such key. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Number of distinct keys of the right table. */
  readonly count: number;
}

/** A table's key columns, and how messages name it. */
export interface KeyColumns {
  readonly table: string;
  readonly by: readonly ColumnView[];
  readonly rows: number;
}

/** The distinct keys of a table, in which the keys of other tables are found. */
export interface KeyIndex {
  /** Codes of the table's own rows; {@link NULL_CODE} with a null among the keys. */
  readonly codes: Int32Array;
  /** Number of distinct keys. */
  readonly count: number;
  /** Bytes of memory that it holds, but for the codes. */
  readonly byteLength: number;
  /**
   * Codes of another table's rows.
   *
   * @throws PolyfeatError `WRONG_TYPE` for a key of another kind.
   */
  find(other: KeyColumns): Int32Array;
}

/**
 * Codes the keys of two tables. Texts are compared by their bytes, integers by value whatever their width, times as
 * instants. Without key columns all rows belong together.
 *
 * @throws PolyfeatError `WRONG_TYPE` for a key that is neither, or of two kinds.
 */
export function codeKeys(left: KeyColumns, right: KeyColumns): KeyCodes {
  const index = indexKeys(right);
  return { left: index.find(left), right: index.codes, count: index.count };
}

/** Codes the keys of a table. @throws PolyfeatError `WRONG_TYPE` for a column that cannot be a key. */
export function indexKeys(table: KeyColumns): KeyIndex {
  const all: KeyIndex = {
    codes: new Int32Array(table.rows),
    count: 1,
    byteLength: 0,
    find: ({ rows }) => new Int32Array(rows),
  };
  return table.by
    .map((_, k) => indexOf(table, k))
    .reduce((whole, one, k) => (k === 0 ? one : pairs(whole, one)), all);
}

function indexOf(table: KeyColumns, k: number): KeyIndex {
  const column = table.by[k]!;
  const place = { table: table.table, column: column.name };
  const kind = kindOf(column, place);
  const coder = new Coder();
  const codes = codesOf(column, coder, place, 'add');
  return {
    codes,
    count: coder.size,
    get byteLength() {
      return coder.byteLength;
    },
    find(other) {
      const theirs = other.by[k]!;
      const where = { table: other.table, column: theirs.name };
      const otherKind = kindOf(theirs, where);
      if (kind !== null && otherKind !== null && kind !== otherKind) {
        throw new PolyfeatError(
          'WRONG_TYPE',
          `${placeText(place)} is of the kind ${kind}, but ${theirs.name} of ${other.table}, which it is compared with, of the kind ${otherKind}; convert one of them`,
          place,
        );
      }
      const found = codesOf(theirs, coder, where, 'find');
      markUnknown(found, theirs);
      return found;
    },
  };
}

/** Tells the texts that were not found from nulls. */
function markUnknown(codes: Int32Array, column: ColumnView): void {
  if (column.type === 'null') return;
  let at = 0;
  for (const chunk of column.chunks) {
    const entryIsNull = column.type === 'dictionary' ? nullEntries(chunk.dictionary!) : null;
    const indices = entryIsNull === null ? null : indicesOf(chunk, column.indexType!);
    for (let row = 0; row < chunk.length; row++) {
      if (codes[at + row] !== NULL_CODE || !isValid(chunk, row)) continue;
      if (entryIsNull?.[indices![row]!]) continue;
      codes[at + row] = UNKNOWN_CODE;
    }
    at += chunk.length;
  }
}

/** Codes of pairs of codes. */
function pairs(a: KeyIndex, b: KeyIndex): KeyIndex {
  const known = new Map<number, number>();
  const codes = a.codes.map((code, row) => {
    const other = b.codes[row]!;
    if (code < 0 || other < 0) return NULL_CODE;
    const pair = code * b.count + other;
    let found = known.get(pair);
    if (found === undefined) {
      found = known.size;
      known.set(pair, found);
    }
    return found;
  });
  return {
    codes,
    count: known.size,
    // A Map holds about this much for each entry.
    byteLength: a.byteLength + b.byteLength + known.size * 32,
    find(table) {
      const second = b.find(table);
      return a.find(table).map((code, row) => {
        const other = second[row]!;
        if (code === NULL_CODE || other === NULL_CODE) return NULL_CODE;
        if (code < 0 || other < 0) return UNKNOWN_CODE;
        return known.get(code * b.count + other) ?? UNKNOWN_CODE;
      });
    },
  };
}

/** What a column holds; null: nothing. */
export function kindOf(column: ColumnView, place: Place): Kind | null {
  const { type } = column.type === 'dictionary' ? dictionaryOf(column) : column;
  switch (type) {
    case 'null':
      return null;
    case 'utf8':
    case 'large_utf8':
    case 'utf8_view':
      return 'text';
    case 'bool':
      return 'bool';
    case 'timestamp':
    case 'date32':
    case 'date64':
      return 'time';
    case 'i8':
    case 'i16':
    case 'i32':
    case 'i64':
    case 'u8':
    case 'u16':
    case 'u32':
    case 'u64':
      return 'integer';
    default:
      throw new PolyfeatError(
        'WRONG_TYPE',
        `${placeText(place)} is ${type}, which cannot be a key; expected text, integers, booleans or times`,
        place,
      );
  }
}

function codesOf(column: ColumnView, coder: Coder, place: Place, known: 'add' | 'find'): Int32Array {
  if (kindOf(column, place) === 'text' || column.type === 'null')
    return readCodes(column, coder, place, known);
  if (column.type === 'dictionary') return encodedCodes(column, coder, place, known);
  const codes = new Int32Array(rowsOf(column)).fill(NULL_CODE);
  let at = 0;
  for (const chunk of column.chunks) {
    const { bytes, width } = canonical(column, chunk, place);
    for (let row = 0; row < chunk.length; row++) {
      if (!isValid(chunk, row)) continue;
      const [start, end] = [row * width, (row + 1) * width];
      codes[at + row] = known === 'add' ? coder.add(bytes, start, end) : coder.find(bytes, start, end);
    }
    at += chunk.length;
  }
  return codes;
}

function encodedCodes(column: ColumnView, coder: Coder, place: Place, known: 'add' | 'find'): Int32Array {
  const codes = new Int32Array(rowsOf(column)).fill(NULL_CODE);
  const entries = new Map<ColumnView, Int32Array>();
  let at = 0;
  for (const chunk of column.chunks) {
    const dictionary = chunk.dictionary!;
    if (!entries.has(dictionary)) entries.set(dictionary, codesOf(dictionary, coder, place, known));
    const indices = indicesOf(chunk, column.indexType!);
    for (let row = 0; row < chunk.length; row++) {
      if (isValid(chunk, row)) codes[at + row] = entries.get(dictionary)![indices[row]!] ?? NULL_CODE;
    }
    at += chunk.length;
  }
  return codes;
}

/** Values as bytes that are equal for equal values of one kind. */
function canonical(column: ColumnView, chunk: ChunkView, place: Place): { bytes: Uint8Array; width: number } {
  const { type } = column;
  const { length, values } = chunk;
  if (type === 'bool') {
    const offset = chunk.bitOffset ?? 0;
    return {
      width: 1,
      bytes: Uint8Array.from(
        { length },
        (_, row) => (values[(row + offset) >> 3]! >> ((row + offset) & 7)) & 1,
      ),
    };
  }
  if (type === 'timestamp' || type === 'date32' || type === 'date64') {
    return { width: 16, bytes: instants({ ...column, chunks: [chunk] }, place) };
  }
  // 64 bits and the sign: an unsigned integer beyond 2^63 is no negative one.
  const wide = new BigInt64Array(length * 2);
  const narrow = narrowInts(type as 'i8', values, length);
  const long = narrow === null ? longInts(type === 'u64', values, length) : null;
  for (let row = 0; row < length; row++) {
    const value = BigInt(narrow === null ? long![row]! : narrow[row]!);
    wide[2 * row] = value;
    wide[2 * row + 1] = value >> 64n;
  }
  return { width: 16, bytes: new Uint8Array(wide.buffer) };
}

function longInts(unsigned: boolean, values: Uint8Array, length: number): BigInt64Array | BigUint64Array {
  return unsigned ? typed(BigUint64Array, values, length) : typed(BigInt64Array, values, length);
}

function instants(column: ColumnView, place: Place): Uint8Array {
  const { unit, stamps } = readTimes(column, null, place);
  const nanos = NANOS[unit as TsUnit];
  const wide = new BigInt64Array(stamps.length * 2);
  stamps.forEach((stamp, row) => {
    const value = stamp === NULL_TIME ? NULL_TIME : stamp * nanos;
    wide[2 * row] = value;
    wide[2 * row + 1] = value >> 64n;
  });
  return new Uint8Array(wide.buffer);
}
