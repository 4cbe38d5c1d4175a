/** Columns that lie: buffers that are too short, gone, or point elsewhere. Each is refused in words, by every engine. */
import {
  Data,
  Dictionary,
  Field,
  Float64,
  Int32,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  Timestamp,
  TimeUnit,
  Utf8,
  Vector,
} from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { asofJoin, computeFeatures, regimes } from '../../src/index.js';
import { engines, golden, rowsOf } from './support.js';

const trades = {
  ts: BigInt64Array.of(1n, 2n, 3n, 4n),
  token_id: ['A', 'A', 'B', null],
  market_slug: ['m', 'm', 'm', 'm'],
  side: ['BUY', 'BUY', 'SELL', 'BUY'],
  outcome: ['Up', 'Down', 'Up', 'Up'],
  size: [1, 2, 3, 4],
};
const tape = { ts: BigInt64Array.of(1n, 2n), token_id: ['A', 'B'], price: [0.1, 0.2], size: [1, 1] };

const vector = (type: Float64 | Utf8, length: number, nulls: number, buffers: unknown[], offset = 0) =>
  new Vector([new Data(type, offset, length, nulls, buffers as never)]);
const texts = (...offsets: number[]) =>
  vector(new Utf8(), 4, 0, [Int32Array.from(offsets), new Uint8Array(9), undefined]);

/** What looks like a vector of doubles, and is made of these chunks. */
const like = (...data: unknown[]) => ({ type: new Float64(), length: 4, data });
const chunk = (length: unknown, values: unknown) => ({
  type: new Float64(),
  length,
  offset: 0,
  stride: 1,
  nullCount: 0,
  values,
  children: [],
});

/** A buffer that another thread has taken. */
function transferred() {
  const values = Float64Array.of(1, 2, 3, 4);
  const column = vector(new Float64(), 4, 0, [undefined, values, undefined]);
  structuredClone(values.buffer, { transfer: [values.buffer] });
  return column;
}

describe.each(engines)('by %s', (engine) => {
  const refused = (changes: object) => {
    try {
      computeFeatures({ ...trades, ...changes } as never, tape, { engine, tsUnit: 's' });
    } catch (error) {
      return error;
    }
    return expect.unreachable('it was not refused');
  };

  it.each<[string, object, string]>([
    ['cut values', { size: vector(new Float64(), 4, 0, [undefined, new Float64Array(2)]) }, 'WRONG_LENGTH'],
    [
      'a cut bitmap',
      { size: vector(new Float64(), 4, 2, [undefined, new Float64Array(4), new Uint8Array(1)], 900) },
      'WRONG_LENGTH',
    ],
    ['cut offsets', { side: texts(0, 1, 2) }, 'WRONG_LENGTH'],
    ['offsets beyond the text', { side: texts(0, 3, 2, 9, 100_000) }, 'CORRUPT'],
    ['negative offsets', { side: texts(-5, 3, 4, 5, 6) }, 'CORRUPT'],
    ['memory that was transferred', { size: transferred() }, 'WRONG_LENGTH'],
    ['no memory', { size: like(chunk(4, undefined)) }, 'WRONG_LENGTH'],
    [
      'half a row',
      { size: like(chunk(1.5, new Float64Array(4)), chunk(2.5, new Float64Array(4))) },
      'CORRUPT',
    ],
    ['fewer rows than none', { size: like(chunk(-4, null), chunk(8, new Float64Array(8))) }, 'CORRUPT'],
    ['too few chunks', { size: like(chunk(3, new Float64Array(3))) }, 'WRONG_LENGTH'],
    ['null for a chunk', { size: like(null) }, 'CORRUPT'],
    [
      'indices without a dictionary',
      {
        side: {
          type: new Dictionary(new Utf8(), new Int32()),
          length: 4,
          data: [{ ...chunk(4, new Int32Array(4)), type: new Dictionary(new Utf8(), new Int32()) }],
        },
      },
      'CORRUPT',
    ],
  ])('%s', (_, changes, code) => {
    const [column] = Object.keys(changes);
    expect(refused(changes)).toMatchObject({
      name: 'PolyfeatError',
      code,
      column,
      message: expect.stringContaining(column!),
    });
  });

  it('columns of no rows and of nulls alone play any part', () => {
    const none = Object.fromEntries(Object.keys(trades).map((name) => [name, []])) as never;
    const quiet = Object.fromEntries(Object.keys(tape).map((name) => [name, []])) as never;
    expect(computeFeatures(none, tape, { engine, tsUnit: 's' }).numRows).toBe(0);
    expect(computeFeatures(none, quiet, { engine }).numRows).toBe(0);
    expect(regimes(none, { engine }).numRows).toBe(0);
    expect(
      rowsOf(asofJoin(trades, quiet, { engine, tsUnit: 's', columns: ['price'] as never }))[0],
    ).toMatchObject({
      price: null,
    });
    const silent = { ...trades, size: [null, null, null, undefined], ts: [null, null, null, null] };
    const features = rowsOf(computeFeatures(silent as never, tape, { engine, tsUnit: 's' }));
    expect(features.map((row) => row['mt_last_price'])).toEqual([null, null, null, null]);
  });

  it('dates of JavaScript are times', () => {
    const dates = [new Date(1000), null, new Date(Number.NaN), new Date(-1)];
    const result = computeFeatures({ ...trades, ts: dates }, tape, { engine, tsUnit: 's' });
    expect(rowsOf(result).map((row) => [row['ts'], row['mt_last_price']])).toEqual([
      [1000, 0.1],
      [null, null],
      [null, null],
      [-1, null],
    ]);
    expect(String(result.schema.fields[0]?.type)).toBe(String(new Timestamp(TimeUnit.MILLISECOND, 'UTC')));
  });

  it('two columns of one name are refused', () => {
    const { fields } = golden.trades.schema;
    const schema = new Schema([...fields, new Field('ts', fields[0]!.type, true)]);
    const { children, length } = golden.trades.batches[0]!.data;
    const type = new Struct(schema.fields);
    const data = makeData({ type, length, children: [...children, children[0] as Data] });
    const twice = new Table(schema, [new RecordBatch(schema, data as never)]);
    expect(() => computeFeatures(twice as never, golden.tape, { engine })).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED', column: 'ts' }),
    );
  });
});
