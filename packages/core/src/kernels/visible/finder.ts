/** As-of among the prints of a token that a trade sees, its own left out. Positions ascend by (time, sequence, row). */
import type { Ascending } from '../search.js';
import type { Bitset } from './bitset.js';
import { countBelow } from './own.js';

/** The prints of one token at the positions `first` … `end - 1`. */
export interface Prints {
  readonly first: number;
  readonly end: number;
  readonly steps: Ascending;
  /** Places within a stamp, null ones last; null when they do not decide. */
  readonly places: Float64Array | null;
}

/** The last print before `end` that `seen` has (null: all of them) and that is none of `own`, or -1. */
export function lastBefore({ first }: Prints, seen: Bitset | null, own: Int32Array, end: number): number {
  for (let before = end; ; ) {
    const at = seen === null ? before - 1 : before <= first ? -1 : first + seen.before(before - first);
    if (at < first) return -1;
    const rank = countBelow(own, at);
    if (own[rank] !== at) return at;
    // Positions less ranks stay the same along a run of neighbours: it is jumped over.
    before = own[runStart(own, rank)]!;
  }
}

/** The first print from `start` on that `seen` has and that is none of `own`, or -1. */
export function firstFrom(
  { first, end }: Prints,
  seen: Bitset | null,
  own: Int32Array,
  start: number,
): number {
  for (let from = start; ; ) {
    let at = from;
    if (seen !== null) {
      const found = seen.from(from - first);
      if (found < 0) return -1;
      at = first + found;
    }
    if (at >= end) return -1;
    const rank = countBelow(own, at);
    if (own[rank] !== at) return at;
    from = own[runEnd(own, rank)]! + 1;
  }
}

function runStart(own: Int32Array, rank: number): number {
  const run = own[rank]! - rank;
  let [low, high] = [0, rank];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (own[middle]! - middle < run) low = middle + 1;
    else high = middle;
  }
  return low;
}

function runEnd(own: Int32Array, rank: number): number {
  const run = own[rank]! - rank;
  let [low, high] = [rank, own.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (own[middle]! - middle > run) high = middle - 1;
    else low = middle;
  }
  return low;
}

/** Where the prints begin and end that tie with each print of a token: equal in time and place. */
export class TieGroups {
  #starts = new Int32Array(0);
  #ends = new Int32Array(0);
  #first = 0;

  /** Finds them, in one walk. */
  load({ first, end, steps, places }: Prints): void {
    this.#first = first;
    if (this.#starts.length < end - first) {
      this.#starts = new Int32Array((end - first) * 2);
      this.#ends = new Int32Array((end - first) * 2);
    }
    for (let start = first; start < end; ) {
      let past = start + 1;
      while (
        past < end &&
        steps[past] === steps[start] &&
        (places === null || places[past] === places[start])
      )
        past++;
      this.#starts.fill(start, start - first, past - first);
      this.#ends.fill(past, start - first, past - first);
      start = past;
    }
  }

  startOf(print: number): number {
    return this.#starts[print - this.#first]!;
  }

  endOf(print: number): number {
    return this.#ends[print - this.#first]!;
  }
}
