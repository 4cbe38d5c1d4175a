/** The sum of all of a few terms, in both numerics. Spec section 3. */
import type { SumMode } from '../../types.js';
import { sumOfThree } from './round.js';
import { anchorsFor, scaleOf } from './scale.js';
import { WideSum } from './wide.js';

const wide = new WideSum();

/** The sum of the terms `from` … `to - 1` as `mode` says: correctly rounded, or as pandas' grouped sum adds. */
export function total(mode: SumMode, terms: Float64Array, from: number, to: number): number {
  return mode === 'exact' ? exactTotal(terms, from, to) : kahanTotal(terms, from, to);
}

/**
 * The correctly rounded sum of the terms `from` … `to - 1`, whatever their order and magnitudes: what Python's
 * `math.fsum` gives. No terms, or a sum of zero: +0. A NaN, or infinities of both signs: NaN.
 *
 * @example
 * ```ts
 * exactTotal(Float64Array.of(1e16, 1, 1e-16), 0, 3); // 10000000000000002
 * ```
 */
export function exactTotal(terms: Float64Array, from: number, to: number): number {
  // One addition of doubles is rounded correctly by itself; adding +0 turns a zero's sign.
  if (to - from < 3) return (to > from ? terms[from]! : 0) + (to > from + 1 ? terms[from + 1]! : 0) + 0;
  const scale = scaleOf(terms, from, to);
  if (!scale.finite) {
    // IEEE's rules: a NaN stays, infinities of both signs are one.
    let decided = 0;
    for (let i = from; i < to; i++) if (!Number.isFinite(terms[i]!)) decided += terms[i]!;
    return decided;
  }
  const anchors = anchorsFor(scale, to - from);
  if (anchors === null) {
    wide.clear();
    for (let i = from; i < to; i++) wide.add(terms[i]!, 1);
    return wide.value();
  }
  const [first = 0, second = 0] = anchors;
  let [high, middle, low] = [0, 0, 0];
  for (let i = from; i < to; i++) {
    const term = terms[i]!;
    const upper = first === 0 ? 0 : term + first - first;
    const rest = term - upper;
    const next = second === 0 ? 0 : rest + second - second;
    high += upper;
    middle += next;
    low += rest - next;
  }
  return sumOfThree(high, middle, low);
}

/** Kahan's compensated sum with the one repair of pandas' groupby: a compensation that is NaN becomes 0. */
export function kahanTotal(terms: Float64Array, from: number, to: number): number {
  let sum = 0;
  let compensation = 0;
  for (let i = from; i < to; i++) {
    const corrected = terms[i]! - compensation;
    const next = sum + corrected;
    compensation = next - sum - corrected;
    // inf - inf: without this one infinity would turn the sum into NaN.
    if (Number.isNaN(compensation)) compensation = 0;
    sum = next;
  }
  return sum;
}
