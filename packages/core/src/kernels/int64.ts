/**
 * 64-bit integers as pairs of 32-bit words, the low one first, as Arrow lays them out. Reading an element of a
 * `BigInt64Array` makes an object; reading two words does not.
 */

/** The smallest 64-bit integer: no time (pandas' NaT). */
export const NULL_TIME = -(2n ** 63n);
/** Its high word; the low one is 0. */
export const NULL_HIGH = -0x8000_0000;
/** The greatest 64-bit integer. */
export const MAX_TIME = 2n ** 63n - 1n;

const WORD = 2 ** 32;

/** The words of 64-bit integers, in place. */
export function wordsOf(values: BigInt64Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length * 2);
}

/** Writes a whole number below 2^53 in magnitude as element `i`. */
export function writeInteger(words: Int32Array, i: number, value: number): void {
  const high = Math.floor(value / WORD);
  words[2 * i] = (value - high * WORD) | 0;
  words[2 * i + 1] = high;
}

/** Writes `base + offset` as element `i`, for a whole `offset` below 2^53 in magnitude. The sum has to fit. */
export function writeSum(
  words: Int32Array,
  i: number,
  baseHigh: number,
  baseLow: number,
  offset: number,
): void {
  const high = Math.floor(offset / WORD);
  const low = baseLow + (offset - high * WORD);
  words[2 * i] = low | 0;
  words[2 * i + 1] = (baseHigh + high + (low >= WORD ? 1 : 0)) | 0;
}

/** The high word of a 64-bit integer. */
export function highOf(value: bigint): number {
  return Number(BigInt.asIntN(32, value >> 32n));
}

/** The low word of a 64-bit integer, as an unsigned one. */
export function lowOf(value: bigint): number {
  return Number(value & 0xffff_ffffn);
}

/** Division rounded down. `by` is positive. */
export function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}
