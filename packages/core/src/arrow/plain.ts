/** Plain arrays as Arrow columns: typed arrays in place, arrays of values once into buffers of their type. */
import {
  Bool,
  Data,
  type DataType,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  Null,
  TimestampMillisecond,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8,
  Vector,
} from 'apache-arrow';
import { PolyfeatError } from '../errors.js';
import { chunkOf } from './made.js';

/** Arrays of numbers with an Arrow type of their own. */
export type NumberArray =
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** An array of values of one type; null (or undefined) is null. */
export type ValueArray =
  | readonly (string | null | undefined)[]
  | readonly (number | null | undefined)[]
  | readonly (bigint | null | undefined)[]
  | readonly (boolean | null | undefined)[]
  | readonly (Date | null | undefined)[];

const TYPES: Readonly<Record<string, () => DataType>> = {
  Int8Array: () => new Int8(),
  Int16Array: () => new Int16(),
  Int32Array: () => new Int32(),
  Uint8Array: () => new Uint8(),
  Uint16Array: () => new Uint16(),
  Uint32Array: () => new Uint32(),
  Float32Array: () => new Float32(),
  Float64Array: () => new Float64(),
  BigInt64Array: () => new Int64(),
  BigUint64Array: () => new Uint64(),
};

/** A typed array as a column of one chunk, in place; null for anything else. */
export function typedVector(values: unknown): Vector | null {
  if (!ArrayBuffer.isView(values)) return null;
  const type = TYPES[Object.prototype.toString.call(values).slice(8, -1)]?.();
  if (type === undefined) return null;
  return new Vector([chunkOf(type, (values as NumberArray).length, values)]);
}

/**
 * An array of values as a column: texts as utf8, numbers as float64, bigints as int64, booleans as bool, dates as
 * timestamps in milliseconds (an invalid date is null). An array without any value is a column of nulls, of no type.
 *
 * @param where begins the message of an error.
 * @throws PolyfeatError `WRONG_TYPE` for values of other types, or of several.
 */
export function valuesVector(values: ValueArray, where: string): Vector {
  const length = values.length;
  const validity = new Uint8Array((length + 7) >> 3);
  let nulls = 0;
  let kind: string | null = null;
  for (let i = 0; i < length; i++) {
    const value = values[i];
    if (value === null || value === undefined) nulls++;
    else {
      const own = isDate(value) ? 'date' : typeof value;
      if (kind !== own) kind = kindOf(own, i, kind, where);
      if (own === 'date' && Number.isNaN((value as Date).getTime())) {
        nulls++;
        continue;
      }
      validity[i >> 3] = validity[i >> 3]! | (1 << (i & 7));
    }
  }
  const bitmap = nulls > 0 ? validity : null;
  switch (kind) {
    case 'number':
      return new Vector([
        chunkOf(
          new Float64(),
          length,
          Float64Array.from(values as number[], (v) => v ?? Number.NaN),
          bitmap,
          nulls,
        ),
      ]);
    case 'bigint':
      return new Vector([
        chunkOf(
          new Int64(),
          length,
          BigInt64Array.from(values as bigint[], (v) => v ?? 0n),
          bitmap,
          nulls,
        ),
      ]);
    case 'boolean': {
      const bits = new Uint8Array((length + 7) >> 3);
      for (let i = 0; i < length; i++) if (values[i] === true) bits[i >> 3] = bits[i >> 3]! | (1 << (i & 7));
      return new Vector([chunkOf(new Bool(), length, bits, bitmap, nulls)]);
    }
    case 'date':
      return new Vector([
        chunkOf(
          new TimestampMillisecond('UTC'),
          length,
          BigInt64Array.from(values as Date[], (v) => BigInt(Number(v ?? 0) || 0)),
          bitmap,
          nulls,
        ),
      ]);
    case null:
      return new Vector([new Data(new Null(), 0, length, length)]);
    default:
      return utf8Vector(values as readonly (string | null | undefined)[], bitmap, nulls);
  }
}

/** Whether a value is a date, of this realm or another. */
function isDate(value: unknown): value is Date {
  return typeof value === 'object' && Object.prototype.toString.call(value) === '[object Date]';
}

function kindOf(own: string, row: number, kind: string | null, where: string): string {
  if (kind === null && ['string', 'number', 'bigint', 'boolean', 'date'].includes(own)) return own;
  const expected =
    kind === null ? 'text, numbers, bigints, booleans or dates' : `a ${kind}, as the values before it`;
  throw new PolyfeatError(
    'WRONG_TYPE',
    `${where}, row ${row}: it is a value of type ${own}; expected ${expected}`,
    { row },
  );
}

const encoder = new TextEncoder();

function utf8Vector(
  values: readonly (string | null | undefined)[],
  bitmap: Uint8Array | null,
  nulls: number,
): Vector {
  const offsets = new Int32Array(values.length + 1);
  let bytes = new Uint8Array(Math.max(values.length * 8, 64));
  let end = 0;
  for (let i = 0; i < values.length; i++) {
    const text = values[i] ?? '';
    // A UTF-16 unit takes three bytes at most.
    if (end + text.length * 3 > bytes.length) {
      const grown = new Uint8Array((end + text.length * 3) * 2);
      grown.set(bytes.subarray(0, end));
      bytes = grown;
    }
    end += encoder.encodeInto(text, bytes.subarray(end)).written;
    offsets[i + 1] = end;
  }
  const buffers = [offsets, bytes.subarray(0, end), bitmap ?? new Uint8Array(0)];
  return new Vector([new Data(new Utf8(), 0, values.length, nulls, buffers as never)]);
}
