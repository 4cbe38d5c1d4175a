/**
 * Sums. Spec section 3.
 *
 * `exact`: every finite double is a whole number times a power of two, so over a common power of two a sum
 * of doubles is a sum of integers: exact in BigInt, rounded once at the end.
 */
import type { SumMode } from './rows.js';

/** A finite double, as `mantissa * 2^exponent` exactly. */
interface Parts {
  readonly mantissa: bigint;
  readonly exponent: number;
}

const MIN_EXPONENT = -1074;
const view = new DataView(new ArrayBuffer(8));

/** Takes a finite double apart. Subnormals have the exponent -1074, as the smallest normals do. */
export function decompose(value: number): Parts {
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const magnitude = biased === 0 ? fraction : fraction | (1n << 52n);
  return { mantissa: bits >> 63n ? -magnitude : magnitude, exponent: Math.max(biased, 1) - 1075 };
}

/**
 * The double nearest to `mantissa * 2^exponent`, of two equally near the even one: what IEEE 754 calls
 * round-to-nearest-even, subnormals and overflow to infinity included. Zero is +0.
 *
 * @param exponent at least -1074.
 */
export function compose(mantissa: bigint, exponent: number): number {
  const negative = mantissa < 0n;
  const magnitude = negative ? -mantissa : mantissa;
  if (magnitude === 0n) return 0;
  const surplus = magnitude.toString(2).length - 53;
  let kept = magnitude;
  if (surplus > 0) {
    const half = 1n << BigInt(surplus - 1);
    kept = magnitude >> BigInt(surplus);
    const rest = magnitude - (kept << BigInt(surplus));
    if (rest > half || (rest === half && kept & 1n)) kept += 1n;
  }
  // At most 2^53, so Number is exact; and a whole number of 2^-1074, so only overflow can round the product.
  const result = Number(kept) * 2 ** (exponent + Math.max(surplus, 0));
  return negative ? -result : result;
}

/** Sums of runs of consecutive terms: `between(start, end)` is the sum of the terms start … end - 1. */
export interface RunningSum {
  between(start: number, end: number): number;
}

/**
 * Correctly rounded sums of any run of `terms`: what `math.fsum` gives. A NaN within the run, or infinities of
 * both signs, make it NaN; infinities of one sign make it that infinity; an empty run and a sum of zero are +0.
 *
 * Cost: one pass over the terms; then O(1) big-integer operations per run. The numbers of a tape need about
 * 80 bits; the worst case, 1e308 beside 5e-324, needs 2100.
 */
export function exactRunningSum(terms: readonly number[]): RunningSum {
  const parts = terms.map((value) => (Number.isFinite(value) ? decompose(value) : null));
  let unit = Number.POSITIVE_INFINITY;
  for (const part of parts) if (part !== null && part.mantissa !== 0n) unit = Math.min(unit, part.exponent);
  if (unit === Number.POSITIVE_INFINITY) unit = MIN_EXPONENT;
  const scaled = parts.map((p) =>
    p === null || p.mantissa === 0n ? 0n : p.mantissa << BigInt(p.exponent - unit),
  );
  const finite = prefix(scaled, 0n, (a, b) => a + b);
  const add = (a: number, b: number) => a + b;
  const count = (test: (value: number) => boolean) =>
    prefix(
      terms.map((value) => Number(test(value))),
      0,
      add,
    );
  const nans = count(Number.isNaN);
  const ups = count((value) => value === Number.POSITIVE_INFINITY);
  const downs = count((value) => value === Number.NEGATIVE_INFINITY);
  return {
    between(start, end) {
      const has = (counts: readonly number[]) => (counts[end] as number) > (counts[start] as number);
      if (has(nans) || (has(ups) && has(downs))) return Number.NaN;
      if (has(ups)) return Number.POSITIVE_INFINITY;
      if (has(downs)) return Number.NEGATIVE_INFINITY;
      return compose((finite[end] as bigint) - (finite[start] as bigint), unit);
    },
  };
}

/** The sums of the first 0, 1, 2, … values. */
function prefix<T>(values: readonly T[], zero: T, add: (a: T, b: T) => T): T[] {
  const sums = [zero];
  let sum = zero;
  for (const value of values) {
    sum = add(sum, value);
    sums.push(sum);
  }
  return sums;
}

/**
 * The notebook's sums: the difference of two sequential cumulative sums in doubles (`numpy.cumsum`), rounding
 * errors of all earlier terms included; after a NaN or an infinity every run that ends there or later is spoiled.
 */
export function notebookRunningSum(terms: readonly number[]): RunningSum {
  const sums: number[] = [];
  for (const value of terms) sums.push(sums.length === 0 ? value : (sums[sums.length - 1] as number) + value);
  const upTo = (count: number) => (count > 0 ? (sums[count - 1] as number) : 0);
  return { between: (start, end) => upTo(end) - upTo(start) };
}

/** The running sum of a mode. */
export function runningSum(mode: SumMode, terms: readonly number[]): RunningSum {
  return mode === 'exact' ? exactRunningSum(terms) : notebookRunningSum(terms);
}

/**
 * The correctly rounded sum of all `terms`.
 *
 * @example
 * ```ts
 * exactSum([1e16, 1, 1e-16]); // 10000000000000002
 * ```
 */
export function exactSum(terms: readonly number[]): number {
  return exactRunningSum(terms).between(0, terms.length);
}

/** Kahan's compensated sum with the one repair of pandas' groupby: a compensation that is NaN becomes 0. */
export function kahanSum(terms: readonly number[]): number {
  let sum = 0;
  let compensation = 0;
  for (const value of terms) {
    const corrected = value - compensation;
    const next = sum + corrected;
    compensation = next - sum - corrected;
    // inf - inf: without this one infinity would turn the sum into NaN.
    if (Number.isNaN(compensation)) compensation = 0;
    sum = next;
  }
  return sum;
}
