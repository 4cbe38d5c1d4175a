import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeFeatures, type FeatureOptions } from './features.js';
import type { Print, Trade } from './rows.js';

const S = 1_000_000_000n;
const OPTIONS: FeatureOptions = {
  returns: [30n * S, 300n * S],
  windows: [60n * S],
  bucket: 10n * S,
  sum: 'exact',
};
const trade = (seconds: number, tokenId: string | null): Trade => ({
  ts: BigInt(seconds) * S,
  tokenId,
  marketSlug: 'm',
  side: 'BUY',
  outcome: 'Up',
  size: 1,
});
const print = (
  seconds: number,
  price: number | null,
  size: number | null,
  tokenId: string | null = 'A',
): Print => ({
  ts: BigInt(seconds) * S,
  tokenId,
  price,
  size,
});
const GOLDEN = [
  print(40, 0.4, 1),
  print(41, 0.41, 2),
  print(70, 0.45, 16),
  print(100, 0.5, 4),
  print(100, 0.52, 8),
];

/** What a reader would write first, straight from the table of spec section 2: quadratic, nothing shared. */
function bruteForce(trades: readonly Trade[], prints: readonly Print[], options: FeatureOptions) {
  return trades.map(({ ts, tokenId }) => {
    const mine = prints.filter((p) => p.ts !== null && p.tokenId !== null && p.tokenId === tokenId);
    const lastUpTo = (limit: bigint) => {
      let best: Print | null = null;
      for (const p of mine) {
        if ((p.ts as bigint) <= limit && (best === null || (p.ts as bigint) >= (best.ts as bigint))) best = p;
      }
      return best;
    };
    const none = { price: null, ts: null, age: null };
    if (ts === null || tokenId === null || mine.length === 0) {
      return {
        ...none,
        returns: options.returns.map(() => null),
        counts: options.windows.map(() => null),
        null: true,
      };
    }
    const last = lastUpTo(ts);
    return {
      price: last?.price ?? null,
      ts: last?.ts ?? null,
      age: last === null ? null : Number(ts - (last.ts as bigint)) / 1e6,
      returns: options.returns.map((lag) => {
        const earlier = lastUpTo(ts - lag);
        const missing = last === null || last.price === null || earlier === null || earlier.price === null;
        return missing ? null : (last.price as number) - (earlier.price as number);
      }),
      counts: options.windows.map(
        (w) => mine.filter((p) => (p.ts as bigint) > ts - w && (p.ts as bigint) <= ts).length,
      ),
      null: false,
    };
  });
}

const smallTime = fc.option(fc.integer({ min: -4, max: 40 }), { freq: 12 });
const token = fc.option(fc.constantFrom('A', 'B', 'C'), { freq: 12 });
const amount = fc.option(
  fc.integer({ min: -2, max: 50 }).map((n) => n / 8),
  { freq: 12 },
);
const printRow = fc
  .record({ ts: smallTime, tokenId: token, price: amount, size: amount })
  .map((row): Print => ({ ...row, ts: row.ts === null ? null : BigInt(row.ts) }));
const tradeRow = fc
  .record({
    ts: smallTime,
    tokenId: token,
    marketSlug: fc.option(fc.constantFrom('m', 'n')),
    side: fc.constantFrom('BUY', 'SELL', null),
    outcome: fc.constantFrom('Up', 'Down', 'Yes', null),
    size: amount,
  })
  .map((row): Trade => ({ ...row, ts: row.ts === null ? null : BigInt(row.ts) }));
const SMALL: FeatureOptions = { returns: [1n, 7n], windows: [3n, 20n], bucket: 10n, sum: 'exact' };

describe('the golden vectors of spec section 5', () => {
  it.each([
    ['A', 100, 0.52, 0, 0.52 - 0.45, null, 4, 30, 14.18],
    ['A', 400, 0.52, 300000, 0, 0, 0, 0, 0],
    ['A', 5, null, null, null, null, 0, 0, 0],
    ['B', 100, null, null, null, null, null, null, null],
  ] as const)('%s at %i', (tokenId, at, price, age, r30, r300, count, volume, notional) => {
    for (const sum of ['exact', 'notebook'] as const) {
      const { rows } = computeFeatures([trade(at, tokenId)], GOLDEN, { ...OPTIONS, sum });
      const tape = rows[0]?.tape;
      expect(tape?.lastPrice).toBe(price);
      expect(tape?.lastAgeMs).toBe(age);
      expect(tape?.returns).toEqual([r30, r300]);
      expect(tape?.flows[0]?.trades).toBe(count);
      expect(tape?.flows[0]?.volume).toBe(volume);
      if (notional === null) expect(tape?.flows[0]?.notional).toBeNull();
      else expect(tape?.flows[0]?.notional).toBeCloseTo(notional, 12);
    }
  });
});

describe('the definition, by brute force', () => {
  it('holds for every trade', () => {
    fc.assert(
      fc.property(
        fc.array(tradeRow, { maxLength: 20 }),
        fc.array(printRow, { minLength: 1, maxLength: 40 }),
        (trades, prints) => {
          const { rows } = computeFeatures(trades, prints, SMALL);
          const expected = bruteForce(trades, prints, SMALL);
          rows.forEach(({ tape }, i) => {
            const want = expected[i];
            expect(tape?.lastPrice).toBe(want?.price);
            expect(tape?.lastTs).toBe(want?.ts);
            expect(tape?.lastAgeMs).toBe(want?.age);
            expect(tape?.returns).toEqual(want?.returns);
            expect(tape?.flows.map((flow) => flow.trades)).toEqual(want?.counts);
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('nulls the sums of just those windows that hold a print without size', () => {
    const prints = [print(1, 0.5, 2), print(2, 0.5, null), print(3, 0.25, 4), print(4, null, 8)];
    const flows = (at: number) =>
      computeFeatures([trade(at, 'A')], prints, { ...OPTIONS, windows: [S] }).rows[0]?.tape?.flows[0];
    expect(flows(1)).toEqual({ trades: 1, volume: 2, notional: 1 });
    expect(flows(2)).toEqual({ trades: 1, volume: null, notional: null });
    expect(flows(3)).toEqual({ trades: 1, volume: 4, notional: 1 });
    expect(flows(4)).toEqual({ trades: 1, volume: 8, notional: null });
  });
});

describe('what must hold, spec section 6', () => {
  const unique = fc.uniqueArray(printRow, {
    selector: (p) => `${p.tokenId}/${p.ts}`,
    minLength: 1,
    maxLength: 30,
  });

  it('shuffled prints give what sorted ones give when their stamps are unique', () => {
    fc.assert(
      fc.property(
        fc.array(tradeRow, { maxLength: 12 }),
        unique,
        fc.infiniteStream(fc.nat()),
        (trades, prints, stream) => {
          const shuffled = prints
            .map((p) => ({ p, key: stream.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ p }) => p);
          expect(computeFeatures(trades, shuffled, SMALL).rows).toEqual(
            computeFeatures(trades, prints, SMALL).rows,
          );
        },
      ),
    );
  });

  it('shuffled trades give the same rows (exact sums)', () => {
    fc.assert(
      fc.property(
        fc.array(tradeRow, { maxLength: 12 }),
        fc.array(printRow, { minLength: 1 }),
        (trades, prints) => {
          const forward = computeFeatures(trades, prints, SMALL).rows;
          const backward = computeFeatures([...trades].reverse(), prints, SMALL).rows;
          expect([...backward].reverse()).toEqual(forward);
        },
      ),
    );
  });

  it('times a thousand give the same features', () => {
    const scale =
      (k: bigint) =>
      <T extends { ts: bigint | null }>(row: T): T => ({ ...row, ts: row.ts === null ? null : row.ts * k });
    const times = (k: bigint): FeatureOptions => ({
      ...SMALL,
      returns: SMALL.returns.map((r) => r * k),
      windows: SMALL.windows.map((w) => w * k),
      bucket: SMALL.bucket * k,
    });
    fc.assert(
      fc.property(
        fc.array(tradeRow, { maxLength: 12 }),
        fc.array(printRow, { minLength: 1 }),
        (trades, prints) => {
          const fine = computeFeatures(trades.map(scale(1000n)), prints.map(scale(1000n)), times(1000n));
          const coarse = computeFeatures(trades, prints, SMALL);
          expect(fine.order).toEqual(coarse.order);
          fine.rows.forEach((row, i) => {
            const want = coarse.rows[i];
            expect(row.tape?.returns).toEqual(want?.tape?.returns);
            expect(row.tape?.flows).toEqual(want?.tape?.flows);
            expect(row.completeSetShares).toBe(want?.completeSetShares);
            expect(row.regime).toBe(want?.regime);
            expect(row.bucket).toBe(want?.bucket == null ? null : want.bucket * 1000n);
          });
        },
      ),
    );
  });

  it('a print of another token, or after every trade, changes nothing', () => {
    fc.assert(
      fc.property(
        fc.array(tradeRow, { maxLength: 12 }),
        fc.array(printRow, { minLength: 1 }),
        fc.nat(40),
        (trades, prints, at) => {
          const base = computeFeatures(trades, prints, { ...SMALL, sum: 'notebook' }).rows;
          const other: Print = { ts: BigInt(at), tokenId: 'other', price: 1, size: 1e300 };
          expect(computeFeatures(trades, [other, ...prints], { ...SMALL, sum: 'notebook' }).rows).toEqual(
            base,
          );
          const known = prints.find((p) => p.ts !== null && p.tokenId !== null);
          if (known !== undefined) {
            const late: Print = { ...known, ts: 1000n, size: Number.NaN };
            expect(computeFeatures(trades, [late, ...prints], { ...SMALL, sum: 'notebook' }).rows).toEqual(
              base,
            );
          }
        },
      ),
    );
  });
});

describe('edges', () => {
  it('has no tape columns and keeps the file order without prints', () => {
    for (const prints of [null, []]) {
      const { rows, order } = computeFeatures([trade(9, 'B'), trade(1, 'A')], prints, OPTIONS);
      expect(rows.map((row) => row.tape)).toEqual([null, null]);
      expect(order).toEqual([0, 1]);
    }
  });

  it('counts the prints it leaves out, and knows no token by them alone', () => {
    const prints = [
      print(1, 0.5, 1, null),
      { ...print(1, 0.5, 1), ts: null },
      { ...print(1, 0.5, 1, null), ts: null },
    ];
    const { rows, dropped } = computeFeatures([trade(9, 'A')], prints, OPTIONS);
    expect(dropped).toEqual({ nullTs: 2, nullToken: 2 });
    expect(rows[0]?.tape?.flows[0]).toEqual({ trades: null, volume: null, notional: null });
  });
});
