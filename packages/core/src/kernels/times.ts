/**
 * Time columns of any type as 64-bit integers of one unit. Spec section 1. Timestamps keep their unit, dates become
 * the milliseconds of their midnight, texts nanoseconds; integers are times of the unit that the caller gives.
 */
import { parseIso } from '@polyfeat/reference';
import type { TsUnit } from '../types.js';
import { readCodes } from './codes.js';
import { MAX_TIME, NULL_HIGH, NULL_TIME, wordsOf, writeInteger } from './int64.js';
import { overflow, type Place } from './place.js';
import { Coder } from './strings.js';
import { type ChunkView, type ColumnView, indicesOf, isValid, narrowInts, rowsOf, typed } from './view.js';

/** A time column, in one piece. */
export interface TimeColumn {
  readonly unit: TsUnit;
  /** Units since the epoch; the smallest integer where there is no time. */
  readonly stamps: BigInt64Array<ArrayBuffer>;
  /** Texts that are no time; they are null. */
  readonly unparsed: number;
}

const DAY_MS = 86_400_000;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The unit that a column's times have, or null when it holds no times. */
export function timeUnit(column: ColumnView, tsUnit: TsUnit | null): TsUnit | null {
  const { type } = column.type === 'dictionary' ? dictionaryOf(column) : column;
  switch (type) {
    case 'timestamp':
      return (column.type === 'dictionary' ? dictionaryOf(column) : column).unit ?? 'ns';
    case 'date32':
    case 'date64':
    case 'null':
      return 'ms';
    case 'utf8':
    case 'large_utf8':
    case 'utf8_view':
      return 'ns';
    case 'i8':
    case 'i16':
    case 'i32':
    case 'i64':
    case 'u8':
    case 'u16':
    case 'u32':
    case 'u64':
      return tsUnit;
    default:
      return null;
  }
}

/** What the values of a dictionary column are. A column without chunks has no values of any type. */
export function dictionaryOf({ name, chunks }: ColumnView): ColumnView {
  return chunks[0]?.dictionary ?? { name, type: 'null', chunks: [] };
}

/**
 * Reads a time column whose type has a {@link timeUnit}.
 *
 * @throws PolyfeatError `OVERFLOW` for an unsigned integer beyond 64 signed bits, `CORRUPT`.
 */
export function readTimes(column: ColumnView, tsUnit: TsUnit | null, place: Place): TimeColumn {
  const unit = timeUnit(column, tsUnit) ?? 'ns';
  const stamps = new BigInt64Array(rowsOf(column));
  const { type } = column.type === 'dictionary' ? dictionaryOf(column) : column;
  if (type === 'utf8' || type === 'large_utf8' || type === 'utf8_view') {
    return { unit, stamps, unparsed: parseInto(stamps, column, place) };
  }
  const words = wordsOf(stamps);
  const known = new Map<ColumnView, BigInt64Array>();
  let at = 0;
  for (const chunk of column.chunks) {
    if (column.type !== 'dictionary') readChunk(column, chunk, stamps, words, at, place);
    else {
      const dictionary = chunk.dictionary!;
      let values = known.get(dictionary);
      if (values === undefined) {
        values = readTimes(dictionary, tsUnit, place).stamps;
        known.set(dictionary, values);
      }
      const indices = indicesOf(chunk, column.indexType!);
      for (let row = 0; row < chunk.length; row++) {
        stamps[at + row] = (isValid(chunk, row) ? values[indices[row]!] : undefined) ?? NULL_TIME;
      }
    }
    at += chunk.length;
  }
  return { unit, stamps, unparsed: 0 };
}

function readChunk(
  { type }: ColumnView,
  chunk: ChunkView,
  stamps: BigInt64Array,
  words: Int32Array,
  at: number,
  place: Place,
): void {
  const { length, values, validity } = chunk;
  const narrow = narrowIntsOf(type, values, length);
  if (type === 'null') {
    stamps.fill(NULL_TIME, at, at + length);
    return;
  }
  if (narrow !== null) {
    const scale = type === 'date32' ? DAY_MS : 1;
    for (let row = 0; row < length; row++) writeInteger(words, at + row, narrow[row]! * scale);
  } else {
    words.set(typed(Int32Array, values, length * 2), at * 2);
  }
  if (validity !== undefined) {
    for (let row = 0; row < length; row++) {
      if (isValid(chunk, row)) continue;
      words[2 * (at + row)] = 0;
      words[2 * (at + row) + 1] = NULL_HIGH;
    }
  }
  if (type === 'u64') requireSigned(chunk, words, at, place);
}

function narrowIntsOf(type: ColumnView['type'], values: Uint8Array, length: number) {
  if (type === 'date32') return typed(Int32Array, values, length);
  if (type === 'timestamp' || type === 'date64' || type === 'null') return null;
  return narrowInts(type as 'i8', values, length);
}

function requireSigned(chunk: ChunkView, words: Int32Array, at: number, place: Place): void {
  for (let row = 0; row < chunk.length; row++) {
    if (words[2 * (at + row) + 1]! >= 0 || !isValid(chunk, row)) continue;
    const value = typed(BigUint64Array, chunk.values, chunk.length)[row]!;
    if (value > MAX_TIME) overflow(`the time ${value} does not fit into 64 bits`, place, at + row);
  }
}

/** Parses texts, each distinct one once; gives the number of rows whose text is no time. */
function parseInto(stamps: BigInt64Array, column: ColumnView, place: Place): number {
  const coder = new Coder();
  const codes = readCodes(column, coder, place);
  const known = Array.from({ length: coder.size }, (_, code) =>
    parseIso(decoder.decode(coder.bytesOf(code))),
  );
  let unparsed = 0;
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!;
    const stamp = code < 0 ? null : known[code]!;
    if (code >= 0 && stamp === null) unparsed++;
    stamps[row] = stamp ?? NULL_TIME;
  }
  return unparsed;
}
