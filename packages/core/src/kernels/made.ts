/** Columns that an engine has made. */
import type { TsUnit } from '../types.js';
import { NULL_HIGH, wordsOf } from './int64.js';

/** The names in the `regime` column, in the order of its codes. */
export const REGIMES = ['COMPLETE_SET_ARBITRAGE', 'DIRECTIONAL', 'OTHER'] as const;

/** A column: buffers in Arrow's layout. Null slots hold NaN, or -2^63. */
export interface MadeColumn {
  readonly name: string;
  /** `bool`: bits. `regime`: codes of {@link REGIMES}. */
  readonly type: 'f64' | 'timestamp' | 'i64' | 'bool' | 'regime';
  /** Of a timestamp. */
  readonly unit?: TsUnit;
  readonly values: Float64Array | BigInt64Array | Uint8Array | Int8Array;
  /** A bitmap, offset 0; null: no nulls. */
  readonly validity: Uint8Array | null;
  readonly nullCount: number;
}

/** A column of doubles, in which NaN is null. */
export function doubles(name: string, values: Float64Array): MadeColumn {
  let nullCount = 0;
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) nullCount++;
  let validity: Uint8Array | null = null;
  if (nullCount > 0) {
    validity = new Uint8Array((values.length + 7) >> 3);
    for (let i = 0; i < values.length; i++) {
      if (!Number.isNaN(values[i])) validity[i >> 3] = validity[i >> 3]! | (1 << (i & 7));
    }
  }
  return { name, type: 'f64', values, validity, nullCount };
}

/** A column of UTC timestamps, in which the smallest integer is null. */
export function timestamps(name: string, unit: TsUnit, values: BigInt64Array): MadeColumn {
  return { ...wholes(name, values), type: 'timestamp', unit };
}

/** A column of whole numbers, in which the smallest integer is null. */
export function wholes(name: string, values: BigInt64Array): MadeColumn {
  const words = wordsOf(values);
  const isNull = (i: number) => words[2 * i + 1] === NULL_HIGH && words[2 * i] === 0;
  let nullCount = 0;
  for (let i = 0; i < values.length; i++) if (isNull(i)) nullCount++;
  let validity: Uint8Array | null = null;
  if (nullCount > 0) {
    validity = new Uint8Array((values.length + 7) >> 3);
    for (let i = 0; i < values.length; i++) {
      if (!isNull(i)) validity[i >> 3] = validity[i >> 3]! | (1 << (i & 7));
    }
  }
  return { name, type: 'i64', values, validity, nullCount };
}

/** A column of booleans, true where a double is above zero. */
export function positives(name: string, values: Float64Array): MadeColumn {
  const bits = new Uint8Array((values.length + 7) >> 3);
  for (let i = 0; i < values.length; i++) if (values[i]! > 0) bits[i >> 3] = bits[i >> 3]! | (1 << (i & 7));
  return { name, type: 'bool', values: bits, validity: null, nullCount: 0 };
}
