/**
 * As-of. Spec sections 2 and 4: the row next to a moment, among rows in the order (ts, row in the file).
 */
import { DefinitionError } from './errors.js';

/** Which of equal stamps is answered. Null: the one next to the moment, the last behind it, the first ahead. */
export type Tie = 'last' | 'first' | 'error';

/** On which side of the moment to look. */
export type Direction = 'backward' | 'forward' | 'nearest';

/** What an as-of found. */
export interface Match<T> {
  readonly row: T;
  /** Whether `tie: error` refuses this answer: another row has the same stamp. */
  readonly refused: boolean;
}

/** What an as-of has to know about the rows. */
export interface AsOfRules<T> {
  /** Whether the row may be answered at all. */
  readonly usable: (row: T) => boolean;
  /** Whether neither of two rows comes before the other, but for their place in the file. */
  readonly tied: (a: T, b: T) => boolean;
  readonly tie: Tie | null;
}

/**
 * Walks from `start` away from the moment (`step` -1 into the past, +1 into the future) to the first usable
 * row; of those that tie with it `tie` picks one. `last` and `first` mean the order of `rows` on either side.
 *
 * ```text
 * ts       40  41  70  70  | moment     100 100
 * step -1          first last           first last    step +1
 * ```
 *
 * Cost: the rows walked over: unusable ones, and ties when `tie` asks for more than the nearest.
 */
export function asOf<T>(
  rows: readonly T[],
  start: number,
  step: 1 | -1,
  rules: AsOfRules<T>,
): Match<T> | null {
  const farthest = rules.tie === (step === -1 ? 'first' : 'last');
  let match: Match<T> | null = null;
  for (let i = start; i >= 0 && i < rows.length; i += step) {
    const row = rows[i] as T;
    if (match !== null && !rules.tied(match.row, row)) break;
    if (!rules.usable(row)) continue;
    if (match !== null && rules.tie === 'error') return { row: match.row, refused: true };
    if (match === null || farthest) match = { row, refused: false };
    if (rules.tie !== 'error' && !farthest) break;
  }
  return match;
}

/** The nearer of two matches; equally near: the one behind. */
export function nearer<T extends { readonly ts: bigint }>(
  t: bigint,
  behind: Match<T> | null,
  ahead: Match<T> | null,
): Match<T> | null {
  if (behind === null || ahead === null) return behind ?? ahead;
  return distance(t, ahead.row.ts) < distance(t, behind.row.ts) ? ahead : behind;
}

/** The match unless it is older (or, ahead, farther off) than `maxAge`, which itself is not too old. */
export function within<T extends { readonly ts: bigint }>(
  match: Match<T> | null,
  t: bigint,
  maxAge: bigint | null,
): Match<T> | null {
  return match !== null && maxAge !== null && distance(t, match.row.ts) > maxAge ? null : match;
}

/**
 * The row of a match.
 *
 * @throws DefinitionError `DUPLICATE_TIME` where `tie: error` refuses it.
 */
export function answer<T extends { readonly ts: bigint }>(match: Match<T> | null): T | null {
  if (match?.refused) {
    throw new DefinitionError(
      'DUPLICATE_TIME',
      `several rows have the time ${match.row.ts} ns, and tie is "error"; choose "last" or "first"`,
    );
  }
  return match?.row ?? null;
}

function distance(a: bigint, b: bigint): bigint {
  return a < b ? b - a : a - b;
}
