/**
 * The summary. Spec section 2: how many trades of each regime, and what they earned.
 */
import { compareUtf8, nullsLast } from './order.js';
import { orNull, term } from './rows.js';
import { exactSum } from './sum.js';

/** A regime and its number of trades. */
export interface RegimeCount {
  regime: string;
  trades: number;
}

/** What the trades of one regime and execution type earned. */
export interface PnlRow {
  regime: string;
  exec_type: string | null;
  /** Trades with an event key. */
  trades: number;
  /** Sum and mean of realized_pnl, correctly rounded; null when infinities of both signs meet. */
  pnl_usd: number | null;
  avg_pnl: number | null;
}

/** A trade as the PnL table needs it. */
export interface PnlTrade {
  readonly regime: string;
  readonly execType: string | null;
  readonly realizedPnl: number | null;
  readonly hasEventKey: boolean;
}

/** How many rows the PnL table has at most. */
export const PNL_ROWS = 20;

/** Counts the regimes, the most frequent first, ties by name. */
export function regimeCounts(regimes: Iterable<string>): RegimeCount[] {
  const counts = new Map<string, number>();
  for (const regime of regimes) counts.set(regime, (counts.get(regime) ?? 0) + 1);
  return [...counts]
    .map(([regime, trades]) => ({ regime, trades }))
    .sort((a, b) => b.trades - a.trades || compareUtf8(a.regime, b.regime));
}

/**
 * The PnL table: the resolved trades (realized_pnl neither null nor NaN) by regime and execution type, of which
 * null is one; the largest sum first (an unknown one last), ties by regime, then execution type, null last;
 * at most {@link PNL_ROWS} rows.
 */
export function pnlTable(trades: Iterable<PnlTrade>): PnlRow[] {
  const groups = new Map<
    string,
    { regime: string; execType: string | null; events: number; terms: number[] }
  >();
  for (const { regime, execType, realizedPnl, hasEventKey } of trades) {
    const pnl = orNull(term(realizedPnl));
    if (pnl === null) continue;
    const key = JSON.stringify([regime, execType]);
    let group = groups.get(key);
    if (group === undefined) {
      group = { regime, execType, events: 0, terms: [] };
      groups.set(key, group);
    }
    group.terms.push(pnl);
    if (hasEventKey) group.events++;
  }
  return [...groups.values()]
    .map(({ regime, execType, events, terms }): PnlRow => {
      const sum = exactSum(terms);
      return {
        regime,
        exec_type: execType,
        trades: events,
        pnl_usd: orNull(sum),
        avg_pnl: orNull(sum / terms.length),
      };
    })
    .sort(
      (a, b) =>
        nullsLast(a.pnl_usd, b.pnl_usd, (x, y) => (x === y ? 0 : y - x)) ||
        compareUtf8(a.regime, b.regime) ||
        nullsLast(a.exec_type, b.exec_type, compareUtf8),
    )
    .slice(0, PNL_ROWS);
}
