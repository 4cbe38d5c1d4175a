import type { SumMode } from '../../types.js';
import { PieceSums } from './pieces.js';
import { anchorsFor, scaleOf } from './scale.js';
import { WideSum } from './wide.js';

/** A window's sum over the whole range of doubles, which follows the window as it moves on. */
interface Follower {
  readonly sum: WideSum;
  start: number;
  end: number;
}

/**
 * Sums over windows that move forward over the terms of one group. `exact`: rounded once, whatever the magnitudes;
 * a NaN in the window, or infinities of both signs, make it NaN, infinities of one sign make it that. `notebook`:
 * differences of two sequential cumulative sums. An empty window is +0. Spec section 3.
 *
 * Cost: a few additions per term, and a few per window. Memory is kept from group to group.
 */
export class WindowSums {
  readonly #mode: SumMode;
  readonly #pieces = new PieceSums();
  readonly #followers: Follower[] = [];
  #terms: Float64Array = new Float64Array(0);
  #wide = false;
  /** Running counts of NaN, +infinity and -infinity, side by side; empty when all terms are finite. */
  #apart = new Int32Array(0);
  #finite = true;
  #cumulative = new Float64Array(0);

  constructor(mode: SumMode) {
    this.#mode = mode;
  }

  /** Takes the terms 0 … `count - 1` of the next group; `terms` stays unchanged until the one after. */
  load(terms: Float64Array, count: number): void {
    this.#terms = terms;
    if (this.#mode === 'notebook') {
      this.#accumulate(terms, count);
      return;
    }
    const scale = scaleOf(terms, 0, count);
    this.#finite = scale.finite;
    if (!scale.finite) this.#countApart(terms, count);
    const anchors = anchorsFor(scale, count);
    this.#wide = anchors === null;
    if (anchors !== null) this.#pieces.load(terms, count, anchors);
    // Which skips the windows that were never asked for.
    else this.#followers.forEach(clear);
  }

  /** The sum of the terms `start` … `end - 1`. `window`: its number, since each window moves on its own. */
  between(window: number, start: number, end: number): number {
    if (this.#mode === 'notebook') return this.#upTo(end) - this.#upTo(start);
    if (!this.#finite) {
      const decided = this.#decided(start, end);
      if (decided !== null) return decided;
    }
    return this.#wide ? this.#follow(window, start, end) : this.#pieces.between(start, end);
  }

  #accumulate(terms: Float64Array, count: number): void {
    if (this.#cumulative.length < count) this.#cumulative = new Float64Array(count * 1.5);
    // numpy's first value is the first term itself; -0 + x is x in every bit.
    let sum = -0;
    for (let i = 0; i < count; i++) {
      sum += terms[i]!;
      this.#cumulative[i] = sum;
    }
  }

  #upTo(count: number): number {
    return count > 0 ? this.#cumulative[count - 1]! : 0;
  }

  #countApart(terms: Float64Array, count: number): void {
    if (this.#apart.length < (count + 1) * 3) this.#apart = new Int32Array((count + 1) * 3);
    const apart = this.#apart;
    apart.fill(0, 0, 3);
    for (let i = 0, at = 3; i < count; i++, at += 3) {
      const term = terms[i]!;
      apart[at] = apart[at - 3]! + (Number.isNaN(term) ? 1 : 0);
      apart[at + 1] = apart[at - 2]! + (term === Number.POSITIVE_INFINITY ? 1 : 0);
      apart[at + 2] = apart[at - 1]! + (term === Number.NEGATIVE_INFINITY ? 1 : 0);
    }
  }

  /** The sum where a term that is not finite decides it. */
  #decided(start: number, end: number): number | null {
    const apart = this.#apart;
    const up = apart[3 * end + 1] !== apart[3 * start + 1];
    const down = apart[3 * end + 2] !== apart[3 * start + 2];
    if (apart[3 * end] !== apart[3 * start] || (up && down)) return Number.NaN;
    if (up) return Number.POSITIVE_INFINITY;
    return down ? Number.NEGATIVE_INFINITY : null;
  }

  #follow(window: number, start: number, end: number): number {
    this.#followers[window] ??= { sum: new WideSum(), start: 0, end: 0 };
    const follower = this.#followers[window];
    if (start < follower.start || end < follower.end || start > follower.end) {
      clear(follower);
      follower.start = start;
      follower.end = start;
    }
    for (; follower.end < end; follower.end++) this.#change(follower, follower.end, 1);
    for (; follower.start < start; follower.start++) this.#change(follower, follower.start, -1);
    return follower.sum.value();
  }

  #change({ sum }: Follower, i: number, sign: 1 | -1): void {
    const term = this.#terms[i]!;
    if (Number.isFinite(term)) sum.add(term, sign);
  }
}

function clear(follower: Follower): void {
  follower.sum.clear();
  follower.start = 0;
  follower.end = 0;
}
