import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openParquet } from '@polyfeat/parquet';
import { describe, expect, it } from 'vitest';
import { readRules } from '../src/rules.js';
import type { BuildRequest, Engine } from '../src/types.js';
import { bothEngines, engines, native, ts } from './support/engines.js';
import { bundled } from './support/goldens.js';
import {
  type Columns,
  goldenTape,
  goldenTrades,
  numbers,
  readColumns,
  request,
  scratch,
  texts,
  writeSnapshot,
} from './support/snapshot.js';

const folder = await scratch();
let count = 0;
const snapshotOf = (more: Columns = {}) =>
  writeSnapshot(join(folder, `s${++count}`), {
    trades: { ...goldenTrades(), mid: numbers([1, 2, 3, 4]), mine: numbers([1, 2, 3, 4]), ...more },
    market_trades: goldenTape(),
  });
const build = async (engine: Engine, snapshot: string, changes: Partial<BuildRequest>) => {
  const out = join(folder, `o${++count}.parquet`);
  const { warnings } = await engine.build(request(snapshot, { ...changes, out }));
  return { out, codes: warnings.map(({ code }) => code) };
};
const fieldsOf = async (file: string) => {
  const { fields } = (await openParquet(await readFile(file))).info.schema;
  return fields.map(({ name, metadata }) => ({ name, metadata: Object.fromEntries(metadata) }));
};
const safe = { columns: 'safe' } as const;

describe.each([...engines])('columns: safe by $name', (engine) => {
  it('leaves out what is known later, and names labels so', async () => {
    const snapshot = await snapshotOf({ settle_price: numbers([0, 1, null, 1]) });
    const { out, codes } = await build(engine, snapshot, { ...safe, returns: [] });
    expect(codes).toEqual(['unknown_columns', 'lookahead_labels']);
    const columns = await readColumns(out);
    expect(Object.keys(columns)).toEqual([
      ...['ts', 'token_id', 'market_slug', 'side', 'outcome', 'size', 'label_realized_pnl', 'event_key'],
      'label_settle_price',
      ...['label_mt_last_price', 'label_mt_last_ts', 'label_mt_last_age_ms'],
      ...['label_mt_trades_60s', 'label_mt_volume_60s', 'label_mt_notional_60s', 'bucket'],
      ...['label_complete_set_flag', 'label_complete_set_shares', 'label_regime'],
    ]);
    const all = await readColumns((await build(engine, snapshot, { returns: [] })).out);
    for (const [name, values] of Object.entries(columns))
      expect(values, name).toEqual(all[name] ?? all[name.slice('label_'.length)]);
    const fields = await fieldsOf(out);
    const marked = fields.filter(({ metadata }) => metadata['polyfeat:role'] === 'label');
    expect(marked.map(({ name }) => name)).toEqual(['label_realized_pnl', 'label_settle_price']);
  });

  it('refuses a label whose name is taken', async () => {
    const snapshot = await snapshotOf({ label_realized_pnl: numbers([1, 2, 3, 4]) });
    await expect(build(engine, snapshot, safe)).rejects.toMatchObject({
      code: 'NAME_CLASH',
      column: 'label_realized_pnl',
      message: expect.stringContaining('has both realized_pnl and label_realized_pnl'),
    });
  });

  it('has a summary, without the PnL that needs the book', async () => {
    const { out } = await build(engine, await snapshotOf(), safe);
    const plain = await build(engine, await snapshotOf(), {});
    const [of, all] = [await engine.summarize(out), await engine.summarize(plain.out)];
    expect([of.regimes, of.pnl]).toEqual([all.regimes, null]);
    const labels = { label_regime: texts(['A', 'B']), label_realized_pnl: numbers([1, 2]) };
    const snapshot = await writeSnapshot(join(folder, `s${++count}`), {
      trades: { ...labels, exec_type: texts(['X', 'X']), event_key: texts(['a', 'b']) },
    });
    const { pnl } = await engine.summarize(join(snapshot, 'trades.parquet'));
    expect(pnl?.map(({ regime, pnl_usd }) => [regime, pnl_usd])).toEqual([
      ['B', 2],
      ['A', 1],
    ]);
  });
});

describe.each([...engines])('label_available_at by $name', (engine) => {
  it('is the end of the bucket, and null without a time', async () => {
    const trades = goldenTrades();
    const snapshot = await snapshotOf({ label_available_at: numbers([1, 2, 3, 4]) });
    const asked = await build(engine, snapshot, { order: 'input', labelAvailableAt: true });
    expect(asked.codes).toContain('replaced_columns');
    const columns = await readColumns(asked.out);
    const end = (seconds: number) => `${Math.floor(seconds / 10) * 10 + 10}`;
    const { label_available_at: at, bucket } = columns;
    expect(trades['ts']?.length).toBe(4);
    expect(at).toHaveLength(4);
    expect(bucket).toHaveLength(4);
    expect(at?.map((value) => new Date(value as string).getTime() / 1000)).toEqual(
      [400, 100, 5, 100].map((second) => Number(end(second))),
    );
    const not = await build(engine, snapshot, {});
    expect(not.codes).toContain('dropped_columns');
    expect(Object.keys(await readColumns(not.out))).not.toContain('label_available_at');
  });

  it('is refused where the bucket ends after 64-bit times do', async () => {
    const { stamps } = await import('./support/columns.js');
    const { TimeUnit } = await import('apache-arrow');
    const late = stamps([5n, 2n ** 63n - 2n, 7n, null], TimeUnit.NANOSECOND, 'UTC');
    const snapshot = await writeSnapshot(join(folder, `s${++count}`), {
      trades: { ...goldenTrades(), ts: late },
    });
    await expect(build(engine, snapshot, { labelAvailableAt: true })).rejects.toMatchObject({
      code: 'OVERFLOW',
      column: 'label_available_at',
    });
    await build(engine, snapshot, {});
  });
});

describe.runIf(native !== null)('both engines', () => {
  it.each([...bundled])('write the same safe file of $name', async ({ snapshot }) => {
    const both = bothEngines();
    const changes = { ...safe, labelAvailableAt: true };
    const [a, b] = [await build(both.native, snapshot, changes), await build(both.ts, snapshot, changes)];
    expect(await ts.compare({ a: a.out, b: b.out, rtol: 0, atol: 0, key: [] })).toMatchObject({
      equal: true,
      order_differs: false,
    });
    expect(a.codes).toEqual(b.codes);
    expect(await fieldsOf(b.out)).toEqual(await fieldsOf(a.out));
  });

  it.each([
    {},
    { preset: 'strict' },
    { preset: 'strict', ties: 'include', unknownToken: 'null', regime: 'bucket' },
    { preset: 'strict', direction: 'nearest', allowLookahead: true },
    { ties: 'exclude', regime: 'trailing', direction: 'forward', allowLookahead: true },
    { sequence: { trades: 'size', tape: 'size' }, unknownToken: 'zero' },
  ] as const)('know alike what looks ahead under %j', async (given) => {
    const rules = readRules('test', given);
    const whole = { trades: { ...goldenTrades() }, market_trades: goldenTape() };
    const { vectorFromArray, Int32 } = await import('apache-arrow');
    whole.trades['size'] = vectorFromArray([1, 2, 3, 4], new Int32());
    whole.market_trades['size'] = vectorFromArray([1, 2, 3, 4, 5], new Int32());
    const snapshot = await writeSnapshot(join(folder, `s${++count}`), whole);
    const changes = { ...safe, labelAvailableAt: true, rules: { ...rules, proof: true } };
    const both = bothEngines();
    const [a, b] = [await build(both.native, snapshot, changes), await build(both.ts, snapshot, changes)];
    expect(await ts.compare({ a: a.out, b: b.out, rtol: 0, atol: 0, key: [] })).toMatchObject({
      equal: true,
      order_differs: false,
    });
    expect(a.codes).toEqual(b.codes);
    const fields = await fieldsOf(a.out);
    expect(await fieldsOf(b.out)).toEqual(fields);
    const made = fields.filter(({ metadata }) => metadata['polyfeat:lookahead'] !== undefined);
    expect(made.length).toBe(19);
    for (const { name, metadata } of made) {
      const label = name.startsWith('label_') && name !== 'label_available_at';
      expect([name, label]).toEqual([name, metadata['polyfeat:lookahead'] !== 'none']);
    }
  });
});
