import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Dictionary, Int32, LargeUtf8, TimeUnit, Utf8, type Vector, vectorFromArray } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { decimals, everyType, stamps } from '../../test/support/columns.js';
import {
  type Columns,
  goldenTape,
  goldenTrades,
  numbers,
  request,
  scratch,
  seconds,
  texts,
  writeColumns,
  writeSnapshot,
} from '../../test/support/snapshot.js';
import { createTsEngine } from './index.js';

const engine = createTsEngine();
const folder = await scratch();
let count = 0;
const file = async (columns: Columns) => {
  const path = join(folder, `f${++count}.parquet`);
  await writeColumns(path, columns);
  return path;
};
const exactly = { rtol: 0, atol: 0, key: [] };

describe('summarize', () => {
  it('gives what the build reported', async () => {
    const snapshot = await writeSnapshot(join(folder, 'a'), {
      trades: goldenTrades(),
      market_trades: goldenTape(),
    });
    const { regimes, pnl, out } = await engine.build(request(snapshot));
    expect(await engine.summarize(out)).toMatchObject({ rows: 4, regimes, pnl, warnings: [] });
  });

  it('needs a regime, and warns without the PnL columns', async () => {
    await expect(engine.summarize(await file(goldenTape()))).rejects.toMatchObject({
      code: 'MISSING_COLUMN',
      column: 'regime',
    });
    await expect(engine.summarize(join(folder, 'no'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const bare = await engine.summarize(await file({ regime: texts(['OTHER', null, 'OTHER']) }));
    expect(bare.regimes).toEqual([
      { regime: 'OTHER', trades: 2 },
      { regime: 'null', trades: 1 },
    ]);
    expect([bare.pnl, bare.warnings[0]?.code]).toEqual([null, 'summary_columns_missing']);
  });
});

describe('inspect', () => {
  it('tells what is there', async () => {
    const tape = { ...goldenTape(), ts: stamps([1500n, null, -1n, 3n, 2n], TimeUnit.MICROSECOND) };
    const { event_key: _, ...trades } = goldenTrades();
    const snapshot = await writeSnapshot(join(folder, 'b'), { trades, market_trades: tape });
    const { tables, warnings } = await engine.inspect(snapshot, null);
    expect(warnings).toEqual([]);
    expect(
      tables.map(({ table, rows, row_groups, tokens, markets, missing }) => ({
        table,
        rows,
        row_groups,
        tokens,
        markets,
        missing,
      })),
    ).toEqual([
      { table: 'trades', rows: 4, row_groups: 1, tokens: 2, markets: 1, missing: ['event_key'] },
      { table: 'market_trades', rows: 5, row_groups: 1, tokens: 1, markets: null, missing: [] },
    ]);
    expect(tables[0]?.time).toEqual({
      column: 'ts',
      min: '1970-01-01T00:00:05Z',
      max: '1970-01-01T00:06:40Z',
      resolution: 's',
      sorted: false,
    });
    expect(tables[1]?.time).toEqual({
      column: 'ts',
      min: '1969-12-31T23:59:59.999999Z',
      max: '1970-01-01T00:00:00.001500Z',
      resolution: 'us',
      sorted: false,
    });
    expect(tables[0]?.columns[7]).toEqual({
      name: 'exec_type',
      type: 'string',
      nulls: 1,
      role: 'after',
      why: 'computed from that book',
    });
    expect(tables[1]?.columns[0]).toEqual({
      name: 'ts',
      type: 'timestamp[us]',
      nulls: 1,
      role: null,
      why: null,
    });
  });

  it('does without trades, but not without any table', async () => {
    const snapshot = await writeSnapshot(join(folder, 'c'), {
      clob_tob: { captured_at: seconds([3, 4]), token_id: texts(['A', null]) },
    });
    const { tables, warnings } = await engine.inspect(snapshot, null);
    expect(tables).toMatchObject([
      { table: 'clob_tob', tokens: 1, time: { column: 'captured_at', sorted: true } },
    ]);
    expect(warnings.map(({ code }) => code)).toEqual(['no_market_trades']);
    await expect(engine.inspect(await writeSnapshot(join(folder, 'd'), {}), null)).rejects.toMatchObject({
      code: 'NO_TRADES',
    });
  });
});

describe('compare', () => {
  it('finds a file equal to itself, every type of it', async () => {
    const a = await file({ ...everyType() });
    const b = `${a}.copy`;
    await copyFile(a, b);
    const report = await engine.compare({ a, b, ...exactly });
    expect(report).toMatchObject({
      equal: true,
      rows: [11, 11],
      columns_compared: Object.keys(everyType()).length,
    });
  });

  it('looks at values, not at encodings', async () => {
    const a = await file({
      text: texts(['x', null]),
      time: seconds([1, null]),
      n: numbers([1, Number.NaN]),
      dec: numbers([0.5, 2]),
      none: numbers([null, null]),
    });
    const b = await file({
      text: vectorFromArray(['x', null], new Dictionary(new LargeUtf8(), new Int32())),
      time: stamps([1_000_000_000n, null], TimeUnit.NANOSECOND),
      n: vectorFromArray([1, null], new Int32()),
      dec: decimals([50n, 200n], 2),
      none: texts([null, null]),
    });
    expect(await engine.compare({ a, b, ...exactly })).toMatchObject({ equal: true, differences: [] });
  });

  it('finds every kind of difference', async () => {
    const base: Columns = {
      n: numbers([1, 2, null, 4]),
      t: texts(['a', 'b', 'c', null]),
      i: vectorFromArray([1, 2, 3, 4], new Int32()),
    };
    const a = await file({ ...base, here: numbers([1, 1, 1, 1]) });
    const b = await file({
      t: texts(['a', 'B', 'c', '']),
      n: numbers([1, 2.5, 0, 4]),
      i: vectorFromArray([1, 2, 3, 5], new Int32()),
    });
    const report = await engine.compare({ a, b, ...exactly });
    expect(report).toMatchObject({
      equal: false,
      only_in_a: ['here'],
      only_in_b: [],
      order_differs: true,
      columns_compared: 3,
    });
    expect(report.differences).toEqual([
      { column: 'n', rows: 2, first: { row: 1, a: '2', b: '2.5' }, max_abs: 0.5, max_rel: 0.2 },
      { column: 't', rows: 2, first: { row: 1, a: 'b', b: 'B' }, max_abs: null, max_rel: null },
      { column: 'i', rows: 1, first: { row: 3, a: '4', b: '5' }, max_abs: 1, max_rel: 0.2 },
    ]);
  });

  it('takes tolerances for floats only', async () => {
    const a = await file({
      n: numbers([1, 100, Number.POSITIVE_INFINITY]),
      i: vectorFromArray([10, 10, 10], new Int32()),
    });
    const b = await file({
      n: numbers([1.01, 101, Number.POSITIVE_INFINITY]),
      i: vectorFromArray([10, 11, 10], new Int32()),
    });
    const columns = async (rtol: number, atol: number) =>
      (await engine.compare({ a, b, rtol, atol, key: [] })).differences.map(({ column }) => column);
    expect(await columns(0, 0)).toEqual(['n', 'i']);
    expect(await columns(0.1, 0)).toEqual(['i']);
    expect(await columns(0, 1)).toEqual(['i']);
    expect(await columns(0, 0.5)).toEqual(['n', 'i']);
  });

  it('brings rows together by a key', async () => {
    const a = await file({ k: texts(['b', 'a', null, 'a']), v: numbers([1, 2, 3, 4]) });
    const b = await file({ k: texts(['a', 'a', 'b', null]), v: numbers([2, 4, 1, 3]) });
    expect((await engine.compare({ a, b, ...exactly })).equal).toBe(false);
    expect((await engine.compare({ a, b, ...exactly, key: ['k'] })).equal).toBe(true);
    await expect(engine.compare({ a, b, ...exactly, key: ['z'] })).rejects.toMatchObject({
      code: 'MISSING_COLUMN',
      column: 'z',
    });
  });

  it('does not compare rows of files of different lengths', async () => {
    const a = await file({ v: numbers([1, 2]) });
    const b = await file({ v: numbers([1]) });
    expect(await engine.compare({ a, b, ...exactly })).toMatchObject({
      equal: false,
      rows: [2, 1],
      columns_compared: 0,
      differences: [],
    });
  });

  it('does not take a text for the number that it spells', async () => {
    const [a, b] = [
      await file({ v: numbers([1]) }),
      await file({ v: vectorFromArray(['1'], new Utf8()) as Vector }),
    ];
    expect((await engine.compare({ a, b, ...exactly })).differences).toHaveLength(1);
  });
});
