import { describe, expect, it } from 'vitest';
import { pnlTable, regimeCounts } from './summary.js';

describe('the summary', () => {
  it('counts regimes, the most frequent first', () => {
    expect(regimeCounts(['OTHER', 'DIRECTIONAL', 'OTHER', 'A'])).toEqual([
      { regime: 'OTHER', trades: 2 },
      { regime: 'A', trades: 1 },
      { regime: 'DIRECTIONAL', trades: 1 },
    ]);
  });

  it('groups the resolved trades, null a type of its own, ties by name', () => {
    const row = (
      regime: string,
      execType: string | null,
      realizedPnl: number | null,
      hasEventKey = true,
    ) => ({
      regime,
      execType,
      realizedPnl,
      hasEventKey,
    });
    const table = pnlTable([
      row('D', 'MAKER', 1),
      row('D', 'MAKER', 2, false),
      row('D', null, 3),
      row('C', 'X', 3),
      row('D', 'MAKER', null),
      row('D', 'MAKER', Number.NaN),
      row('D', 'BAD', Number.POSITIVE_INFINITY),
      row('D', 'BAD', Number.NEGATIVE_INFINITY),
    ]);
    expect(table).toEqual([
      { regime: 'C', exec_type: 'X', trades: 1, pnl_usd: 3, avg_pnl: 3 },
      { regime: 'D', exec_type: 'MAKER', trades: 1, pnl_usd: 3, avg_pnl: 1.5 },
      { regime: 'D', exec_type: null, trades: 1, pnl_usd: 3, avg_pnl: 3 },
      { regime: 'D', exec_type: 'BAD', trades: 2, pnl_usd: null, avg_pnl: null },
    ]);
  });

  it('has at most twenty rows', () => {
    const many = Array.from({ length: 30 }, (_, i) => ({
      regime: 'D',
      execType: `${i}`,
      realizedPnl: i,
      hasEventKey: true,
    }));
    expect(pnlTable(many).map((row) => row.pnl_usd)).toEqual(Array.from({ length: 20 }, (_, i) => 29 - i));
  });
});
