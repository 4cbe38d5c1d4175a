import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openParquet } from '@polyfeat/parquet';
import {
  DateDay,
  Dictionary,
  Float32,
  Int32,
  Int64,
  LargeUtf8,
  TimeUnit,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { decimals, everyType, raw64, stamps } from '../../test/support/columns.js';
import {
  type Columns,
  goldenTape,
  goldenTrades,
  numbers,
  readColumns,
  request,
  scratch,
  seconds,
  texts,
  writeSnapshot,
} from '../../test/support/snapshot.js';
import { typeText } from '../arrow/type-text.js';
import { createTsEngine } from './index.js';

const engine = createTsEngine();
const folder = await scratch();
let count = 0;
const fresh = () => join(folder, `snapshot-${++count}`);

/** The features of a snapshot, as text. */
async function features(tables: { trades: Columns; market_trades?: Columns }, changes = {}) {
  const snapshot = await writeSnapshot(fresh(), tables);
  const report = await engine.build(request(snapshot, changes));
  return { report, columns: await readColumns(report.out), snapshot };
}

const golden = () => features({ trades: goldenTrades(), market_trades: goldenTape() });

describe('types of the input', () => {
  const sec = (vector: Vector) =>
    vector.data.flatMap((d) => Array.from(d.values as BigInt64Array, (v) => v / 1000n));
  const inUnit = (unit: TimeUnit, scale: bigint, zone?: string) => (v: Vector) =>
    stamps(
      sec(v).map((s) => s * scale),
      unit,
      zone,
    );
  const iso = (v: Vector) => sec(v).map((s) => new Date(Number(s) * 1000).toISOString());
  const times: Record<string, (v: Vector) => Vector> = {
    'ms naive': inUnit(TimeUnit.MILLISECOND, 1000n),
    'us zoned': inUnit(TimeUnit.MICROSECOND, 1_000_000n, 'America/New_York'),
    'ns naive': inUnit(TimeUnit.NANOSECOND, 1_000_000_000n),
    strings: (v) => texts(iso(v)),
    'large strings': (v) => vectorFromArray(iso(v), new LargeUtf8()),
    'dictionary strings': (v) => vectorFromArray(iso(v), new Dictionary(new Utf8(), new Int32())),
  };
  const names = Object.keys(times);

  it.each(names.flatMap((a) => names.map((b) => [a, b] as const)))(
    'trades in %s, tape in %s',
    async (a, b) => {
      const [trades, tape] = [goldenTrades(), goldenTape()];
      const changed = await features({
        trades: { ...trades, ts: times[a]?.(trades['ts'] as Vector) as Vector },
        market_trades: { ...tape, ts: times[b]?.(tape['ts'] as Vector) as Vector },
      });
      expect(changed.columns).toEqual((await golden()).columns);
    },
  );

  it('integers with a unit, whose seconds are stored as ms', async () => {
    const [trades, tape] = [goldenTrades(), goldenTape()];
    const ints = (v: Vector) => raw64(new Int64(), sec(v));
    const tables = {
      trades: { ...trades, ts: ints(trades['ts'] as Vector) },
      market_trades: { ...tape, ts: ints(tape['ts'] as Vector) },
    };
    const { columns, report } = await features(tables, { tsUnit: 's' });
    expect(columns).toEqual((await golden()).columns);
    const { info } = await openParquet(await readFile(report.out));
    const types = Object.fromEntries(info.schema.fields.map((f) => [f.name, typeText(f.type)]));
    expect(types).toMatchObject({
      ts: 'timestamp[ms, tz=UTC]',
      mt_last_ts: 'timestamp[ms, tz=UTC]',
      bucket: 'timestamp[ms, tz=UTC]',
    });
    await expect(features(tables)).rejects.toMatchObject({ code: 'WRONG_TYPE', column: 'ts' });
  });

  it("units are kept: ts and bucket those of the trades, mt_last_ts the tape's", async () => {
    const [trades, tape] = [goldenTrades(), goldenTape()];
    const { report } = await features({
      trades: { ...trades, ts: times['us zoned']?.(trades['ts'] as Vector) as Vector },
      market_trades: { ...tape, ts: times['strings']?.(tape['ts'] as Vector) as Vector },
    });
    const { info } = await openParquet(await readFile(report.out));
    const types = Object.fromEntries(info.schema.fields.map((f) => [f.name, typeText(f.type)]));
    expect(types).toMatchObject({
      ts: 'timestamp[us, tz=UTC]',
      mt_last_ts: 'timestamp[ns, tz=UTC]',
      bucket: 'timestamp[us, tz=UTC]',
    });
  });

  it('dates, tokens in dictionaries, prices as decimals, sizes as ints and floats', async () => {
    const [trades, tape] = [goldenTrades(), goldenTape()];
    const day = (n: number) =>
      vectorFromArray(
        Array.from({ length: n }, () => new Date(0)),
        new DateDay(),
      );
    const encoded = (v: Vector) => vectorFromArray(v.toJSON(), new Dictionary(new Utf8(), new Int32()));
    const { columns } = await features({
      trades: {
        ...trades,
        ts: day(4),
        token_id: encoded(trades['token_id'] as Vector),
        size: vectorFromArray([1, 2, 3, 4], new Int32()),
      },
      market_trades: {
        ts: day(5),
        token_id: encoded(tape['token_id'] as Vector),
        price: decimals([40n, 41n, 45n, 50n, 52n], 2),
        size: vectorFromArray([1, 2, 16, 4, 8], new Float32()),
      },
    });
    expect(columns['mt_volume_60s']).toEqual(['31', '31', '31', null]);
    expect(columns['mt_last_price']).toEqual(['0.52', '0.52', '0.52', null]);
    expect(columns['bucket']?.[0]).toBe('1970-01-01T00:00:00Z');
  });

  it('columns of every type pass through', async () => {
    const extra = everyType();
    const rows = 11;
    const trades: Columns = {
      ts: seconds(Array.from({ length: rows }, (_, i) => 100 - i)),
      ...Object.fromEntries(
        ['token_id', 'market_slug', 'side', 'outcome'].map((n) => [n, texts(new Array(rows).fill('x'))]),
      ),
      size: numbers(new Array(rows).fill(1)),
      ...extra,
    };
    const { columns, snapshot } = await features({ trades, market_trades: goldenTape() });
    const before = await readColumns(join(snapshot, 'trades.parquet'));
    for (const name of Object.keys(extra))
      expect([name, columns[name]]).toEqual([name, before[name]?.toReversed()]);
    const { info } = await openParquet(await readFile(join(snapshot, 'features.parquet')));
    const types = Object.fromEntries(info.schema.fields.map((f) => [f.name, typeText(f.type)]));
    expect(types).toMatchObject({
      dictionary: 'dictionary<values=string, indices=int8>',
      decimal: 'decimal128(38, 4)',
      nested: 'list<item: list<item: string>>',
    });
  });
});
