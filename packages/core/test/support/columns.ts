/** Columns of every type for the tests. */
import {
  Binary,
  Bool,
  Data,
  type DataType,
  DateDay,
  Decimal,
  Dictionary,
  Field,
  FixedSizeBinary,
  FixedSizeList,
  Float32,
  Float64,
  Int8,
  Int32,
  Int64,
  LargeUtf8,
  List,
  Map_,
  makeData,
  Null,
  Struct,
  TimeMicrosecond,
  Timestamp,
  type TimeUnit,
  Uint16,
  Utf8,
  Utf8View,
  Vector,
  vectorFromArray,
} from 'apache-arrow';

/** A column of raw 64-bit values: timestamps as apache-arrow's builders cannot make them. */
export function raw64(type: DataType, values: readonly (bigint | null)[]): Vector {
  const nullBitmap = new Uint8Array((values.length >> 3) + 1);
  values.forEach((value, i) => {
    if (value !== null) nullBitmap[i >> 3] = (nullBitmap[i >> 3] as number) | (1 << (i & 7));
  });
  // Null slots hold garbage, as they may in a file.
  const data = BigInt64Array.from(values, (value) => value ?? 0x5eadbeefn);
  const nullCount = values.filter((value) => value === null).length;
  return new Vector([makeData({ type: type as Int64, data, nullBitmap, nullCount, length: values.length })]);
}

/** Timestamps of a unit. */
export function stamps(values: readonly (bigint | null)[], unit: TimeUnit, zone?: string): Vector {
  return raw64(new Timestamp(unit, zone), values);
}

/** Decimals from their unscaled integers. */
export function decimals(values: readonly (bigint | null)[], scale: number, bitWidth = 128): Vector {
  const words = bitWidth / 32;
  const data = new Uint32Array(values.length * words);
  values.forEach((value, i) => {
    const bits = BigInt.asUintN(bitWidth, value ?? 99n);
    for (let k = 0; k < words; k++) data[i * words + k] = Number((bits >> BigInt(32 * k)) & 0xffffffffn);
  });
  const validity = raw64(new Int64(), values).data[0]?.nullBitmap;
  const buffers = [undefined, data, validity] as never;
  return new Vector([new Data(new Decimal(scale, 38, bitWidth), 0, values.length, -1, buffers)]);
}

const LONG = 'a text that is longer than the twelve bytes of a view';
const inner = (type: DataType) => new Field('item', type, true);
const entry = new Field(
  'entries',
  new Struct<{ key: Utf8; value: Int32 }>([
    new Field('key', new Utf8(), false),
    new Field('value', new Int32(), true),
  ]),
  false,
);
const texts = ['x', null, 'é', '', LONG, 'x'];

/** One column of eleven rows, nulls among them, of each type; built anew at each call. */
export function everyType(): Record<string, Vector> {
  const repeat = <T>(values: readonly T[]) =>
    Array.from({ length: 11 }, (_, i) => values[i % values.length] as T);
  const of = <T extends DataType>(values: readonly unknown[], type: T) =>
    vectorFromArray(repeat(values), type) as Vector;
  return {
    null: new Vector([new Data(new Null(), 0, 11, 11)]),
    bool: of([true, null, false], new Bool()),
    int8: of([1, null, -3], new Int8()),
    uint16: of([65535, null], new Uint16()),
    int64: of([2n ** 62n, null, -1n], new Int64()),
    float32: of([0.5, null, -1], new Float32()),
    float64: of([0.1, null, Number.NaN, -0], new Float64()),
    utf8: of(texts, new Utf8()),
    large: of(texts, new LargeUtf8()),
    view: of(texts, new Utf8View()),
    binary: of([new Uint8Array([0, 255]), null, new Uint8Array(0)], new Binary()),
    fixed: of([new Uint8Array([1, 2, 3]), null], new FixedSizeBinary(3)),
    date: of([new Date(0), null, new Date(-86_400_000)], new DateDay()),
    time: raw64(new TimeMicrosecond(), repeat([1n, null, 5n])),
    ns: stamps(repeat([2n ** 62n, null, -1n]), 3, 'UTC'),
    decimal: decimals(repeat([123n, null, -(10n ** 30n)]), 4),
    decimal256: decimals(repeat([123n, null, -(10n ** 60n)]), 4, 256),
    dictionary: of(texts, new Dictionary(new Utf8(), new Int8())),
    list: of([[1, null, 3], null, []], new List(inner(new Int32()))),
    nested: of([[['a'], [], null], null, [[LONG, null]]], new List(inner(new List(inner(new Utf8()))))),
    pair: of([[1, 2], null, [3, 4]], new FixedSizeList(2, inner(new Int32()))),
    struct: of(
      [{ x: 1, y: 'b' }, null, { x: null, y: null }],
      new Struct([new Field('x', new Int32(), true), new Field('y', new Utf8(), true)]),
    ),
    map: of([new Map([['k', 1]]), null, new Map()], new Map_(entry)),
  };
}
