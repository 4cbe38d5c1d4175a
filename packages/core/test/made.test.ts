import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bothEngines, engines, native } from './support/engines.js';
import { goldenTape, goldenTrades, request, scratch, writeSnapshot } from './support/snapshot.js';

const folder = await scratch();
const snapshot = await writeSnapshot(join(folder, 's'), {
  trades: goldenTrades(),
  market_trades: goldenTape(),
});

describe.each([...engines])('how a file was made, by $name', (engine) => {
  it('is in the file and in its summary, but not in files of others', async () => {
    const out = join(folder, `${engine.name}.parquet`);
    await engine.build(request(snapshot, { out, order: 'input', columns: 'features' }));
    const { made } = await engine.summarize(out);
    expect(made).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      preset: 'notebook',
      rules: { ties: 'include', regime: 'bucket', availability: null },
      options: { order: 'input', columns: 'features', windows: ['60s'], labelAvailableAt: false },
      inputs: [
        { table: 'trades', file: 'trades.parquet', bytes: expect.any(Number) },
        { table: 'market_trades', file: 'market_trades.parquet' },
      ],
      roles: { ts: 'trade', event_key: 'trade', bucket: 'before', regime: 'label' },
    });
    // A features file as trades: what it said of itself does not stay.
    const again = await writeSnapshot(
      join(folder, `again-${engine.name}`),
      { trades: goldenTrades() },
      {
        metadata: new Map([
          ['polyfeat.preset', 'other'],
          ['polyfeat.more', '1'],
          ['kept', 'as it was'],
        ]),
      },
    );
    await engine.build(request(again));
    const of = (await engine.summarize(join(again, 'features.parquet'))).made as Record<string, unknown>;
    expect([of['preset'], of['more']]).toEqual(['notebook', undefined]);
    const plain = await writeSnapshot(join(folder, `plain-${engine.name}`), {
      trades: { regime: goldenTrades()['side']! },
    });
    expect((await engine.summarize(join(plain, 'trades.parquet'))).made).toBeNull();
  });
});

it.runIf(native !== null)('is told alike by both engines', async () => {
  const both = bothEngines();
  const made = async (engine: typeof both.ts) => {
    const out = join(folder, `both.${engine.name}.parquet`);
    await engine.build(request(snapshot, { out, columns: 'safe', labelAvailableAt: true }));
    return (await both.ts.summarize(out)).made;
  };
  const [a, b] = [await made(both.native), await made(both.ts)];
  expect(a?.inputs?.every(({ footer_xxh64 }) => /^[0-9a-f]{16}$/.test(footer_xxh64))).toBe(true);
  expect(b).toEqual(a);
});
