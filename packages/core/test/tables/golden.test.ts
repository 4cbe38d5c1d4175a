/** The golden vectors of spec section 5 through every function on tables, on every engine there is. */
import { describe, expect, it } from 'vitest';
import {
  asofJoin,
  asofJoinAsync,
  completeSets,
  completeSetsAsync,
  computeFeatures,
  computeFeaturesAsync,
  prepare,
  prepareAsync,
  type RuleOptions,
  regimes,
  regimesAsync,
  windowFlow,
  windowFlowAsync,
} from '../../src/index.js';
import { buys, engines, golden, rowsOf } from './support.js';

const { trades, tape } = golden;

/** Everything a trade's features are, by the trades' order in the table of the specification. */
const FEATURES = [
  { price: 0.52, age: 0, r30: 0.52 - 0.45, r300: null, flow: [4, 30, 14.18] },
  { price: 0.52, age: 300_000, r30: 0, r300: 0, flow: [0, 0, 0] },
  { price: null, age: null, r30: null, r300: null, flow: [0, 0, 0] },
  { price: null, age: null, r30: null, r300: null, flow: [null, null, null] },
];

const EXCLUDE = { ties: 'exclude' } as const;
const NONE = [null, null, null];

/** Rules, a row of the trades, and what it is: last price and age, returns of 30 s and 300 s, flow of 60 s. */
const RULES: [RuleOptions, number, (number | null)[], (number | null)[], (number | null)[]][] = [
  [{}, 0, [0.52, 0], [0.52 - 0.45, null], [4, 30, 14.18]],
  [EXCLUDE, 0, [0.45, 30_000], [0.45 - 0.41, null], [3, 19, 8.42]],
  [{}, 1, [0.52, 300_000], [0, 0], [0, 0, 0]],
  [EXCLUDE, 1, [0.52, 300_000], [0, 0.52 - 0.45], [0, 0, 0]],
  [{}, 2, [null, null], [null, null], [0, 0, 0]],
  [{ unknownToken: 'causal' }, 2, [null, null], [null, null], NONE],
  [{}, 3, [null, null], [null, null], NONE],
  [{ unknownToken: 'causal' }, 3, [null, null], [null, null], NONE],
  [{ unknownToken: 'zero' }, 3, [null, null], [null, null], [0, 0, 0]],
];

/** The notional of the first: each product is rounded once, and so is their sum. */
const NOTIONAL = 14.18;

function expectFeatures(rows: Record<string, unknown>[]) {
  expect(
    rows.map((row) => ({
      price: row['mt_last_price'],
      age: row['mt_last_age_ms'],
      r30: row['mt_return_30s'],
      r300: row['mt_return_300s'],
      flow: [row['mt_trades_60s'], row['mt_volume_60s'], row['mt_notional_60s']],
    })),
  ).toEqual(FEATURES);
  expect(rows[0]?.['mt_notional_60s']).toBe(NOTIONAL);
}

describe.each(engines)('spec section 5 by %s', (engine) => {
  it('computeFeatures', async () => {
    expectFeatures(rowsOf(computeFeatures(trades, tape, { engine })));
    expectFeatures(rowsOf(await computeFeaturesAsync(trades, tape, { engine })));
  });

  it.each(RULES)('computeFeatures and prepare with %o', (rules, row, last, returns, flow) => {
    using handle = prepare(tape, { engine, ...rules });
    for (const features of [
      computeFeatures(trades, tape, { engine, ...rules }),
      handle.computeFeatures(trades),
    ]) {
      const got = rowsOf(features)[row]!;
      expect([got['mt_last_price'], got['mt_last_age_ms']]).toEqual(last);
      expect([got['mt_return_30s'], got['mt_return_300s']]).toEqual(returns);
      expect(['mt_trades_60s', 'mt_volume_60s', 'mt_notional_60s'].map((name) => got[name])).toEqual(flow);
    }
  });

  it('prepare', async () => {
    using handle = prepare(tape, { engine });
    expect([handle.rows, handle.tokens, handle.unit]).toEqual([5, 1, 'ms']);
    expect(handle.bytes).toBeGreaterThan(0);
    expectFeatures(rowsOf(handle.computeFeatures(trades)));
    using other = await prepareAsync(tape, { engine });
    expectFeatures(rowsOf(await other.computeFeaturesAsync(trades)));
  });

  it('asofJoin', async () => {
    const options = { engine, by: ['token_id'], columns: ['price', 'size'], suffix: '_print' } as const;
    for (const joined of [asofJoin(trades, tape, options), await asofJoinAsync(trades, tape, options)]) {
      expect(rowsOf(joined).map((row) => [row['price'], row['size_print']])).toEqual([
        [0.52, 8],
        [0.52, 8],
        [null, null],
        [null, null],
      ]);
    }
    const strict = rowsOf(asofJoin(trades, tape, { ...options, strict: true }));
    expect(strict.map((row) => row['price'])).toEqual([0.45, 0.52, null, null]);
    const first = rowsOf(asofJoin(trades, tape, { ...options, ties: 'first' }));
    expect(first.map((row) => row['price'])).toEqual([0.5, 0.5, null, null]);
  });

  it('windowFlow', async () => {
    const options = {
      engine,
      by: ['token_id'],
      windows: ['60s'],
      sums: { volume: 'size', notional: ['price', 'size'] },
    } as const;
    for (const flow of [windowFlow(trades, tape, options), await windowFlowAsync(trades, tape, options)]) {
      expect(rowsOf(flow).map((row) => [row['count_60s'], row['volume_60s'], row['notional_60s']])).toEqual([
        [4, 30, 14.18],
        [0, 0, 0],
        [0, 0, 0],
        // A key without rows has none in the window: that it is nowhere in the tape is a rule of the features.
        [0, 0, 0],
      ]);
    }
    // Ties exclude: [t - w, t).
    const left = rowsOf(windowFlow(trades, tape, { ...options, closed: 'left' }));
    expect(left[0]).toMatchObject({ count_60s: 3, volume_60s: 19, notional_60s: 8.42 });
  });

  it.each([
    ['bucket', [true, true, true, false], [3, 3, 3, 0]],
    ['bucket-asof', [false, true, true, false], [0, 3, 3, 0]],
    ['trailing', [false, true, true, true], [0, 3, 3, 1]],
    ['prev-bucket', [false, false, false, true], [0, 0, 0, 3]],
  ] as const)('completeSets and regimes, regime %s', async (regime, flags, shares) => {
    for (const table of [
      completeSets(buys, { engine, regime }),
      await completeSetsAsync(buys, { engine, regime }),
    ]) {
      expect(rowsOf(table).map((row) => row['complete_set_flag'])).toEqual(flags);
      expect(rowsOf(table).map((row) => row['complete_set_shares'])).toEqual(shares);
      expect(table.getChild('regime' as never)).toBeNull();
    }
    for (const table of [regimes(buys, { engine, regime }), await regimesAsync(buys, { engine, regime })]) {
      expect(rowsOf(table).map((row) => row['regime'])).toEqual(
        flags.map((flag) => (flag ? 'COMPLETE_SET_ARBITRAGE' : 'DIRECTIONAL')),
      );
    }
  });

  it('sums', () => {
    const at = (...values: number[]) => BigInt64Array.from(values, BigInt);
    const sizes = (...values: number[]) => {
      const flow = windowFlow(
        { ts: at(100) },
        { ts: at(...values.map((_, i) => (i === 0 && values[0] === 1e300 ? 1 : 90 + i))), size: values },
        { engine, tsUnit: 's', windows: ['60s'], sums: { volume: 'size' } },
      );
      return flow.getChild('volume_60s')?.get(0);
    };
    expect(sizes(1e300, 0.1, 0.2)).toBe(0.30000000000000004);
    expect(sizes(1e16, 1, 1e-16)).toBe(10000000000000002);
  });
});
