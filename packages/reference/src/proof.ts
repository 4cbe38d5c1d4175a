/**
 * Proof. Spec section 4: values by which a reader can check a row by hand.
 */
import type { TapePrint, TokenTrade } from './rows.js';
import type { Rules } from './rules.js';
import { bucketOf } from './time.js';
import { availabilityOf, boundOf, isAvailable, isBehind, isOwn } from './visibility.js';

/** What one row's features were made of. */
export interface Proof {
  /** The newest time among the prints used; null when none was. */
  readonly newestEvent: bigint | null;
  /** The newest availability among the prints used; null when none was, or without the rule. */
  readonly newestAvailability: bigint | null;
  /** Prints of the token in the trade's own tick, whether it sees them or not. */
  readonly sameStampPrints: number;
  /** Prints of the token, of any time, that are the trade itself; null when `excludeSelf` is off. */
  readonly ownPrints: number | null;
  /** Those of them that would be visible, were they not the trade itself. */
  readonly ownSeen: number | null;
  /** How many windows, the longest ones, begin before the first print of the whole tape: they may miss prints. */
  readonly censored: number;
}

/**
 * The proof of one row.
 *
 * @param prints all of the trade's token.
 * @param used those that its values were made of: its last print, its lagged prints, the prints in its windows.
 * @param windows their lengths in nanoseconds.
 * @param tapeBegin the first time of the tape, of any token; null when it has none.
 */
export function proofOf(
  trade: TokenTrade,
  prints: readonly TapePrint[],
  used: readonly TapePrint[],
  rules: Rules,
  windows: readonly bigint[],
  tapeBegin: bigint | null,
): Proof {
  const tick = bucketOf(trade.ts, rules.resolution);
  const bound = boundOf(trade, rules);
  const own = rules.excludeSelf.length === 0 ? null : prints.filter((print) => isOwn(print, trade, rules));
  const seen = (print: TapePrint) => isBehind(print, trade, rules) && isAvailable(print, trade, rules);
  return {
    newestEvent: newest(used.map((print) => print.ts)),
    newestAvailability: newest(used.map((print) => availabilityOf(print, rules))),
    sameStampPrints: prints.filter((print) => bucketOf(print.ts, rules.resolution) === tick).length,
    ownPrints: own?.length ?? null,
    ownSeen: own?.filter(seen).length ?? null,
    censored: windows.filter((length) => tapeBegin === null || bound - length < tapeBegin).length,
  };
}

function newest(times: readonly (bigint | null)[]): bigint | null {
  let result: bigint | null = null;
  for (const time of times) if (time !== null && (result === null || time > result)) result = time;
  return result;
}
