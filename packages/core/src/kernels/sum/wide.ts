import { sumOfThree } from './round.js';

const BITS = 32;
const WORD = 2 ** BITS;
/** Digits that one term touches. */
const REACH = 3;
/** The digit of the largest double's last bit, and its reach. */
const DIGITS = Math.floor(2045 / BITS) + REACH + 1;
/** One term changes a digit by less than 2^32; doubles hold a million of them and the carries. */
const TERMS_BEFORE_CARRY = 2 ** 20;

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
const scratch = new Float64Array(DIGITS);

/**
 * An exact sum over the whole range of doubles, to which terms are added and from which they are taken again: digits
 * of weight 2^(32 i - 1074) held in doubles, carries put off (R. Neal's superaccumulator, arXiv 1505.05571).
 */
export class WideSum {
  readonly #digits = new Float64Array(DIGITS);
  #uncarried = 0;

  /** Makes it zero. */
  clear(): void {
    this.#digits.fill(0);
    this.#uncarried = 0;
  }

  /** Adds a finite term (`sign` 1), or takes it away (-1). */
  add(term: number, sign: 1 | -1): void {
    double[0] = term;
    const top = words[1]!;
    const biased = (top >>> 20) & 0x7ff;
    const high = (top & 0xfffff) | (biased === 0 ? 0 : 0x100000);
    const low = words[0]!;
    const bit = (biased === 0 ? 1 : biased) - 1;
    const shift = bit & 31;
    const at = bit >>> 5;
    const by = top >>> 31 === 0 ? sign : -sign;
    const digits = this.#digits;
    digits[at] = digits[at]! + by * ((low << shift) >>> 0);
    // A shift by 32 would be one by 0.
    const fromLow = shift === 0 ? 0 : low >>> (32 - shift);
    const fromHigh = shift === 0 ? 0 : high >>> (32 - shift);
    digits[at + 1] = digits[at + 1]! + by * (((high << shift) | fromLow) >>> 0);
    digits[at + 2] = digits[at + 2]! + by * fromHigh;
    if (++this.#uncarried >= TERMS_BEFORE_CARRY) {
      carry(digits);
      this.#uncarried = 1;
    }
  }

  /** The sum, less another one, rounded once; beyond the largest double it is infinite, and zero is +0. */
  value(less: WideSum | null = null): number {
    scratch.set(this.#digits);
    if (less !== null) for (let i = 0; i < DIGITS; i++) scratch[i] = scratch[i]! - less.#digits[i]!;
    carry(scratch);
    // After the carries the top digit alone has a sign.
    const negative = scratch[DIGITS - 1]! < 0;
    if (negative) {
      for (let i = 0; i < DIGITS; i++) scratch[i] = -scratch[i]!;
      carry(scratch);
    }
    const magnitude = rounded(scratch);
    return negative ? -magnitude : magnitude;
  }
}

/** Brings every digit but the top one into 0 … 2^32 - 1, the value unchanged. */
function carry(digits: Float64Array): void {
  let carried = 0;
  for (let i = 0; i < DIGITS - 1; i++) {
    const sum = digits[i]! + carried;
    carried = Math.floor(sum / WORD);
    digits[i] = sum - carried * WORD;
  }
  digits[DIGITS - 1] = digits[DIGITS - 1]! + carried;
}

function rounded(digits: Float64Array): number {
  let top = DIGITS - 1;
  while (top > 0 && digits[top] === 0) top--;
  // The three highest digits hold 65 bits or more: 53, the rounding bit, and a last one for everything below.
  const low = Math.max(top - 2, 0);
  let below = false;
  for (let i = 0; i < low && !below; i++) below = digits[i] !== 0;
  const last = digits[low]!;
  const sticky = below && last % 2 === 0 ? last + 1 : last;
  const nearest = sumOfThree(
    low + 2 <= top ? digits[low + 2]! * WORD * WORD : 0,
    low + 1 <= top ? digits[low + 1]! * WORD : 0,
    sticky,
  );
  // Exact, even for subnormal results: the unit is at least 2^-1074.
  return scaled(nearest, low * BITS - 1074);
}

/** `value * 2^exponent`, where the power alone may be beyond the range of doubles. */
function scaled(value: number, exponent: number): number {
  return exponent > 1000 ? value * 2 ** 1000 * 2 ** (exponent - 1000) : value * 2 ** exponent;
}
