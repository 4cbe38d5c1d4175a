import { describe, expect, it } from 'vitest';
import { completeSets, regimeOf } from './regime.js';
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

describe('regimes', () => {
  it('ask for BUY and Up or Down', () => {
    expect(regimeOf(buy(0, 'Up', 1), true)).toBe('COMPLETE_SET_ARBITRAGE');
    expect(regimeOf(buy(0, 'Down', 1), false)).toBe('DIRECTIONAL');
    expect(regimeOf(buy(0, 'Yes', 1), true)).toBe('OTHER');
    expect(regimeOf({ ...buy(0, 'Up', 1), side: null }, true)).toBe('OTHER');
  });
});
