/** The prints of a token that are known by now: they become so in the order of their availability. */
import { type Axis, hasNoTime, type Shift, shiftBy } from '../axis.js';
import { RowSorter } from '../group.js';
import { Bitset } from './bitset.js';

/** A walk forward over the times at which prints became known. */
export class Entered {
  readonly #available: Axis;
  readonly #known: Shift;
  readonly #sorter = new RowSorter();
  /** By position, less that of the token's first print. */
  readonly seen = new Bitset();
  #entries = new Int32Array(0);
  #first = 0;
  #count = 0;
  #next = 0;

  /** @param known by row: the moment at which a trade judges what is known. */
  constructor(available: Axis, known: Axis) {
    this.#available = available;
    this.#known = shiftBy(known, available, 0n);
  }

  /** Turns to the prints `first` … `end - 1`. */
  begin(first: number, end: number): void {
    this.#first = first;
    this.#next = 0;
    this.#count = 0;
    this.seen.clear(end - first);
    if (this.#entries.length < end - first) this.#entries = new Int32Array((end - first) * 2);
    for (let print = first; print < end; print++) {
      // What has no such time is never known.
      if (!hasNoTime(this.#available, print)) this.#entries[this.#count++] = print;
    }
    this.#sorter.sort(this.#entries, 0, this.#count, this.#available.steps);
  }

  /** Takes in what is known to a row; rows come in ascending time. `rank` says the how many-th a print is. */
  enter(row: number, entered: (print: number, rank: number) => void): void {
    const moment = this.#known.at(row);
    const { steps } = this.#available;
    while (this.#next < this.#count) {
      const print = this.#entries[this.#next]!;
      if (steps[print]! > moment) return;
      this.seen.add(print - this.#first);
      entered(print, this.#next++);
    }
  }

  has(print: number): boolean {
    return this.seen.has(print - this.#first);
  }

  /** The print that was the `rank`-th to become known. */
  at(rank: number): number {
    return this.#entries[rank]!;
  }
}
