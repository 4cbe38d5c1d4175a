import { sumOfThree } from './round.js';

/** Sums of runs of terms as differences of running sums, exact because they are sums of pieces: see `scale.ts`. */
export class PieceSums {
  /** The running sums of the pieces, those of one place side by side. */
  #running = new Float64Array(0);
  #pieces = 1;

  /** Takes in the terms 0 … `count - 1`; what is not finite counts as zero. */
  load(terms: Float64Array, count: number, anchors: readonly number[]): void {
    this.#pieces = anchors.length + 1;
    const needed = (count + 1) * this.#pieces;
    if (this.#running.length < needed) this.#running = new Float64Array(Math.max(needed, 1024) * 1.5);
    const running = this.#running;
    running.fill(0, 0, this.#pieces);
    if (anchors.length === 0) loadOne(running, terms, count);
    else if (anchors.length === 1) loadTwo(running, terms, count, anchors[0]!);
    else loadThree(running, terms, count, anchors[0]!, anchors[1]!);
  }

  /** The sum of the terms `start` … `end - 1`, rounded once. */
  between(start: number, end: number): number {
    const running = this.#running;
    const pieces = this.#pieces;
    const a = start * pieces;
    const b = end * pieces;
    if (pieces === 1) return running[b]! - running[a]! + 0;
    // One addition of doubles is rounded correctly by itself.
    if (pieces === 2) return running[b]! - running[a]! + (running[b + 1]! - running[a + 1]!) + 0;
    return sumOfThree(
      running[b]! - running[a]!,
      running[b + 1]! - running[a + 1]!,
      running[b + 2]! - running[a + 2]!,
    );
  }
}

function finite(term: number): number {
  return term - term === 0 ? term : 0;
}

function loadOne(running: Float64Array, terms: Float64Array, count: number): void {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    sum += finite(terms[i]!);
    running[i + 1] = sum;
  }
}

function loadTwo(running: Float64Array, terms: Float64Array, count: number, anchor: number): void {
  let high = 0;
  let low = 0;
  for (let i = 0; i < count; i++) {
    const term = finite(terms[i]!);
    const upper = term + anchor - anchor;
    high += upper;
    low += term - upper;
    running[2 * i + 2] = high;
    running[2 * i + 3] = low;
  }
}

function loadThree(
  running: Float64Array,
  terms: Float64Array,
  count: number,
  first: number,
  second: number,
): void {
  let high = 0;
  let middle = 0;
  let low = 0;
  for (let i = 0; i < count; i++) {
    const term = finite(terms[i]!);
    const upper = term + first - first;
    const rest = term - upper;
    const next = rest + second - second;
    high += upper;
    middle += next;
    low += rest - next;
    running[3 * i + 3] = high;
    running[3 * i + 4] = middle;
    running[3 * i + 5] = low;
  }
}
