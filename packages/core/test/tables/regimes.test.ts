/** Complete sets of random trades in every mode, against what the modes say row by row. Spec section 4. */
import { bucketOf, buysOutcome, exactSum, fitsTime, NANOS, type Trade } from '@polyfeat/reference';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeFeatures, parseDuration, regimes, regimesAsync } from '../../src/index.js';
import { tables, tradeColumns, valuesOf } from './model.js';
import { engines } from './support.js';

const modes = ['bucket', 'bucket-asof', 'trailing', 'prev-bucket'] as const;

/** The shares of a row, from the rows of its market. */
function sharesOf(
  row: number,
  trades: readonly Trade[],
  length: bigint,
  mode: (typeof modes)[number],
): number {
  const { ts, marketSlug } = trades[row]!;
  if (ts === null || marketSlug === null) return 0;
  const bucket = bucketOf(ts, length);
  const upTo = (other: bigint, at: number) => other < ts || (other === ts && at <= row);
  const counted = trades.filter((trade, at) => {
    if (trade.marketSlug !== marketSlug || trade.ts === null || !buysOutcome(trade)) return false;
    const own = bucketOf(trade.ts, length);
    if (mode === 'bucket') return own === bucket;
    if (mode === 'prev-bucket') return own === bucket - length;
    if (mode === 'bucket-asof') return own === bucket && upTo(trade.ts, at);
    return trade.ts > ts - length && upTo(trade.ts, at);
  });
  const sum = (outcome: string) =>
    exactSum(
      counted.flatMap((trade) =>
        trade.outcome !== outcome || trade.size === null || Number.isNaN(trade.size) ? [] : [trade.size],
      ),
    );
  const [up, down] = [sum('Up'), sum('Down')];
  return Number.isNaN(up) || Number.isNaN(down) ? 0 : Math.min(up, down);
}

describe.each(engines)('regimes by %s', (engine) => {
  it('are their definition, whatever the shape of the table', async () => {
    await fc.assert(
      fc.asyncProperty(
        tables(),
        fc.constantFrom(...modes),
        fc.constantFrom('1s', '5s', '10s', '400s'),
        async ({ clock, trades, shapes }, mode, bucket) => {
          const { nanos } = parseDuration(bucket);
          fc.pre(trades.every(({ ts }) => ts === null || fitsTime(bucketOf(ts, nanos) - nanos)));
          const columns = tradeColumns(trades, clock, shapes);
          const shares = trades.map((_, row) => sharesOf(row, trades, nanos, mode));
          for (const table of [
            regimes(columns, { engine, regime: mode, bucket }),
            await regimesAsync(columns, { engine, regime: mode, bucket }),
          ]) {
            expect(valuesOf(table, 'complete_set_shares')).toEqual(shares);
            expect(valuesOf(table, 'complete_set_flag')).toEqual(shares.map((value) => value > 0));
            expect(valuesOf(table, 'bucket')).toEqual(
              trades.map(({ ts }) => (ts === null ? null : bucketOf(ts, nanos))),
            );
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it("with the notebook's sums add in the notebook's order", () => {
    fc.assert(
      fc.property(tables(), ({ clock, trades, prints, shapes }) => {
        fc.pre(trades.every(({ ts }) => ts === null || fitsTime(bucketOf(ts, 10n * NANOS.s) - NANOS.s)));
        const columns = tradeColumns(trades, clock, shapes);
        const tape = { ts: BigInt64Array.of(0n), token_id: ['A'], price: [1], size: [1] };
        const features = computeFeatures(columns, tape, { engine: 'ts', sum: 'notebook', tsUnit: 's' });
        const alone = regimes(columns, { engine, sum: 'notebook' });
        expect(prints.length).toBeGreaterThan(0);
        expect(valuesOf(alone, 'complete_set_shares')).toEqual(valuesOf(features, 'complete_set_shares'));
      }),
      { numRuns: 200 },
    );
  });
});
