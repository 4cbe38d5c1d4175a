/**
 * Columns as the definition's plain values: times as integers of a unit, texts as strings, numbers as doubles.
 * Read from the raw buffers, because apache-arrow's `get` gives times as doubles and decimals without their scale.
 * Spec section 1.
 */
import { NANOS, parseIso } from '@polyfeat/reference';
import {
  type Data,
  type DataType,
  type Date_,
  DateUnit,
  type Decimal,
  type Float,
  Precision,
  type Timestamp,
  Type,
  type Vector,
} from 'apache-arrow';
import { emptyPlaces } from '../arrow/take.js';
import { dictionaryValues, withoutDictionary } from '../arrow/take-dictionary.js';
import { isNumber, isText, typeText, unitOf, valueType } from '../arrow/type-text.js';
import { PolyfeatError } from '../errors.js';
import { decimalToDouble, halfToDouble, wholeInteger } from '../kernels/numbers.js';
import type { TsUnit } from '../types.js';

/** A time column: integers of `unit` since the epoch, null where there is no time. */
export interface Times {
  readonly unit: TsUnit;
  readonly values: (bigint | null)[];
  /** Texts that are no time; they are null in `values`. */
  readonly unparsed: number;
}

/** The file and column that an error is about. */
export interface Place {
  readonly file: string;
  readonly column: string;
}

export const I64_MIN = -(2n ** 63n);
export const I64_MAX = 2n ** 63n - 1n;
const DAY_MS = 86_400_000n;

/** The unit that a column of this type gives times in, or null when it holds no times. */
export function timeUnitOf(type: DataType, tsUnit: TsUnit | null): TsUnit | null {
  const plain = valueType(type);
  if (plain.typeId === Type.Timestamp) return unitOf((plain as Timestamp).unit);
  if (plain.typeId === Type.Date || plain.typeId === Type.Null) return 'ms';
  if (isText(plain)) return 'ns';
  return plain.typeId === Type.Int ? tsUnit : null;
}

/** Throws `WRONG_TYPE` naming the place, the type found and what was expected. */
export function wrongType({ file, column }: Place, type: DataType, expected: string): never {
  throw new PolyfeatError(
    'WRONG_TYPE',
    `${file}: column ${column} is ${typeText(type)}; expected ${expected}`,
    {
      file,
      column,
    },
  );
}

/** Checks that a column can hold times. */
export function requireTimes(type: DataType, tsUnit: TsUnit | null, place: Place): void {
  if (timeUnitOf(type, tsUnit) !== null) return;
  const advice = '; say --ts-unit s|ms|us|ns if these integers are times since 1970';
  const isInt = valueType(type).typeId === Type.Int;
  wrongType(place, type, `a timestamp, a date or ISO 8601 text${isInt ? advice : ''}`);
}

/** Checks that a column is text. */
export function requireText(type: DataType, place: Place): void {
  if (isText(type) || type.typeId === Type.Null) return;
  const number = place.column === 'token_id' && isNumber(type);
  const why = number ? ' (a number cannot hold a 77-digit token id)' : '';
  wrongType(place, type, `text${why}; write it as a string`);
}

/** Checks that a column is numeric. */
export function requireNumbers(type: DataType, place: Place): void {
  if (!isNumber(type) && type.typeId !== Type.Null)
    wrongType(place, type, 'a number (any int, float or decimal)');
}

/**
 * Reads a time column. Timestamps keep their unit, dates become the ms of their midnight, texts ns; integers are
 * times of `tsUnit`. The smallest 64-bit integer is no time (pandas' NaT).
 *
 * @throws PolyfeatError `OVERFLOW` for an unsigned integer beyond 64 signed bits; `WRONG_TYPE`.
 */
export function readTimes(vector: Vector, tsUnit: TsUnit | null, place: Place): Times {
  requireTimes(vector.type, tsUnit, place);
  const unit = timeUnitOf(vector.type, tsUnit) as TsUnit;
  if (isText(vector.type)) return parseTimes(readTexts(vector));
  const values: (bigint | null)[] = [];
  for (const data of withoutDictionary(vector).data) {
    const { type } = data;
    const days = type.typeId === Type.Date && (type as Date_).unit === DateUnit.DAY;
    const nulls = type.typeId === Type.Null;
    for (let i = 0; i < data.length; i++) {
      let value = !nulls && data.getValid(i) ? BigInt(data.values[i]) : null;
      if (value !== null && days) value *= DAY_MS;
      if (value !== null && value > I64_MAX) {
        overflow(`the time ${value} does not fit into 64 bits`, place, values.length);
      }
      values.push(value === I64_MIN ? null : value);
    }
  }
  return { unit, values, unparsed: 0 };
}

function parseTimes(texts: readonly (string | null)[]): Times {
  // Stamps repeat: each distinct text is parsed once.
  const known = new Map<string, bigint | null>();
  let unparsed = 0;
  const values = texts.map((text) => {
    if (text === null) return null;
    let time = known.get(text);
    if (time === undefined) {
      time = parseIso(text);
      known.set(text, time);
    }
    if (time === null) unparsed++;
    return time;
  });
  return { unit: 'ns', values, unparsed };
}

/** Throws `OVERFLOW`. `row` counts from 0. */
export function overflow(what: string, { file, column }: Place, row: number): never {
  throw new PolyfeatError(
    'OVERFLOW',
    `${file}: column ${column}, row ${row}: ${what}; check the unit of the times`,
    {
      file,
      column,
      row,
    },
  );
}

/**
 * Times in a finer or coarser unit, exactly; what does not fit is an error and never wraps. Towards a coarser unit
 * the values have to be whole numbers of it.
 */
export function convertTimes(times: Times, to: TsUnit, place: Place): (bigint | null)[] {
  if (times.unit === to) return times.values;
  const [up, down] = [NANOS[times.unit], NANOS[to]];
  return times.values.map((value, row) => {
    if (value === null) return null;
    const converted = (value * up) / down;
    if (converted > I64_MAX || converted <= I64_MIN) {
      overflow(`the time ${value} ${times.unit} does not fit into 64 bits as ${to}`, place, row);
    }
    return converted;
  });
}

/** Reads a text column; a column of the null type gives nulls. Equal texts are one string in memory. */
export function readTexts(vector: Vector): (string | null)[] {
  const values: (string | null)[] = [];
  const known = new Map<string, string>();
  for (const data of vector.data) {
    if (data.type.typeId === Type.Dictionary) {
      appendEncoded(data, values);
      continue;
    }
    for (let i = 0; i < data.length; i++) {
      const text = textAt(data, i);
      const same = text === null ? null : known.get(text);
      if (text !== null && same === undefined) known.set(text, text);
      values.push(same ?? text);
    }
  }
  return values;
}

/** Appends a dictionary chunk, decoding each entry once. */
function appendEncoded(data: Data, values: (string | null)[]): void {
  const rows = emptyPlaces(data.length);
  for (let i = 0; i < data.length; i++) rows.row[i] = i;
  const { chunks, places } = dictionaryValues([data], rows);
  const entries = chunks.map((entry) => Array.from({ length: entry.length }, (_, i) => textAt(entry, i)));
  for (let i = 0; i < data.length; i++) {
    const row = places.row[i] as number;
    values.push(row < 0 ? null : (entries[places.chunk[i] as number]?.[row] ?? null));
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function textAt(data: Data, row: number): string | null {
  return data.type.typeId === Type.Null || !data.getValid(row) ? null : decoder.decode(bytesAt(data, row));
}

/** The bytes of a valid row of a string or binary chunk, in place. */
export function bytesAt(data: Data, row: number): Uint8Array {
  const values = data.values as Uint8Array;
  if (data.type.typeId !== Type.Utf8View && data.type.typeId !== Type.BinaryView) {
    return values.subarray(Number(data.valueOffsets[row]), Number(data.valueOffsets[row + 1]));
  }
  // A view: length, then up to 12 bytes inline, or 4 bytes of prefix, buffer and offset.
  const view = new DataView(values.buffer, values.byteOffset + row * 16, 16);
  const length = view.getInt32(0, true);
  if (length <= 12) return values.subarray(row * 16 + 4, row * 16 + 4 + length);
  const start = view.getInt32(12, true);
  return (data.variadicBuffers[view.getInt32(8, true)] as Uint8Array).subarray(start, start + length);
}

/** Reads a numeric column as doubles, rounded correctly; null and NaN are null. */
export function readNumbers(vector: Vector): (number | null)[] {
  const values: (number | null)[] = [];
  for (const data of withoutDictionary(vector).data) {
    const at = numberReader(data);
    for (let i = 0; i < data.length; i++) {
      const value = data.type.typeId !== Type.Null && data.getValid(i) ? at(i) : Number.NaN;
      values.push(Number.isNaN(value) ? null : value);
    }
  }
  return values;
}

function numberReader(data: Data): (row: number) => number {
  const { type, values } = data;
  if (type.typeId === Type.Decimal)
    return (row) => decimalToDouble(decimalAt(data, row), (type as Decimal).scale);
  if (type.typeId === Type.Float && (type as Float).precision === Precision.HALF)
    return (row) => halfToDouble(values[row]);
  return (row) => Number(values[row]);
}

/** The unscaled integer of a decimal. */
export function decimalAt(data: Data, row: number): bigint {
  const { stride } = data;
  const words = new Uint32Array(data.values.buffer, data.values.byteOffset + row * stride * 4, stride);
  return wholeInteger(words, 0, stride);
}
