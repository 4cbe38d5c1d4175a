import type { PnlRow, RegimeCount } from '@polyfeat/core/snapshot';
import { count, decimal, percent } from './numbers.js';
import { table } from './table.js';

/** The regime counts, largest first, with their shares. */
export function regimeTable(regimes: readonly RegimeCount[]): string {
  const all = regimes.reduce((sum, { trades }) => sum + trades, 0);
  return table(
    [{ title: 'regime' }, { title: 'trades', right: true }, { title: 'share', right: true }],
    regimes.map(({ regime, trades }) => [regime, count(trades), percent(trades, all)]),
  );
}

/** The PnL of the resolved trades by regime and exec_type, or one line when nothing is resolved. */
export function pnlTable(rows: readonly PnlRow[]): string {
  if (rows.length === 0) return 'no resolved trades: realized_pnl is null in every row';
  return table(
    [
      { title: 'regime' },
      { title: 'exec_type' },
      { title: 'trades', right: true },
      { title: 'pnl_usd', right: true },
      { title: 'avg_pnl', right: true },
    ],
    rows.map((row) => [
      row.regime,
      row.exec_type ?? '(null)',
      count(row.trades),
      decimal(row.pnl_usd),
      decimal(row.avg_pnl),
    ]),
  );
}

/** Both tables. The second is left out where a column for it is missing: a warning says which. */
export function summaryTables(regimes: readonly RegimeCount[], pnl: readonly PnlRow[] | null): string {
  const parts = regimes.length === 0 ? ['no trades'] : [regimeTable(regimes)];
  if (pnl !== null && regimes.length > 0) parts.push(pnlTable(pnl));
  return parts.join('\n\n');
}
