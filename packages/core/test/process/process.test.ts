/** What the library does to the process that it is in. The children run the built files, as a user does. */
import { describe, expect, it } from 'vitest';
import { goldenTape, goldenTrades, scratch, writeSnapshot } from '../support/snapshot.js';
import { engines } from '../tables/support.js';
import { run } from './run.js';

const MB = 2 ** 20;
const native = engines.includes('native');

describe.each(engines)('memory, by %s', (engine) => {
  it('stays flat over 500 calls of every function', { timeout: 0 }, async () => {
    const folder = await scratch();
    const golden = { trades: goldenTrades(), market_trades: goldenTape() };
    const snapshot = await writeSnapshot(`${folder}/snapshot`, golden);
    const args = [engine, snapshot, `${folder}/out.parquet`, '500'];
    type Growth = Record<'rss' | 'heapUsed' | 'external', number>;
    const report = await run<Record<string, Growth>>('leaks', args, ['--expose-gc']);
    // 500 results of 4,000 rows are 190 MB. What V8 keeps of its own heap comes and goes.
    const margin = (engine === 'native' ? 64 : 128) * MB;
    expect(Object.keys(report).length).toBeGreaterThan(12);
    for (const [entry, { rss, heapUsed, external }] of Object.entries(report)) {
      expect.soft([entry, rss]).toEqual([entry, expect.toSatisfy((grown: number) => grown < margin)]);
      expect.soft([entry, heapUsed]).toEqual([entry, expect.toSatisfy((grown: number) => grown < 4 * MB)]);
      expect.soft([entry, external]).toEqual([entry, expect.toSatisfy((grown: number) => grown < 4 * MB)]);
    }
  });
});

describe.skipIf(!native)('the native engine', () => {
  it('tells the collector of the memory that tapes hold', { timeout: 0 }, async () => {
    const { bytes, total, grown } = await run<Record<string, number>>('external');
    expect(bytes).toBeGreaterThan(200_000 * 16);
    expect(total).toBeGreaterThan(800 * MB);
    expect(grown).toBeLessThan(total! / 2);
  });

  it('gives the same in four threads at once, and lives when threads end in the middle', {
    timeout: 0,
  }, async () => {
    type Report = Record<'expected' | 'after' | 'terminated', number[]> & { four: number[][] };
    const { expected, four, terminated, after } = await run<Report>('workers');
    expect(new Set(expected).size).toBe(1);
    expect(four).toEqual([expected, expected, expected, expected]);
    expect(terminated).toEqual(Array(10).fill(1));
    expect(after).toEqual(expected);
  });

  it('tells of a panic as an error, and works on', { timeout: 0 }, async () => {
    type Report = { answers: Record<string, string>; before: number; after: number };
    const { answers, before, after } = await run<Report>('panics');
    expect(Object.keys(answers)).toHaveLength(18);
    for (const [call, said] of Object.entries(answers)) {
      expect([call, said]).toEqual([call, expect.stringMatching(/^INTERNAL: .*asked for by panicForTest/)]);
    }
    expect(after).toBe(before);
  });
});

describe.each(engines)('the event loop, by %s', (engine) => {
  it('keeps turning during a call', { timeout: 0 }, async () => {
    const turns = await run<Record<'sync' | 'async' | 'prepare', number>>('turns', [engine, '400000']);
    expect(turns.sync).toBeLessThan(4);
    expect(turns.async).toBeGreaterThan(8);
    expect(turns.prepare).toBeGreaterThan(1);
  });
});

it('without a binary, auto says which engine it took instead, and native what to do', async () => {
  const { rows, warnings, error } = await run<Record<'rows' | 'warnings' | 'error', unknown>>('fallback');
  expect(rows).toBe(1);
  expect(warnings).toEqual(['native_unavailable']);
  expect(error).toMatch(
    /^NATIVE_UNAVAILABLE: no native binary loads on .*; install again .*, or use the engine ts$/,
  );
});
