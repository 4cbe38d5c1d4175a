/** Arrow columns from plain values. */
import {
  Bool,
  Data,
  type DataType,
  type Date_,
  DateDay,
  DateUnit,
  Float64,
  type Time,
  TimeMillisecond,
  type Timestamp,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  TimeUnit,
  Type,
  Vector,
} from 'apache-arrow';
import type { TsUnit } from '../types.js';
import { overflow, type Place } from './coerce.js';

/** A column of doubles. */
export function doubles(values: readonly (number | null)[]): Vector {
  return column(
    new Float64(),
    values,
    Float64Array.from(values, (value) => value ?? 0),
  );
}

/** A column of booleans, none of them null. */
export function booleans(values: readonly boolean[]): Vector {
  return column(new Bool(), values, bits(values));
}

/** The unit that times of a unit are stored in: Parquet knows no seconds. */
export function storedUnit(unit: TsUnit): TsUnit {
  return unit === 's' ? 'ms' : unit;
}

/** A column of UTC timestamps; of a unit that is stored, so not of seconds. */
export function timestamps(unit: TsUnit, values: readonly (bigint | null)[]): Vector {
  const buffer = BigInt64Array.from(values, (value) => value ?? 0n);
  if (unit === 'ns') return column(new TimestampNanosecond('UTC'), values, buffer);
  return column(
    unit === 'us' ? new TimestampMicrosecond('UTC') : new TimestampMillisecond('UTC'),
    values,
    buffer,
  );
}

/**
 * A pass-through column in a type that Parquet can say: seconds become milliseconds, `date64` becomes `date32`
 * (or, when it holds times of day, a timestamp). Everything else stays as it is.
 *
 * @param vector of one chunk.
 */
export function storable(vector: Vector, place: Place): Vector {
  const { type } = vector;
  const data = vector.data[0] as Data;
  if (type.typeId === Type.Timestamp && (type as Timestamp).unit === TimeUnit.SECOND) {
    const values = (data.values as BigInt64Array).map((value, row) => {
      const millis = value * 1000n;
      const fits = BigInt.asIntN(64, millis) === millis;
      if (!fits && data.getValid(row))
        overflow(`the time ${value} s does not fit into 64 bits as ms`, place, row);
      return fits ? millis : 0n;
    });
    return retyped(data, new TimestampMillisecond((type as Timestamp).timezone ?? null), values);
  }
  if (type.typeId === Type.Time && (type as Time).unit === TimeUnit.SECOND) {
    return retyped(
      data,
      new TimeMillisecond(),
      (data.values as Int32Array).map((seconds) => seconds * 1000),
    );
  }
  if (type.typeId === Type.Date && (type as Date_).unit === DateUnit.MILLISECOND) {
    const values = data.values as BigInt64Array;
    const wholeDays = values.every((value, row) => value % DAY_MS === 0n || !data.getValid(row));
    if (!wholeDays) return retyped(data, new TimestampMillisecond(), values);
    return retyped(
      data,
      new DateDay(),
      Int32Array.from(values, (value) => Number(value / DAY_MS)),
    );
  }
  return vector;
}

const DAY_MS = 86_400_000n;

function retyped(data: Data, type: DataType, values: ArrayBufferView): Vector {
  const buffers = [undefined, values, data.nullBitmap];
  return new Vector([new Data(type, data.offset, data.length, data.nullCount, buffers as never)]);
}

function column(type: DataType, values: readonly unknown[], buffer: ArrayBufferView): Vector {
  const nulls = values.reduce<number>((count, value) => count + Number(value === null), 0);
  const bitmap = nulls > 0 ? bits(values.map((value) => value !== null)) : new Uint8Array(0);
  return new Vector([new Data(type, 0, values.length, nulls, [undefined, buffer, bitmap] as never)]);
}

function bits(values: readonly boolean[]): Uint8Array {
  const packed = new Uint8Array((values.length + 7) >> 3);
  values.forEach((value, i) => {
    if (value) packed[i >> 3] = (packed[i >> 3] as number) | (1 << (i & 7));
  });
  return packed;
}
