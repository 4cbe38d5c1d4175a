/** Exact sums over what a trade sees of a window, where that is not all of it. Spec section 3. */
import { WideSum } from '../sum/wide.js';

/** Which prints are seen. */
export type Sees = (print: number) => boolean;

/** A sum to which terms are added and from which they are taken again. A NaN, or infinities of both signs: NaN. */
class Tally {
  readonly #sum = new WideSum();
  #nan = 0;
  #up = 0;
  #down = 0;

  clear(): void {
    this.#sum.clear();
    this.#nan = 0;
    this.#up = 0;
    this.#down = 0;
  }

  change(term: number, sign: 1 | -1): void {
    if (Number.isFinite(term)) this.#sum.add(term, sign);
    else if (Number.isNaN(term)) this.#nan += sign;
    else if (term > 0) this.#up += sign;
    else this.#down += sign;
  }

  /** The sum, less another one whose terms are among its own. */
  value(less: Tally | null): number {
    const nan = this.#nan - (less === null ? 0 : less.#nan);
    const up = this.#up - (less === null ? 0 : less.#up);
    const down = this.#down - (less === null ? 0 : less.#down);
    if (nan > 0 || (up > 0 && down > 0)) return Number.NaN;
    if (up > 0) return Number.POSITIVE_INFINITY;
    if (down > 0) return Number.NEGATIVE_INFINITY;
    return this.#sum.value(less === null ? null : less.#sum);
  }
}

/** The terms of all prints, by position. */
export interface Terms {
  readonly price: Float64Array;
  readonly size: Float64Array;
}

/**
 * What is seen of the positions between two boundaries that move forward: each print is added once, and taken out
 * once. A print that becomes visible behind the boundaries is added by {@link Held.enter}.
 */
export class Held {
  readonly #terms: Terms;
  readonly #volume = new Tally();
  readonly #notional = new Tally();
  #start = 0;
  #end = 0;
  #count = 0;

  constructor(terms: Terms) {
    this.#terms = terms;
  }

  /** Empties it; both boundaries are at a position. */
  reset(at: number): void {
    this.#volume.clear();
    this.#notional.clear();
    this.#count = 0;
    this.#start = at;
    this.#end = at;
  }

  /** Moves the boundaries. `print`: the print at a position; `sees`: whether it is seen by now. */
  move(start: number, end: number, print: (at: number) => number, sees: Sees): void {
    // All that it held is behind, or what it is to hold is: begin anew.
    if (start >= this.#end || end < this.#end || start < this.#start) this.reset(start);
    for (; this.#start < start; this.#start++) this.#changeSeen(print(this.#start), -1, sees);
    for (; this.#end < end; this.#end++) this.#changeSeen(print(this.#end), 1, sees);
  }

  /** The print at a position has become visible. */
  enter(at: number, print: number): void {
    if (at >= this.#start && at < this.#end) this.change(print, 1);
  }

  /** Adds a print, or takes it out. */
  change(print: number, sign: 1 | -1): void {
    const { price, size } = this.#terms;
    this.#count += sign;
    this.#volume.change(size[print]!, sign);
    // Rounded here, as a product of doubles.
    this.#notional.change(price[print]! * size[print]!, sign);
  }

  /** How many it holds, less those of another, whose prints are among its own. */
  countLess(other: Held | null): number {
    return this.#count - (other === null ? 0 : other.#count);
  }

  /** The sum of their sizes. */
  volumeLess(other: Held | null): number {
    return this.#volume.value(other === null ? null : other.#volume);
  }

  /** The sum of their prices times sizes. */
  notionalLess(other: Held | null): number {
    return this.#notional.value(other === null ? null : other.#notional);
  }

  #changeSeen(print: number, sign: 1 | -1, sees: Sees): void {
    if (sees(print)) this.change(print, sign);
  }
}
