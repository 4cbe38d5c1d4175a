/** The same values in the many shapes that Arrow has for them. */
import { NANOS } from '@polyfeat/reference';
import * as arrow from 'apache-arrow';
import {
  type DataType,
  Date_,
  DateUnit,
  Dictionary,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  LargeUtf8,
  Timestamp,
  Uint32,
  Utf8,
  Vector,
  vectorFromArray,
} from 'apache-arrow';
import fc from 'fast-check';
import type { TsUnit } from '../../src/types.js';
import { decimals, raw64 } from '../support/columns.js';

/** How a column is cut, and of which type it is; numbers below 2^32 that are taken modulo what there is. */
export interface Shape {
  readonly type: number;
  readonly cuts: readonly number[];
  readonly before: number;
  readonly after: number;
}

export const shape: fc.Arbitrary<Shape> = fc.record({
  type: fc.nat(1000),
  cuts: fc.array(fc.nat(50), { maxLength: 4 }),
  before: fc.nat(9),
  after: fc.nat(3),
});

/** One chunk of the first type: nothing special. */
export const PLAIN: Shape = { type: 0, cuts: [], before: 0, after: 0 };

/** Cuts values into chunks, some of them empty, each a slice out of a longer column of its own. */
function chunked<T>(
  values: readonly T[],
  { cuts, before, after }: Shape,
  make: (values: T[]) => Vector,
): Vector {
  const bounds = [0, ...cuts.map((cut) => Math.min(cut, values.length)).sort((a, b) => a - b), values.length];
  const padding = values[0];
  const chunks = bounds.slice(1).flatMap((end, i) => {
    const own = values.slice(bounds[i], end);
    if (before + after === 0 || padding === undefined) return make(own).data;
    const around = [...Array<T>(before).fill(padding), ...own, ...Array<T>(after).fill(padding)];
    return make(around).slice(before, before + own.length).data;
  });
  return new Vector(chunks as never);
}

/** Puts garbage where there is no value. */
function spoiled(vector: Vector): Vector {
  for (const data of vector.data) {
    const { values } = data;
    if (data.nullCount === 0 || !ArrayBuffer.isView(values) || vector.type.typeId === -1) continue;
    for (let i = 0; i < data.length; i++) {
      if (data.getValid(i)) continue;
      const at = values as unknown as Record<number, number | bigint>;
      if (values instanceof Float64Array || values instanceof Float32Array) at[i] = 12345;
      else if (values instanceof Int32Array && data.type.typeId === 2) at[i] = 777;
    }
  }
  return vector;
}

const TEXTS: readonly (() => DataType)[] = [
  () => new Utf8(),
  () => new Dictionary(new Utf8(), new Int32()),
  () => new LargeUtf8(),
  // Views came with apache-arrow 21.
  () => ('Utf8View' in arrow ? new arrow.Utf8View() : new LargeUtf8()),
  () => new Dictionary(new LargeUtf8(), new Int8()),
  () => new Dictionary(new Utf8(), new Uint32()),
];

/** A text column. */
export function textColumn(values: readonly (string | null)[], form: Shape): Vector {
  const make = TEXTS[form.type % TEXTS.length]!;
  const wanted = make();
  return chunked(values, form, (own) => vectorFromArray(own as string[], wanted as Utf8) as Vector);
}

/** A column of numbers that are whole in thousandths, or anything. */
export function numberColumn(values: readonly (number | null)[], form: Shape): Vector {
  const exact = values.every(
    (v) => v === null || (Math.abs(v) < 1e6 && Math.round(v * 1000) / 1000 === v && !Object.is(v, -0)),
  );
  const whole = exact && values.every((v) => v === null || Number.isInteger(v));
  const single = values.every((v) => v === null || Math.fround(v) === v);
  const kinds = [
    'double',
    'double',
    ...(exact ? ['decimal', 'decimal256'] : []),
    ...(whole ? ['int32', 'int64', 'encoded'] : []),
    ...(single ? ['float'] : []),
  ];
  const kind = kinds[form.type % kinds.length];
  return chunked(values, form, (own) => {
    switch (kind) {
      case 'decimal':
      case 'decimal256': {
        const unscaled = own.map((v) => (v === null ? null : BigInt(Math.round(v * 1000))));
        return decimals(unscaled, 3, kind === 'decimal' ? 128 : 256);
      }
      case 'int32':
        return spoiled(vectorFromArray(own as number[], new Int32()) as Vector);
      case 'int64':
        return raw64(
          new Int64(),
          own.map((v) => (v === null ? null : BigInt(v))),
        );
      case 'encoded':
        return vectorFromArray(own as number[], new Dictionary(new Int16(), new Int32()) as never) as Vector;
      case 'float':
        return spoiled(vectorFromArray(own as number[], new Float32()) as Vector);
      default:
        return spoiled(vectorFromArray(own as number[], new Float64()) as Vector);
    }
  });
}

const UNITS = ['s', 'ms', 'us', 'ns'] as const;

/** A time column of instants that are whole in `unit` (or in days, when they are). */
export function timeColumn(nanos: readonly (bigint | null)[], unit: TsUnit, form: Shape): Vector {
  const inUnit = (of: bigint, own: readonly (bigint | null)[]) =>
    own.map((v) => (v === null ? null : v / of));
  const days = nanos.every((v) => v === null || v % 86_400_000_000_000n === 0n);
  const kinds = ['stamp', 'stamp', ...(days ? ['date'] : [])];
  const kind = kinds[form.type % kinds.length];
  return chunked(nanos, form, (own) => {
    if (kind === 'date') return raw64(new Date_(DateUnit.MILLISECOND), inUnit(1_000_000n, own));
    return raw64(
      new Timestamp(UNITS.indexOf(unit), form.type % 3 === 0 ? 'UTC' : null),
      inUnit(NANOS[unit], own),
    );
  });
}
