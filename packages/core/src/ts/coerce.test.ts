import {
  DateDay,
  Dictionary,
  Float16,
  Float32,
  Float64,
  Int32,
  Int64,
  LargeUtf8,
  makeData,
  TimeUnit,
  Uint64,
  Utf8,
  Utf8View,
  Vector,
  vectorFromArray,
} from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimals, raw64, stamps } from '../../test/support/columns.js';
import { convertTimes, readNumbers, readTexts, readTimes } from './coerce.js';

const PLACE = { file: 'f.parquet', column: 'ts' };

describe('times', () => {
  it.each([
    [TimeUnit.SECOND, 's'],
    [TimeUnit.MILLISECOND, 'ms'],
    [TimeUnit.MICROSECOND, 'us'],
    [TimeUnit.NANOSECOND, 'ns'],
  ] as const)('of unit %i keep it, naive or zoned', (unit, name) => {
    for (const zone of [undefined, 'UTC', 'America/New_York']) {
      const column = stamps([5n, null, -(2n ** 63n), 2n ** 63n - 1n], unit, zone);
      expect(readTimes(column, null, PLACE)).toEqual({
        unit: name,
        values: [5n, null, null, 2n ** 63n - 1n],
        unparsed: 0,
      });
    }
  });

  it('of dates are midnights in ms', () => {
    const days = vectorFromArray([new Date(86_400_000), null, new Date(-86_400_000)], new DateDay());
    expect(readTimes(days, null, PLACE)).toEqual({
      unit: 'ms',
      values: [86_400_000n, null, -86_400_000n],
      unparsed: 0,
    });
  });

  it('of texts are ns, and what does not parse is counted', () => {
    for (const type of [
      new Utf8(),
      new LargeUtf8(),
      new Utf8View(),
      new Dictionary(new Utf8(), new Int32()),
    ]) {
      const column = vectorFromArray(
        ['1970-01-01T00:00:01Z', 'soon', null, 'soon', '1970-01-02'],
        type,
      ) as Vector;
      const values = [1_000_000_000n, null, null, null, 86_400_000_000_000n];
      expect(readTimes(column, null, PLACE)).toEqual({ unit: 'ns', values, unparsed: 2 });
    }
  });

  it('of integers need a unit', () => {
    const column = raw64(new Int64(), [7n, null]);
    expect(() => readTimes(column, null, PLACE)).toThrow(
      /f\.parquet: column ts is int64; expected .*--ts-unit/,
    );
    expect(readTimes(column, 'us', PLACE)).toEqual({ unit: 'us', values: [7n, null], unparsed: 0 });
    const huge = new Vector([makeData({ type: new Uint64(), data: BigUint64Array.of(1n, 2n ** 64n - 1n) })]);
    expect(() => readTimes(huge, 's', PLACE)).toThrowError(
      expect.objectContaining({ code: 'OVERFLOW', row: 1 }),
    );
  });

  it('of doubles are refused', () => {
    const column = vectorFromArray([1.5], new Float64());
    expect(() => readTimes(column, 's', PLACE)).toThrowError(
      expect.objectContaining({ code: 'WRONG_TYPE', column: 'ts' }),
    );
  });

  it('convert exactly or not at all', () => {
    const times = { unit: 's', values: [1n, null, 9_223_372_037n], unparsed: 0 } as const;
    expect(convertTimes({ ...times, values: [1n, null] }, 'ns', PLACE)).toEqual([1_000_000_000n, null]);
    expect(() => convertTimes({ ...times, values: [...times.values] }, 'ns', PLACE)).toThrowError(
      expect.objectContaining({ code: 'OVERFLOW', row: 2 }),
    );
  });
});

describe('texts', () => {
  it('are the same from every encoding, a byte order mark included', () => {
    const values = ['a', null, '\ufeffé', '', 'longer than the twelve bytes of a view', '\u{1f600}'];
    for (const type of [
      new Utf8(),
      new LargeUtf8(),
      new Utf8View(),
      new Dictionary(new Utf8(), new Int32()),
    ]) {
      const column = vectorFromArray(values, type) as Vector;
      expect(readTexts(column)).toEqual(values);
      expect(readTexts(column.slice(1, 5))).toEqual(values.slice(1, 5));
      expect(readTexts(new Vector([...column.data, ...column.slice(2).data]))).toEqual([
        ...values,
        ...values.slice(2),
      ]);
    }
  });
});

describe('numbers', () => {
  it('become doubles, NaN becomes null', () => {
    expect(readNumbers(vectorFromArray([1, null], new Int32()))).toEqual([1, null]);
    expect(readNumbers(vectorFromArray([0.1, null, Number.NaN], new Float32()))).toEqual([
      Math.fround(0.1),
      null,
      null,
    ]);
    expect(readNumbers(raw64(new Int64(), [2n ** 53n + 1n, null, 2n ** 53n + 3n]))).toEqual([
      2 ** 53,
      null,
      2 ** 53 + 4,
    ]);
    const half = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7c00, 0x7e00, 0x3555);
    const halves = new Vector([makeData({ type: new Float16(), data: half })]);
    expect(readNumbers(halves)).toEqual([1, -2, 2 ** -24, Number.POSITIVE_INFINITY, null, 0.333251953125]);
  });

  it('of decimals are rounded once', () => {
    const [long, tie] = [3_333_333_333_333_333_333_333_333_333_333_333_333n, 90_071_992_547_409_935n];
    expect(readNumbers(decimals([1n, -123_456_789n, null, long], 6))).toEqual([
      0.000001,
      -123.456789,
      null,
      Number(`${long}e-6`),
    ]);
    expect(readNumbers(decimals([tie], 1))).toEqual([9007199254740994]);
    expect(readNumbers(decimals([15n], -2))).toEqual([1500]);
    expect(readNumbers(decimals([-7n], 1, 32))).toEqual([-0.7]);
    expect(readNumbers(decimals([-(10n ** 60n)], 60, 256))).toEqual([-1]);
  });

  it('of decimals are the doubles they were written from', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(10 ** 9), max: 10 ** 9 }), (n) => {
        expect(readNumbers(decimals([BigInt(n)], 6))).toEqual([Number((n / 1e6).toFixed(6)) + 0]);
      }),
    );
  });
});
