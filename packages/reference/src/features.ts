/**
 * The features of the notebook preset. Spec section 2, put together from the other files.
 */
import { countsUpTo, lastOf } from './asof.js';
import { type Flow, NO_FLOW, tokenFlow } from './flow.js';
import { compareTimes, tokenOrder } from './order.js';
import { completeSets, type Regime, regimeOf } from './regime.js';
import { orNull, type Print, type SumMode, type TapePrint, type Trade, term } from './rows.js';
import { ageMillis, bucketOf } from './time.js';
import { windows } from './window.js';

/** What to compute. Lengths are nanoseconds, above 0. */
export interface FeatureOptions {
  /** Lags of the returns. The notebook: 30 s and 300 s. */
  readonly returns: readonly bigint[];
  /** Lengths of the flow windows. The notebook: 60 s. */
  readonly windows: readonly bigint[];
  /** Length of the complete-set bucket. The notebook: 10 s. */
  readonly bucket: bigint;
  readonly sum: SumMode;
}

/** What the tape says about one trade; null where it says nothing. */
export interface TapeFeatures {
  readonly lastPrice: number | null;
  readonly lastTs: bigint | null;
  readonly lastAgeMs: number | null;
  /** One per lag. */
  readonly returns: readonly (number | null)[];
  /** One per window. */
  readonly flows: readonly Flow[];
}

/** The features of one trade. `tape` is null when there is no tape at all: then there are no such columns. */
export interface FeatureRow {
  readonly tape: TapeFeatures | null;
  readonly bucket: bigint | null;
  readonly completeSetFlag: boolean;
  readonly completeSetShares: number;
  readonly regime: Regime;
}

/** The features of all trades. */
export interface Features {
  /** By trade: `rows[i]` belongs to `trades[i]`. */
  readonly rows: readonly FeatureRow[];
  /** The notebook's row order: (token_id, ts) when there is a tape, else as given. */
  readonly order: readonly number[];
  /** Prints left out: those without a time, those without a token (some lack both). */
  readonly dropped: { readonly nullTs: number; readonly nullToken: number };
}

/**
 * Computes the features of `trades` from `prints`.
 *
 * Neither has to be sorted; of prints with equal stamps the last one given is the last print. Both missing and
 * empty `prints` mean that there is no tape. Cost: O(n log n) for the sorting, else linear per lag and window.
 *
 * @example
 * ```ts
 * const { rows } = computeFeatures(
 *   [{ ts: 100n, tokenId: 'A', marketSlug: 'm', side: 'BUY', outcome: 'Up', size: 1 }],
 *   [{ ts: 99n, tokenId: 'A', price: 0.5, size: 2 }],
 *   { returns: [30n], windows: [60n], bucket: 10n, sum: 'exact' },
 * );
 * rows[0].tape.lastPrice; // 0.5
 * ```
 */
export function computeFeatures(
  trades: readonly Trade[],
  prints: readonly Print[] | null,
  options: FeatureOptions,
): Features {
  const tape = groupTape(prints ?? []);
  const hasTape = prints !== null && prints.length > 0;
  const order = hasTape ? tokenOrder(trades) : trades.map((_, row) => row);
  const context = hasTape ? tapeFeatures(trades, order, tape.byToken, options) : null;
  const sets = completeSets(trades, order, options.bucket, options.sum);
  const rows = trades.map((trade, row): FeatureRow => {
    const { flag, shares } = sets[row] as (typeof sets)[number];
    return {
      tape: context === null ? null : (context[row] as TapeFeatures),
      bucket: trade.ts === null ? null : bucketOf(trade.ts, options.bucket),
      completeSetFlag: flag,
      completeSetShares: shares,
      regime: regimeOf(trade, flag),
    };
  });
  return { rows, order, dropped: tape.dropped };
}

/** The usable prints per token, in the order (ts, row in the file), and how many are not usable. */
function groupTape(prints: readonly Print[]) {
  const byToken = new Map<string, TapePrint[]>();
  const dropped = { nullTs: 0, nullToken: 0 };
  for (const print of prints) {
    if (print.ts === null) dropped.nullTs++;
    if (print.tokenId === null) dropped.nullToken++;
    if (print.ts !== null && print.tokenId !== null) {
      const group = byToken.get(print.tokenId);
      if (group === undefined) byToken.set(print.tokenId, [print as TapePrint]);
      else group.push(print as TapePrint);
    }
  }
  // Array.prototype.sort is stable: of equal stamps the later in the file stays the later.
  for (const group of byToken.values()) group.sort((a, b) => compareTimes(a.ts, b.ts));
  return { byToken, dropped };
}

/** The tape's features of every trade, token by token. */
function tapeFeatures(
  trades: readonly Trade[],
  order: readonly number[],
  byToken: ReadonlyMap<string, readonly TapePrint[]>,
  options: FeatureOptions,
): TapeFeatures[] {
  const unknown: TapeFeatures = {
    lastPrice: null,
    lastTs: null,
    lastAgeMs: null,
    returns: options.returns.map(() => null),
    flows: options.windows.map(() => NO_FLOW),
  };
  const result: TapeFeatures[] = trades.map(() => unknown);
  const rowsOfToken = new Map<string, number[]>();
  for (const row of order) {
    const { ts, tokenId } = trades[row] as Trade;
    if (ts === null || tokenId === null) continue;
    const group = rowsOfToken.get(tokenId);
    if (group === undefined) rowsOfToken.set(tokenId, [row]);
    else group.push(row);
  }
  for (const [token, rows] of rowsOfToken) {
    const prints = byToken.get(token);
    if (prints === undefined) continue;
    const times = rows.map((row) => (trades[row] as Trade).ts as bigint);
    const features = oneToken(times, prints, options);
    rows.forEach((row, i) => {
      result[row] = features[i] as TapeFeatures;
    });
  }
  return result;
}

/** The features of the trades of one token at the ascending `times`. */
function oneToken(
  times: readonly bigint[],
  prints: readonly TapePrint[],
  options: FeatureOptions,
): TapeFeatures[] {
  const stamps = prints.map((print) => print.ts);
  const counts = countsUpTo(stamps, times);
  const lagged = options.returns.map((lag) =>
    countsUpTo(
      stamps,
      times.map((t) => t - lag),
    ),
  );
  const runs = options.windows.map((length) => windows(stamps, times, length));
  const flow = tokenFlow(prints, options.sum);
  return times.map((t, i): TapeFeatures => {
    const last = lastOf(prints, counts[i] as number);
    const price = term(last?.price ?? null);
    return {
      lastPrice: orNull(price),
      lastTs: last?.ts ?? null,
      lastAgeMs: last === null ? null : ageMillis(t, last.ts),
      returns: lagged.map((before) => {
        const earlier = lastOf(prints, before[i] as number);
        // Missing prices are NaN and stay so through the difference.
        return orNull(price - term(earlier?.price ?? null));
      }),
      flows: runs.map((run) => flow.of(run[i] as (typeof run)[number])),
    };
  });
}
