/**
 * The features. Spec sections 2 and 4, put together from the other files.
 */
import { answer, asOf, type Match, nearer, within } from './asof.js';
import { EMPTY_FLOW, type Flow, NO_FLOW, type TokenFlow, tokenFlow } from './flow.js';
import { tokenOrder } from './order.js';
import { type Proof, proofOf } from './proof.js';
import { completeSets, labelAvailableAt, type Regime, regimeOf } from './regime.js';
import {
  orNull,
  type Print,
  type SumMode,
  type TapePrint,
  type TokenTrade,
  type Trade,
  term,
} from './rows.js';
import { checkColumns, checkRules, checkSum, NOTEBOOK_RULES, type Rules } from './rules.js';
import { groupTape, type Tape } from './tape.js';
import { ageMillis, bucketOf } from './time.js';
import { boundOf, compareTape, isAhead, isBehind, isHidden, isOwn } from './visibility.js';
import { countWhile, isBeforeWindow, windowRun } from './window.js';

/** What to compute. Lengths are nanoseconds, above 0. */
export interface FeatureOptions {
  /** Lags of the returns. The notebook: 30 s and 300 s. */
  readonly returns: readonly bigint[];
  /** Lengths of the flow windows. The notebook: 60 s. */
  readonly windows: readonly bigint[];
  /** Length of the complete-set bucket. The notebook: 10 s. */
  readonly bucket: bigint;
  readonly sum: SumMode;
  /** What a trade sees. Left out: {@link NOTEBOOK_RULES}. See `resolveRules`. */
  readonly rules?: Rules;
  /** Whether to prove each row. */
  readonly proof?: boolean;
}

/** What the tape says about one trade; null where it says nothing. */
export interface TapeFeatures {
  readonly lastPrice: number | null;
  readonly lastTs: bigint | null;
  /** Negative when the last print lies ahead of the trade. */
  readonly lastAgeMs: number | null;
  /** One per lag. */
  readonly returns: readonly (number | null)[];
  /** One per window. */
  readonly flows: readonly Flow[];
  /** Null unless asked for, and for a trade without time or token. */
  readonly proof: Proof | null;
}

/** The features of one trade. `tape` is null when there is no tape at all: then there are no such columns. */
export interface FeatureRow {
  readonly tape: TapeFeatures | null;
  readonly bucket: bigint | null;
  readonly completeSetFlag: boolean;
  readonly completeSetShares: number;
  readonly regime: Regime;
  /** When the three above are known. */
  readonly labelAvailableAt: bigint | null;
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
 * empty `prints` mean that there is no tape. Cost: O(n log n) in all; with `availability` or `excludeSelf` also
 * the prints in each window, and for the proof all prints of the token, per trade.
 *
 * @throws DefinitionError for rules that contradict each other, the sum mode or the data; `DUPLICATE_TIME` where
 *   `tie: error` meets one.
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
  const rules = options.rules ?? NOTEBOOK_RULES;
  checkRules(rules);
  checkSum(rules, options.sum);
  checkColumns(rules, trades, prints ?? []);
  const hasTape = prints !== null && prints.length > 0;
  const tape = groupTape(prints ?? [], (a, b) => compareTape(a, b, rules));
  const order = hasTape ? tokenOrder(trades) : trades.map((_, row) => row);
  const ofTape = tapeFeatures(tape, rules, options);
  const sets = completeSets(trades, order, options.bucket, options.sum, rules.regime);
  const rows = trades.map((trade, row): FeatureRow => {
    const { flag, shares } = sets[row] as (typeof sets)[number];
    return {
      tape: hasTape ? ofTape(trade) : null,
      bucket: trade.ts === null ? null : bucketOf(trade.ts, options.bucket),
      completeSetFlag: flag,
      completeSetShares: shares,
      regime: regimeOf(trade, flag),
      labelAvailableAt: labelAvailableAt(trade.ts, options.bucket, rules.regime),
    };
  });
  return { rows, order, dropped: tape.dropped };
}

/** What the tape says about any trade. The running sums of a token are made once. */
function tapeFeatures(tape: Tape, rules: Rules, options: FeatureOptions): (trade: Trade) => TapeFeatures {
  const flows = new Map<string, TokenFlow>();
  const flowOf = (tokenId: string, prints: readonly TapePrint[]): TokenFlow => {
    const known = flows.get(tokenId);
    if (known !== undefined) return known;
    const flow = tokenFlow(prints, options.sum);
    flows.set(tokenId, flow);
    return flow;
  };
  return (trade) => {
    const { ts, tokenId } = trade;
    if (ts === null || tokenId === null) {
      return {
        lastPrice: null,
        lastTs: null,
        lastAgeMs: null,
        returns: options.returns.map(() => null),
        flows: options.windows.map(() => NO_FLOW),
        proof: null,
      };
    }
    const prints = tape.byToken.get(tokenId) ?? [];
    return oneTrade({ ...trade, ts, tokenId }, prints, flowOf(tokenId, prints), tape.begin, rules, options);
  };
}

/** What `prints`, those of its token in the tape's order, say about a trade. */
function oneTrade(
  trade: TokenTrade,
  prints: readonly TapePrint[],
  flow: TokenFlow,
  tapeBegin: bigint | null,
  rules: Rules,
  options: FeatureOptions,
): TapeFeatures {
  const bound = boundOf(trade, rules);
  const behind = countWhile(prints, (print) => isBehind(print, trade, rules));
  const hides = rules.availability !== null || rules.excludeSelf.length > 0;
  const usable = (print: TapePrint) => !hides || !isHidden(print, trade, rules);
  const tied = (a: TapePrint, b: TapePrint) => compareTape(a, b, rules) === 0;
  const newestOf = (count: number) => asOf(prints, count - 1, -1, { usable, tied, tie: rules.tie });

  const newest = newestOf(behind);
  const last = answer(within(inDirection(newest), trade.ts, rules.maxAge));
  // Lengths are above 0: what lies before a window is behind the trade, whatever happens at its own stamp.
  const lagged = options.returns.map((lag) => {
    if (last === null) return null;
    const before = countWhile(prints, (print) => isBeforeWindow(print.ts, bound, lag, rules.closed));
    return answer(newestOf(before));
  });
  const runs = options.windows.map((length) => {
    const { start, end } = windowRun(prints, bound, length, rules.closed);
    return { start, end: Math.min(end, behind) };
  });
  const price = term(last?.price ?? null);
  return {
    lastPrice: orNull(price),
    lastTs: last?.ts ?? null,
    lastAgeMs: last === null ? null : ageMillis(trade.ts, last.ts),
    // Missing prices are NaN and stay so through the difference.
    returns: lagged.map((earlier) => orNull(price - term(earlier?.price ?? null))),
    flows: runs.map(({ start, end }) => {
      if (prints.length === 0) return rules.unknownToken === 'zero' ? EMPTY_FLOW : NO_FLOW;
      if (newest === null && rules.unknownToken === 'causal') return NO_FLOW;
      if (!hides) return flow.of({ start, end });
      const seen = prints.slice(start, end).filter(usable);
      return tokenFlow(seen, options.sum).of({ start: 0, end: seen.length });
    }),
    proof: options.proof ? proofOf(trade, prints, used(), rules, options.windows, tapeBegin) : null,
  };

  function inDirection(backward: Match<TapePrint> | null): Match<TapePrint> | null {
    if (rules.direction === 'backward') return backward;
    const start = countWhile(prints, (print) => print.ts < trade.ts);
    const isNext = (print: TapePrint) => isAhead(print, trade, rules) && !isOwn(print, trade, rules);
    const forward = asOf(prints, start, 1, { usable: isNext, tied, tie: rules.tie });
    return rules.direction === 'forward' ? forward : nearer(trade.ts, backward, forward);
  }

  function used(): TapePrint[] {
    const inWindows = runs.flatMap(({ start, end }) => prints.slice(start, end).filter(usable));
    return [last, ...lagged, ...inWindows].filter((print) => print !== null);
  }
}
