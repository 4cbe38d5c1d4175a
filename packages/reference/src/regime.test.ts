import { describe, expect, it } from 'vitest';
import { completeSets, labelAvailableAt, type RegimeMode, regimeOf } from './regime.js';
import type { Trade } from './rows.js';

const S = 1_000_000_000n;
const buy = (
  seconds: number,
  outcome: string | null,
  size: number | null,
  marketSlug: string | null = 'm',
): Trade => ({
  ts: BigInt(seconds) * S,
  tokenId: 't',
  marketSlug,
  side: 'BUY',
  outcome,
  size,
});
const sets = (trades: Trade[], mode: 'exact' | 'notebook' = 'exact') =>
  completeSets(
    trades,
    trades.map((_, i) => i),
    10n * S,
    mode,
  );

describe('complete sets', () => {
  it('hold the golden vector of spec section 5', () => {
    const trades = [buy(0, 'Up', 5), buy(3, 'Down', 3), buy(9, 'Up', 1), buy(10, 'Down', 2)];
    expect(sets(trades)).toEqual([
      { flag: true, shares: 3 },
      { flag: true, shares: 3 },
      { flag: true, shares: 3 },
      { flag: false, shares: 0 },
    ]);
  });

  it('reach every trade of market and bucket, and no other', () => {
    const sell = { ...buy(4, 'Up', 9), side: 'SELL' };
    const noSlug = buy(5, 'Up', 1, null);
    const noTime = { ...buy(5, 'Up', 1), ts: null };
    const found = sets([
      buy(0, 'Up', 5),
      buy(1, 'Down', 4),
      sell,
      buy(2, 'Up', 1, 'other'),
      noSlug,
      noTime,
      buy(3, null, 1),
    ]);
    expect(found.map((set) => set.flag)).toEqual([true, true, true, false, false, false, true]);
    expect(found.map((set) => set.shares)).toEqual([4, 4, 4, 0, 0, 0, 4]);
  });

  it('count a missing size as nothing, and a negative or NaN leg as no set', () => {
    expect(sets([buy(0, 'Up', null), buy(0, 'Down', 2)])[0]).toEqual({ flag: false, shares: 0 });
    expect(sets([buy(0, 'Up', Number.NaN), buy(0, 'Up', 1), buy(0, 'Down', 2)])[0]).toEqual({
      flag: true,
      shares: 1,
    });
    expect(sets([buy(0, 'Up', -3), buy(0, 'Down', 2)])[0]).toEqual({ flag: false, shares: -3 });
    const inf = Number.POSITIVE_INFINITY;
    expect(sets([buy(0, 'Up', inf), buy(0, 'Up', -inf), buy(0, 'Down', 2)])[0]).toEqual({
      flag: false,
      shares: 0,
    });
  });

  it('round once in exact mode, and as Kahan in notebook mode', () => {
    const sizes = [1, 1e100, 1, -1e100];
    const trades = [...sizes.map((size) => buy(0, 'Up', size)), buy(0, 'Down', 5)];
    expect(sets(trades)[0]?.shares).toBe(2);
    expect(sets(trades, 'notebook')[0]?.shares).toBe(0);
  });
});

describe('the modes of complete sets', () => {
  const of = (mode: RegimeMode, trades: Trade[]) => {
    const order = trades.map((_, i) => i);
    return completeSets(trades, order, 10n * S, 'exact', mode).map(
      ({ flag, shares }) => `${flag ? 'T' : 'F'}${shares}`,
    );
  };

  it.each<[RegimeMode, string]>([
    ['bucket', 'T3 T3 T3 F0'],
    ['bucket-asof', 'F0 T3 T3 F0'],
    ['trailing', 'F0 T3 T3 T1'],
    ['prev-bucket', 'F0 F0 F0 T3'],
  ])('hold the golden vector of spec section 5: %s', (mode, expected) => {
    const trades = [buy(0, 'Up', 5), buy(3, 'Down', 3), buy(9, 'Up', 1), buy(10, 'Down', 2)];
    expect(of(mode, trades).join(' ')).toBe(expected);
    // The sets are those of the times; the row in the file only decides between equal ones.
    expect(
      of(mode, [...trades].reverse())
        .reverse()
        .join(' '),
    ).toBe(expected);
  });

  it('count equal stamps in file order, and the row itself', () => {
    const trades = [buy(5, 'Up', 2), buy(5, 'Down', 1), buy(5, 'Up', 4)];
    expect(of('bucket-asof', trades)).toEqual(['F0', 'T1', 'T1']);
    expect(of('trailing', [...trades].reverse())).toEqual(['F0', 'T1', 'T1']);
  });

  it('reach every trade of the market, and no other', () => {
    const sell = { ...buy(4, 'Up', 9), side: 'SELL' };
    const trades = [
      buy(0, 'Up', 5),
      buy(1, 'Down', 4),
      sell,
      buy(4, 'Up', 1, 'other'),
      buy(4, 'Up', 1, null),
    ];
    for (const mode of ['bucket-asof', 'trailing'] as const) {
      expect(of(mode, trades).slice(2)).toEqual(['T4', 'F0', 'F0']);
    }
    expect(of('prev-bucket', [...trades, { ...sell, ts: 19n * S }]).at(-1)).toBe('T4');
    expect(of('trailing', [buy(0, 'Up', Number.NaN), buy(0, 'Up', 1), buy(0, 'Down', null)])).toEqual([
      'F0',
      'F0',
      'F0',
    ]);
  });

  it('are known at the end of the bucket where all of it counts, else at once', () => {
    expect(labelAvailableAt(-1n, 10n, 'bucket')).toBe(0n);
    expect(labelAvailableAt(20n, 10n, 'bucket')).toBe(30n);
    for (const mode of ['bucket-asof', 'trailing', 'prev-bucket'] as const) {
      expect(labelAvailableAt(23n, 10n, mode)).toBe(23n);
    }
    expect(labelAvailableAt(null, 10n, 'bucket')).toBeNull();
  });
});

describe('regimes', () => {
  it('ask for BUY and Up or Down', () => {
    expect(regimeOf(buy(0, 'Up', 1), true)).toBe('COMPLETE_SET_ARBITRAGE');
    expect(regimeOf(buy(0, 'Down', 1), false)).toBe('DIRECTIONAL');
    expect(regimeOf(buy(0, 'Yes', 1), true)).toBe('OTHER');
    expect(regimeOf({ ...buy(0, 'Up', 1), side: null }, true)).toBe('OTHER');
  });
});
