import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openParquet } from '@polyfeat/parquet';
import { Dictionary, Int32, Utf8, type Vector, vectorFromArray } from 'apache-arrow';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { describe, expect, it } from 'vitest';
import {
  type Columns,
  goldenTape,
  goldenTrades,
  readColumns,
  request,
  scratch,
  texts,
  writeColumns,
  writeSnapshot,
} from '../../test/support/snapshot.js';
import { createTsEngine } from './index.js';

const engine = createTsEngine();
const folder = await scratch();
let count = 0;
const fresh = () => join(folder, `snapshot-${++count}`);

const FEATURES = [
  'mt_last_price',
  'mt_last_ts',
  'mt_last_age_ms',
  'mt_return_30s',
  'mt_return_300s',
  'mt_trades_60s',
  'mt_volume_60s',
  'mt_notional_60s',
  'bucket',
  'complete_set_flag',
  'complete_set_shares',
  'regime',
];

/** The features of a snapshot, as text. */
async function features(tables: { trades: Columns; market_trades?: Columns }, changes = {}) {
  const snapshot = await writeSnapshot(fresh(), tables);
  const report = await engine.build(request(snapshot, changes));
  return { report, columns: await readColumns(report.out), snapshot };
}

const golden = () => features({ trades: goldenTrades(), market_trades: goldenTape() });

describe('the golden vectors of spec section 5', () => {
  it('come out of files', async () => {
    const { columns, report } = await golden();
    expect(Object.keys(columns)).toEqual([...Object.keys(goldenTrades()), ...FEATURES]);
    // Rows by (token, ts): A at 5, 100, 400, then B.
    expect(columns['ts']).toEqual([
      '1970-01-01T00:00:05Z',
      '1970-01-01T00:01:40Z',
      '1970-01-01T00:06:40Z',
      '1970-01-01T00:01:40Z',
    ]);
    expect(columns['mt_last_price']).toEqual([null, '0.52', '0.52', null]);
    expect(columns['mt_last_ts']).toEqual([null, '1970-01-01T00:01:40Z', '1970-01-01T00:01:40Z', null]);
    expect(columns['mt_last_age_ms']).toEqual([null, '0', '300000', null]);
    expect(columns['mt_return_30s']).toEqual([null, String(0.52 - 0.45), '0', null]);
    expect(columns['mt_return_300s']).toEqual([null, null, '0', null]);
    expect(columns['mt_trades_60s']).toEqual(['0', '4', '0', null]);
    expect(columns['mt_volume_60s']).toEqual(['0', '30', '0', null]);
    expect(columns['mt_notional_60s']?.map((n) => n && Number(n).toFixed(9))).toEqual([
      '0.000000000',
      '14.180000000',
      '0.000000000',
      null,
    ]);
    expect(columns['regime']).toEqual(['DIRECTIONAL', 'DIRECTIONAL', 'DIRECTIONAL', 'OTHER']);
    expect(report).toMatchObject({
      engine: 'ts',
      rows: 4,
      columns: 21,
      warnings: [],
      tables: { trades: [4, 9], market_trades: [5, 4], clob_tob: null },
      regimes: [
        { regime: 'DIRECTIONAL', trades: 3 },
        { regime: 'OTHER', trades: 1 },
      ],
      pnl: [
        { regime: 'DIRECTIONAL', exec_type: 'MAKER', trades: 2, pnl_usd: 5, avg_pnl: 2.5 },
        { regime: 'OTHER', exec_type: null, trades: 0, pnl_usd: 2, avg_pnl: 2 },
      ],
    });
    expect(report.timings_ms['total']).toBeGreaterThan(0);
  });

  it('are opened by an independent reader as what they are', async () => {
    const { report } = await golden();
    const file = new Uint8Array(await readFile(report.out)).buffer;
    const rows = await parquetReadObjects({ file, compressors });
    expect(rows[1]).toMatchObject({
      ts: new Date(100_000),
      token_id: 'A',
      mt_last_ts: new Date(100_000),
      mt_trades_60s: 4,
      bucket: new Date(100_000),
      complete_set_flag: false,
      regime: 'DIRECTIONAL',
    });
  });
});

describe('options', () => {
  it('order input keeps the rows where they were', async () => {
    const { columns } = await features(
      { trades: goldenTrades(), market_trades: goldenTape() },
      { order: 'input' },
    );
    expect(columns['mt_trades_60s']).toEqual(['0', null, '0', '4']);
  });

  it("columns picks what passes through, in the file's order", async () => {
    const tables = { trades: goldenTrades(), market_trades: goldenTape() };
    const some = await features(tables, { columns: ['size', 'ts'] });
    expect(Object.keys(some.columns)).toEqual(['ts', 'size', ...FEATURES]);
    const few = await features(tables, { columns: 'features' });
    expect(Object.keys(few.columns)).toEqual(['ts', 'token_id', 'market_slug', 'event_key', ...FEATURES]);
    await expect(features(tables, { columns: ['nope'] })).rejects.toMatchObject({
      code: 'MISSING_COLUMN',
      column: 'nope',
    });
  });

  it.each(['zstd', 'snappy', 'none'] as const)(
    'compression %s; source takes that of the trades',
    async (codec) => {
      const snapshot = await writeSnapshot(
        fresh(),
        { trades: goldenTrades(), market_trades: goldenTape() },
        { codec: 'gzip' },
      );
      const codecOf = async (path: string) =>
        (await openParquet(await readFile(path))).info.codecs.get('regime');
      const plain = await engine.build(request(snapshot, { compression: codec }));
      expect(await codecOf(plain.out)).toBe(codec);
      const source = await engine.build(request(snapshot));
      expect(await codecOf(source.out)).toBe('gzip');
    },
  );

  it('metadata is kept, but what pandas wrote about the columns', async () => {
    const metadata = new Map([
      ['pandas', '{}'],
      ['origin', 'recorder 7'],
    ]);
    const snapshot = await writeSnapshot(
      fresh(),
      { trades: goldenTrades(), market_trades: goldenTape() },
      { metadata },
    );
    const { info } = await openParquet(await readFile((await engine.build(request(snapshot))).out));
    const own = [...info.schema.metadata].filter(([key]) => !key.startsWith('polyfeat.'));
    expect(Object.fromEntries(own)).toEqual({ origin: 'recorder 7' });
  });
});

describe('odd input gives a warning and a result', () => {
  const codes = (report: { warnings: { code: string }[] }) => report.warnings.map(({ code }) => code);

  it('no tape, or an empty one: no mt_ columns, rows as in the file', async () => {
    const empty = Object.fromEntries(Object.entries(goldenTape()).map(([name, v]) => [name, v.slice(0, 0)]));
    for (const [tables, code] of [
      [{ trades: goldenTrades() }, 'no_market_trades'],
      [{ trades: goldenTrades(), market_trades: empty }, 'empty_market_trades'],
    ] as const) {
      const { report, columns } = await features(tables);
      expect(codes(report)).toEqual([code]);
      expect(Object.keys(columns)).toEqual([...Object.keys(goldenTrades()), ...FEATURES.slice(8)]);
      expect(columns['size']).toEqual(['1', '2', '3', '4']);
    }
  });

  it('trades without rows', async () => {
    const empty = Object.fromEntries(
      Object.entries(goldenTrades()).map(([name, v]) => [name, v.slice(0, 0)]),
    );
    const { report, columns } = await features({ trades: empty, market_trades: goldenTape() });
    expect(codes(report)).toEqual(['empty_trades']);
    expect(report).toMatchObject({ rows: 0, columns: 21, regimes: [], pnl: [] });
    expect(columns['regime']).toEqual([]);
  });

  it('nulls in the tape, texts that are no times, summary columns missing', async () => {
    const { exec_type: _, ...trades } = goldenTrades();
    const tape = {
      ...goldenTape(),
      ts: texts(['soon', null, '1970-01-01', '1970-01-01', '1970-01-01']),
      token_id: texts(['A', 'A', 'A', null, 'A']),
    };
    const { report } = await features({ trades, market_trades: tape });
    expect(codes(report)).toEqual([
      'unparsable_ts',
      'market_trades_null_ts',
      'market_trades_null_token',
      'summary_columns_missing',
    ]);
    expect(report.dropped).toEqual({ market_trades_null_ts: 2, market_trades_null_token: 1 });
    expect(report.pnl).toBeNull();
  });

  it('a features file fed in again: its columns are replaced, or left out without a tape', async () => {
    const { columns, report } = await golden();
    const again = fresh();
    await mkdir(again);
    await writeFile(join(again, 'trades.parquet'), await readFile(report.out));
    const without = await engine.build(request(again));
    expect(codes(without)).toEqual(['no_market_trades', 'replaced_columns', 'dropped_columns']);
    expect(Object.keys(await readColumns(without.out))).toEqual([
      ...Object.keys(goldenTrades()),
      ...FEATURES.slice(8),
    ]);
    await writeColumns(join(again, 'market_trades.parquet'), goldenTape());
    const rebuilt = await engine.build(request(again));
    expect(codes(rebuilt)).toEqual(['replaced_columns']);
    expect(await readColumns(rebuilt.out)).toEqual(columns);
  });

  it('a unit for integers where there are none', async () => {
    const { report } = await features(
      { trades: goldenTrades(), market_trades: goldenTape() },
      { tsUnit: 's' },
    );
    expect(codes(report)).toEqual(['ts_unit_unused']);
  });
});

describe('parts', () => {
  it('are read in byte order of their names, whatever the encoding of their texts', async () => {
    const snapshot = fresh();
    const part = (from: number, to: number) =>
      Object.fromEntries(Object.entries(goldenTrades()).map(([n, v]) => [n, v.slice(from, to)]));
    const encoded = part(2, 4);
    encoded['token_id'] = vectorFromArray(
      (encoded['token_id'] as Vector).toJSON(),
      new Dictionary(new Utf8(), new Int32()),
    );
    await writeColumns(join(snapshot, 'trades.parquet', 'b'), encoded);
    await writeColumns(join(snapshot, 'trades.parquet', 'B'), part(0, 2));
    await writeFile(join(snapshot, 'trades.parquet', '_SUCCESS'), '');
    await writeFile(join(snapshot, 'trades.parquet', '.crc'), 'x');
    await writeColumns(join(snapshot, 'market_trades', 'only.parquet'), goldenTape());
    await writeFile(join(snapshot, 'market_trades', 'notes.txt'), 'x');
    const report = await engine.build(request(snapshot));
    expect(await readColumns(report.out)).toEqual((await golden()).columns);
  });

  it('that differ are an error naming part and column', async () => {
    const snapshot = fresh();
    await writeColumns(join(snapshot, 'trades.parquet', 'a'), goldenTrades());
    await writeColumns(join(snapshot, 'trades.parquet', 'b'), {
      ...goldenTrades(),
      size: vectorFromArray([1, 2, 3, 4], new Int32()),
    });
    await expect(engine.build(request(snapshot))).rejects.toMatchObject({
      code: 'PARTS_DIFFER',
      file: join(snapshot, 'trades.parquet', 'b'),
      column: 'size',
    });
  });
});
