import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explainTrade } from '../src/explain-trade.js';
import { readRules } from '../src/rules.js';
import { bothEngines, native, ts } from './support/engines.js';
import { bundled } from './support/goldens.js';
import {
  goldenTape,
  goldenTrades,
  readColumns,
  request,
  scratch,
  writeSnapshot,
} from './support/snapshot.js';

const folder = await scratch();
const golden = await writeSnapshot(join(folder, 'golden'), {
  trades: goldenTrades(),
  market_trades: goldenTape(),
});

describe.runIf(native !== null)('explainTrade', () => {
  it('tells the prints of the worked example, and what a build writes of them', async () => {
    const rules = { ties: 'exclude' } as const;
    const { tape, values, rules: told, trade } = await explainTrade(golden, 3, { rules });
    expect(trade).toMatchObject({ ts: '1970-01-01T00:01:40Z', token_id: 'A', event_key: 'd' });
    expect(told).toMatchObject({ ties: 'exclude', resolution: '1s', closed: 'left' });
    expect(values).toMatchObject({
      mt_last_price: 0.45,
      mt_last_age_ms: 30_000,
      mt_return_300s: null,
      mt_trades_60s: 3,
      mt_volume_60s: 19,
    });
    expect(tape).toMatchObject({ prints: 5, visible: 3, last: { print: { row: 2, size: 16 }, why: null } });
    expect(tape?.left_out).toMatchObject([
      { why: "in the trade's own tick", prints: 2, nearest: [{ row: 3 }, { row: 4 }] },
    ]);
    expect(tape?.lagged.map(({ lag, print }) => [lag, print?.row])).toEqual([
      ['30s', 1],
      ['300s', undefined],
    ]);
    const limited = await explainTrade(golden, 3, { limit: 1 });
    expect(limited.tape?.windows[0]).toMatchObject({ held: 4, nearest: [{ row: 4 }] });
    const early = await explainTrade(golden, 2, { rules });
    expect(early.tape?.last).toMatchObject({ print: null, why: 'no print is seen' });
  });

  it.each(['notebook', 'strict', 'live'] as const)('is the %s build of real rows', async (preset) => {
    const { native } = bothEngines();
    for (const { name, snapshot } of bundled) {
      const out = join(folder, `${name}.${preset}.parquet`);
      const rules = readRules('test', { preset });
      await native.build(request(snapshot, { out, order: 'input', rules }));
      const columns = await readColumns(out);
      const { rows } = await native.summarize(out);
      for (const row of [0, Math.floor(rows / 3), rows - 1]) {
        const { values } = await explainTrade(snapshot, row, { rules: { preset } });
        for (const [column, value] of Object.entries(values)) {
          const written = columns[column]?.[row] ?? null;
          // Times and numbers differ in how they are written as text only.
          const same = (text: unknown) =>
            typeof text === 'string' && /^\d{4}-/.test(text) ? Date.parse(text) : text;
          const told = value === null ? null : String(value);
          if (typeof value === 'number') expect(Number(written), column).toBe(value);
          else expect(same(written), `${column} in row ${row}`).toEqual(same(told));
        }
      }
    }
  });

  it('refuses rows and options that there are not', async () => {
    await expect(explainTrade(golden, 4)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('has no row 4: it has 4 rows; give a number from 0 to 3'),
    });
    await expect(explainTrade(golden, -1)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    await expect(explainTrade(golden, 0, { lmit: 1 } as object)).rejects.toMatchObject({
      message: expect.stringContaining('did you mean limit?'),
    });
    await expect(explainTrade(golden, 0, { signal: AbortSignal.abort('enough') })).rejects.toBe('enough');
    await expect(explainTrade(join(folder, 'none'), 0)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

it('needs the native engine', async () => {
  await expect(explainTrade(golden, 0, { engine: ts })).rejects.toMatchObject({ code: 'UNSUPPORTED' });
});
