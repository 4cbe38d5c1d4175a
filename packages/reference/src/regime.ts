/**
 * Complete sets and regimes. Spec section 2: whoever buys Up and Down of one market within one bucket holds
 * complete sets, worth 1 whatever happens.
 */
import { orNull, type SumMode, type Trade, term } from './rows.js';
import { exactSum, kahanSum } from './sum.js';
import { bucketOf } from './time.js';

/** What a trade's market and bucket hold. */
export interface CompleteSet {
  readonly flag: boolean;
  readonly shares: number;
}

/** The three regimes. */
export type Regime = 'COMPLETE_SET_ARBITRAGE' | 'DIRECTIONAL' | 'OTHER';

const NONE: CompleteSet = { flag: false, shares: 0 };

/** Whether a trade buys one of the two outcomes. */
export function buysOutcome(trade: Trade): trade is Trade & { outcome: 'Up' | 'Down' } {
  return trade.side === 'BUY' && (trade.outcome === 'Up' || trade.outcome === 'Down');
}

/**
 * The complete set of every trade: per market and bucket the bought Up and Down shares are summed (missing
 * sizes are skipped, a leg without trades is 0); flag: both are above 0; shares: the smaller of them. Every trade of that
 * market and bucket gets it, whatever it is itself; without market or time, or where nobody bought: false, 0.
 *
 * @param order the row numbers in the order in which the notebook adds them up; `exact` sums do not depend on it.
 * @param bucket its length in nanoseconds.
 */
export function completeSets(
  trades: readonly Trade[],
  order: readonly number[],
  bucket: bigint,
  mode: SumMode,
): CompleteSet[] {
  const legs = new Map<string, Map<bigint, { Up: number[]; Down: number[] }>>();
  for (const row of order) {
    const trade = trades[row] as Trade;
    if (trade.marketSlug === null || trade.ts === null || !buysOutcome(trade)) continue;
    const market = getOrAdd(legs, trade.marketSlug, () => new Map());
    const group = getOrAdd(market, bucketOf(trade.ts, bucket), () => ({ Up: [], Down: [] }));
    const size = orNull(term(trade.size));
    if (size !== null) group[trade.outcome].push(size);
  }
  const sum = mode === 'exact' ? exactSum : kahanSum;
  const sets = new Map<string, Map<bigint, CompleteSet>>();
  for (const [slug, market] of legs) {
    const buckets = getOrAdd(sets, slug, () => new Map());
    for (const [start, { Up, Down }] of market) buckets.set(start, completeSet(sum(Up), sum(Down)));
  }
  return trades.map(({ marketSlug, ts }) => {
    if (marketSlug === null || ts === null) return NONE;
    return sets.get(marketSlug)?.get(bucketOf(ts, bucket)) ?? NONE;
  });
}

function completeSet(up: number, down: number): CompleteSet {
  // A leg that is NaN (infinities of both signs) is unknown: no flag, and shares as where nothing is known.
  if (Number.isNaN(up) || Number.isNaN(down)) return NONE;
  return { flag: up > 0 && down > 0, shares: Math.min(up, down) };
}

/** The regime of a trade, given whether its market and bucket hold a complete set. */
export function regimeOf(trade: Trade, flag: boolean): Regime {
  if (!buysOutcome(trade)) return 'OTHER';
  return flag ? 'COMPLETE_SET_ARBITRAGE' : 'DIRECTIONAL';
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
