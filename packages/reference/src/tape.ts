/**
 * The tape. Spec section 2: the prints that have a time and a token, by token.
 */
import type { Print, TapePrint } from './rows.js';

/** The usable prints. */
export interface Tape {
  /** By token, each in the tape's order. */
  readonly byToken: ReadonlyMap<string, readonly TapePrint[]>;
  /** The first time of all; null when there is none. */
  readonly begin: bigint | null;
  /** Prints left out: those without a time, those without a token (some lack both). */
  readonly dropped: { readonly nullTs: number; readonly nullToken: number };
}

/**
 * Groups the usable prints.
 *
 * @param compare the tape's order within a token; prints that it holds equal stay in the order of the file.
 */
export function groupTape(prints: readonly Print[], compare: (a: TapePrint, b: TapePrint) => number): Tape {
  const byToken = new Map<string, TapePrint[]>();
  const dropped = { nullTs: 0, nullToken: 0 };
  let begin: bigint | null = null;
  for (const print of prints) {
    if (print.ts === null) dropped.nullTs++;
    if (print.tokenId === null) dropped.nullToken++;
    if (print.ts === null || print.tokenId === null) continue;
    if (begin === null || print.ts < begin) begin = print.ts;
    const group = byToken.get(print.tokenId);
    if (group === undefined) byToken.set(print.tokenId, [print as TapePrint]);
    else group.push(print as TapePrint);
  }
  // Array.prototype.sort is stable: of equal stamps the later in the file stays the later.
  for (const group of byToken.values()) group.sort(compare);
  return { byToken, begin, dropped };
}
