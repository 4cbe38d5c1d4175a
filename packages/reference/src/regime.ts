/**
 * Complete sets and regimes. Spec sections 2 and 4: whoever buys Up and Down of one market within one bucket holds
 * complete sets, worth 1 whatever happens.
 */
import { compareTimes } from './order.js';
import { orNull, type SumMode, type Trade, term } from './rows.js';
import { exactRunningSum, exactSum, kahanSum } from './sum.js';
import { bucketOf } from './time.js';
import { countWhile } from './window.js';

/** What a trade's market and bucket hold. */
export interface CompleteSet {
  readonly flag: boolean;
  readonly shares: number;
}

/** The three regimes. */
export type Regime = 'COMPLETE_SET_ARBITRAGE' | 'DIRECTIONAL' | 'OTHER';

/**
 * Which trades count for a trade's complete set: all of its bucket, later ones too (`bucket`, the notebook's);
 * those of its bucket up to it (`bucket-asof`); those of the last bucket's length up to it (`trailing`); those of
 * the bucket before its own (`prev-bucket`).
 */
export type RegimeMode = 'bucket' | 'bucket-asof' | 'trailing' | 'prev-bucket';

type Outcome = 'Up' | 'Down';

const NONE: CompleteSet = { flag: false, shares: 0 };

/** Whether a trade buys one of the two outcomes. */
export function buysOutcome(trade: Trade): trade is Trade & { outcome: Outcome } {
  return trade.side === 'BUY' && (trade.outcome === 'Up' || trade.outcome === 'Down');
}

/**
 * The complete set of every trade. A mode says which trades of its market count for it; of these the bought Up
 * and Down shares are summed (missing sizes are skipped, a leg without trades is 0); flag: both are above 0;
 * shares: the smaller of them. Every trade gets it, whatever it is itself; without market or time: false, 0.
 *
 * @param order the row numbers in the order in which the notebook adds them up; `exact` sums do not depend on it.
 * @param bucket its length in nanoseconds.
 * @param sum `notebook` goes with the modes of whole buckets only.
 */
export function completeSets(
  trades: readonly Trade[],
  order: readonly number[],
  bucket: bigint,
  sum: SumMode,
  mode: RegimeMode = 'bucket',
): CompleteSet[] {
  switch (mode) {
    case 'bucket':
      return setsOfBuckets(trades, order, bucket, sum, (ts) => bucketOf(ts, bucket));
    case 'prev-bucket':
      return setsOfBuckets(trades, order, bucket, sum, (ts) => bucketOf(ts, bucket) - bucket);
    case 'bucket-asof':
      return setsSoFar(trades, (ts, earlier) => bucketOf(earlier, bucket) === bucketOf(ts, bucket));
    case 'trailing':
      return setsSoFar(trades, (ts, earlier) => earlier > ts - bucket);
  }
}

/**
 * When the flag of a trade at `ts` is known: at the end of its bucket when the whole bucket counts, else at once.
 */
export function labelAvailableAt(ts: bigint | null, bucket: bigint, mode: RegimeMode): bigint | null {
  if (ts === null || mode !== 'bucket') return ts;
  return bucketOf(ts, bucket) + bucket;
}

/** Every trade gets the set of the whole bucket that begins at `from`. */
function setsOfBuckets(
  trades: readonly Trade[],
  order: readonly number[],
  bucket: bigint,
  mode: SumMode,
  from: (ts: bigint) => bigint,
): CompleteSet[] {
  const legs = new Map<string, Map<bigint, { Up: number[]; Down: number[] }>>();
  for (const row of order) {
    const trade = trades[row] as Trade;
    if (trade.marketSlug === null || trade.ts === null || !buysOutcome(trade)) continue;
    const market = getOrAdd(legs, trade.marketSlug, () => new Map());
    const group = getOrAdd(market, bucketOf(trade.ts, bucket), () => ({ Up: [], Down: [] }));
    group[trade.outcome].push(sharesOf(trade, trade.outcome));
  }
  const sum = mode === 'exact' ? exactSum : kahanSum;
  const sets = new Map<string, Map<bigint, CompleteSet>>();
  for (const [slug, market] of legs) {
    const buckets = getOrAdd(sets, slug, () => new Map());
    for (const [start, { Up, Down }] of market) buckets.set(start, completeSet(sum(Up), sum(Down)));
  }
  return trades.map(({ marketSlug, ts }) => {
    if (marketSlug === null || ts === null) return NONE;
    return sets.get(marketSlug)?.get(from(ts)) ?? NONE;
  });
}

/**
 * Every trade gets the set of those trades up to and including it, by time and row of the file, that `counts`
 * says are still recent enough. What has become too old stays too old, so they are a run.
 */
function setsSoFar(
  trades: readonly Trade[],
  counts: (ts: bigint, earlier: bigint) => boolean,
): CompleteSet[] {
  const markets = new Map<string, { row: number; ts: bigint }[]>();
  trades.forEach(({ marketSlug, ts }, row) => {
    if (marketSlug !== null && ts !== null) getOrAdd(markets, marketSlug, () => []).push({ row, ts });
  });
  const sets: CompleteSet[] = trades.map(() => NONE);
  for (const market of markets.values()) {
    // Array.prototype.sort is stable: equal times stay in file order.
    market.sort((a, b) => compareTimes(a.ts, b.ts));
    const legOf = (outcome: Outcome) =>
      exactRunningSum(market.map(({ row }) => sharesOf(trades[row] as Trade, outcome)));
    const up = legOf('Up');
    const down = legOf('Down');
    market.forEach(({ row, ts }, i) => {
      const start = countWhile(market, (earlier) => earlier.ts < ts && !counts(ts, earlier.ts));
      sets[row] = completeSet(up.between(start, i + 1), down.between(start, i + 1));
    });
  }
  return sets;
}

/** The shares of an outcome that a trade buys; a missing size counts as none. */
function sharesOf(trade: Trade, outcome: Outcome): number {
  if (!buysOutcome(trade) || trade.outcome !== outcome) return 0;
  return orNull(term(trade.size)) ?? 0;
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
