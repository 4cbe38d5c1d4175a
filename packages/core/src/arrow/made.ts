/** Columns that an engine has made, as vectors of the installed apache-arrow, over the same buffers. */
import {
  Bool,
  Data,
  type DataType,
  Dictionary,
  Float64,
  Int8,
  Int64,
  type Timestamp,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
  Utf8,
  Vector,
} from 'apache-arrow';
import { type MadeColumn, REGIMES } from '../kernels/made.js';
import type { TsUnit } from '../types.js';
import { TYPE } from './shape.js';

/** The type of UTC timestamps of a unit. */
export function utcTimestamp(unit: TsUnit): Timestamp {
  switch (unit) {
    case 's':
      return new TimestampSecond('UTC');
    case 'ms':
      return new TimestampMillisecond('UTC');
    case 'us':
      return new TimestampMicrosecond('UTC');
    case 'ns':
      return new TimestampNanosecond('UTC');
  }
}

/**
 * The same bytes in the kind of array that the installed version has for a type: times of 64 bits are pairs of 32 in
 * the older ones.
 */
export function inArrayOf(type: DataType, values: ArrayBufferView): ArrayBufferView {
  const ArrayType = (type.typeId === TYPE.dictionary ? (type as Dictionary).indices : type).ArrayType as {
    new (buffer: ArrayBufferLike, byteOffset: number, length: number): ArrayBufferView;
    readonly BYTES_PER_ELEMENT?: number;
  };
  const width = ArrayType?.BYTES_PER_ELEMENT;
  if (width === undefined || values.constructor === ArrayType) return values;
  return new ArrayType(values.buffer, values.byteOffset, values.byteLength / width);
}

/** A chunk of these buffers. */
export function chunkOf(
  type: DataType,
  length: number,
  values: ArrayBufferView,
  validity: Uint8Array | null = null,
  nullCount = 0,
): Data {
  return new Data(type, 0, length, nullCount, [
    undefined,
    inArrayOf(type, values),
    validity ?? new Uint8Array(0),
  ] as never);
}

/** A made column as a vector; nothing is copied. The regime is a dictionary of its three names. */
export function madeVector(column: MadeColumn, rows: number): Vector {
  const { type, values, validity, nullCount } = column;
  if (type === 'regime') {
    const dictionary = texts(Uint8Array.of(0, 1, 2));
    const data = new Data(
      new Dictionary(new Utf8(), new Int8()),
      0,
      rows,
      0,
      [undefined, values, new Uint8Array(0)] as never,
      [],
      dictionary,
    );
    return new Vector([data]);
  }
  return new Vector([chunkOf(arrowType(type, column.unit), rows, values, validity, nullCount)]);
}

function arrowType(type: Exclude<MadeColumn['type'], 'regime'>, unit: TsUnit = 'ns'): DataType {
  switch (type) {
    case 'f64':
      return new Float64();
    case 'i64':
      return new Int64();
    case 'bool':
      return new Bool();
    case 'timestamp':
      return utcTimestamp(unit);
  }
}

/** A made column as it is written to files, where the regime is plain text. */
export function storedVector(column: MadeColumn, rows: number): Vector {
  return column.type === 'regime' ? texts(column.values as Int8Array) : madeVector(column, rows);
}

const encoder = new TextEncoder();
const NAMES = REGIMES.map((name) => encoder.encode(name));

function texts(codes: Int8Array | Uint8Array): Vector<Utf8> {
  const offsets = new Int32Array(codes.length + 1);
  for (let i = 0; i < codes.length; i++) offsets[i + 1] = offsets[i]! + NAMES[codes[i]!]!.length;
  const bytes = new Uint8Array(offsets[codes.length]!);
  for (let i = 0; i < codes.length; i++) bytes.set(NAMES[codes[i]!]!, offsets[i]!);
  const buffers = [offsets, bytes, new Uint8Array(0)];
  return new Vector([new Data(new Utf8(), 0, codes.length, 0, buffers as never)]);
}
