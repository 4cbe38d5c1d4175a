/**
 * Visibility. Spec section 4: which prints of its token a trade sees. Everything here is said of one trade
 * (time t) and one print (time s) of the same token.
 */
import { DefinitionError } from './errors.js';
import { compareTimes, compareUtf8 } from './order.js';
import { columnValue, type TapePrint, type TokenTrade, type Value } from './rows.js';
import type { Rules } from './rules.js';
import { bucketOf } from './time.js';

/** The moment T that a trade looks from: its time less the embargo. */
export function momentOf(trade: TokenTrade, rules: Rules): bigint {
  return trade.ts - rules.embargo;
}

/**
 * The bound U, where windows and lags end: T, or under `ties: exclude` the beginning of its tick, for with
 * whole-second stamps a print stamped `s` may have happened anywhere in [s, s + 1).
 */
export function boundOf(trade: TokenTrade, rules: Rules): bigint {
  const moment = momentOf(trade, rules);
  return rules.ties === 'exclude' ? bucketOf(moment, rules.resolution) : moment;
}

/**
 * Whether the print comes before the trade, as far as stamps and sequence tell. In the tape's order
 * ({@link compareTape}) these prints are the first ones.
 */
export function isBehind(print: TapePrint, trade: TokenTrade, rules: Rules): boolean {
  const bound = boundOf(trade, rules);
  if (print.ts < bound) return true;
  if (print.ts > bound || rules.ties === 'exclude') return false;
  if (rules.sequence === null) return true;
  const order = compareValues(
    columnValue(print, rules.sequence.tape),
    columnValue(trade, rules.sequence.trades),
  );
  return order !== null && order < 0;
}

/**
 * Whether the print comes after the trade, for `direction: forward` and `nearest`; whoever asks for that asks for
 * what was not known, so embargo and availability do not bear on it. Under `exclude` the tick of
 * the trade is neither before nor after it; under `include` a print at its stamp is both. In the tape's order
 * these are the last ones, but for prints without sequence.
 */
export function isAhead(print: TapePrint, trade: TokenTrade, rules: Rules): boolean {
  if (rules.ties === 'exclude') return print.ts >= bucketOf(trade.ts, rules.resolution) + rules.resolution;
  if (print.ts !== trade.ts) return print.ts > trade.ts;
  if (rules.sequence === null) return true;
  const order = compareValues(
    columnValue(print, rules.sequence.tape),
    columnValue(trade, rules.sequence.trades),
  );
  return order !== null && order > 0;
}

/** Whether the print could be known at the moment T: without the rule always, without the value never. */
export function isAvailable(print: TapePrint, trade: TokenTrade, rules: Rules): boolean {
  const since = availabilityOf(print, rules);
  return rules.availability === null || (since !== null && since <= momentOf(trade, rules));
}

/**
 * Since when a print can be known; null where the tape or the rules do not say.
 *
 * @throws DefinitionError `WRONG_TYPE` when the column holds anything but times.
 */
export function availabilityOf(print: TapePrint, rules: Rules): bigint | null {
  if (rules.availability === null) return null;
  const since = columnValue(print, rules.availability);
  if (since === null || typeof since === 'bigint') return since;
  throw new DefinitionError(
    'WRONG_TYPE',
    `the availability "${rules.availability}" must be a time`,
    rules.availability,
  );
}

/** Whether the print is the trade itself: equal in all the columns of `excludeSelf`. Null equals nothing. */
export function isOwn(print: TapePrint, trade: TokenTrade, rules: Rules): boolean {
  const equal = (column: string) =>
    compareValues(columnValue(print, column), columnValue(trade, column)) === 0;
  return rules.excludeSelf.length > 0 && rules.excludeSelf.every(equal);
}

/** Whether the print, where its stamp would let it by, is hidden by availability or as the trade itself. */
export function isHidden(print: TapePrint, trade: TokenTrade, rules: Rules): boolean {
  return !isAvailable(print, trade, rules) || isOwn(print, trade, rules);
}

/** Whether the trade sees the print. */
export function isVisible(print: TapePrint, trade: TokenTrade, rules: Rules): boolean {
  return isBehind(print, trade, rules) && !isHidden(print, trade, rules);
}

/**
 * The tape's order: by time; under `ties: sequence` by sequence within a stamp, null last; equal ones stay in
 * the order of the file (sort is stable).
 */
export function compareTape(a: TapePrint, b: TapePrint, rules: Rules): number {
  if (a.ts !== b.ts || rules.sequence === null) return compareTimes(a.ts, b.ts);
  const x = columnValue(a, rules.sequence.tape);
  const y = columnValue(b, rules.sequence.tape);
  return compareValues(x, y) ?? Number(x === null) - Number(y === null);
}

/**
 * Compares two values of further columns: numbers and times by value, texts by their UTF-8 bytes.
 *
 * @returns negative, zero or positive; null where either is missing.
 * @throws DefinitionError `WRONG_TYPE` for values of different kinds.
 */
export function compareValues(a: Value, b: Value): number | null {
  if (a === null || b === null) return null;
  if (typeof a === 'string' && typeof b === 'string') return compareUtf8(a, b);
  const kind = (value: Value) => (typeof value === 'bigint' ? 'number' : typeof value);
  if (kind(a) !== kind(b)) {
    throw new DefinitionError(
      'WRONG_TYPE',
      `cannot compare ${JSON.stringify(String(a))} with ${JSON.stringify(String(b))}: they are of different types`,
    );
  }
  // JavaScript compares bigint with number, and booleans, by their exact values.
  return a < b ? -1 : a > b ? 1 : 0;
}
