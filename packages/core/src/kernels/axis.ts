/**
 * Times as whole steps of a length from an origin, held in doubles: exact, compared and subtracted without an
 * object per value. Columns of any two units are put against each other without converting either.
 */
import { NANOS } from '@polyfeat/reference';
import { floorDivide, highOf, lowOf, NULL_HIGH, NULL_TIME, wordsOf, writeSum } from './int64.js';
import type { TimeColumn } from './times.js';

/** A time column on an axis of its own. */
export interface Axis {
  /** Nanoseconds since the epoch at step 0. */
  readonly origin: bigint;
  /** Nanoseconds of a step. */
  readonly step: number;
  /**
   * Steps from the origin: whole doubles below 2^52, NaN where there is no time. Where doubles cannot hold them
   * (times more than 285 years apart that are no whole microseconds) 64-bit integers, the smallest being no time.
   */
  readonly steps: Float64Array | BigInt64Array;
  /** The greatest of the steps; 0 without times. */
  readonly last: number | bigint;
  /** Rows without a time. */
  readonly nulls: number;
}

const WORD = 2 ** 32;
/** Two sums of steps and shifts stay below 2^53. */
const LIMIT = 2 ** 52;
const CLAMP = 2n ** 53n;

/** Puts times on an axis. Two passes over them. */
export function toAxis({ unit, stamps }: TimeColumn): Axis {
  const words = wordsOf(stamps as BigInt64Array);
  const { least, most, nulls } = extremes(stamps, words);
  const nanos = Number(NANOS[unit]);
  const range = most - least;
  const origin = least * NANOS[unit];
  if (range < BigInt(LIMIT)) {
    return { origin, step: nanos, steps: distances(words, least, 1), last: Number(range), nulls };
  }
  if (range / 1000n < BigInt(LIMIT) && allThousands(words, least)) {
    const steps = distances(words, least, 1000);
    return { origin, step: nanos * 1000, steps, last: Number(range / 1000n), nulls };
  }
  return { origin: 0n, step: nanos, steps: stamps, last: most, nulls };
}

function isNull(words: Int32Array, i: number): boolean {
  return words[2 * i + 1] === NULL_HIGH && words[2 * i] === 0;
}

function extremes(stamps: BigInt64Array, words: Int32Array): { least: bigint; most: bigint; nulls: number } {
  let [leastAt, mostAt, nulls] = [-1, -1, 0];
  let [leastHigh, leastLow, mostHigh, mostLow] = [0, 0, 0, 0];
  for (let i = 0; i < stamps.length; i++) {
    const high = words[2 * i + 1]!;
    const low = words[2 * i]! >>> 0;
    if (high === NULL_HIGH && low === 0) nulls++;
    else {
      if (leastAt < 0 || high < leastHigh || (high === leastHigh && low < leastLow)) {
        leastAt = i;
        leastHigh = high;
        leastLow = low;
      }
      if (mostAt < 0 || high > mostHigh || (high === mostHigh && low > mostLow)) {
        mostAt = i;
        mostHigh = high;
        mostLow = low;
      }
    }
  }
  return { least: stamps[leastAt] ?? 0n, most: stamps[mostAt] ?? 0n, nulls };
}

/** `(stamp - base) / by` of every stamp; the quotients are whole and below 2^53. */
function distances(words: Int32Array, base: bigint, by: 1 | 1000): Float64Array {
  const [baseHigh, baseLow] = [highOf(base), lowOf(base)];
  const steps = new Float64Array(words.length / 2);
  for (let i = 0; i < steps.length; i++) {
    if (isNull(words, i)) {
      steps[i] = Number.NaN;
      continue;
    }
    let high = words[2 * i + 1]! - baseHigh;
    let low = (words[2 * i]! >>> 0) - baseLow;
    if (by === 1) steps[i] = high * WORD + low;
    else {
      if (low < 0) {
        low += WORD;
        high--;
      }
      const thousands = Math.floor(high / 1000);
      steps[i] = thousands * WORD + Math.floor(((high - thousands * 1000) * WORD + low) / 1000);
    }
  }
  return steps;
}

/** Whether every stamp is a whole number of thousands away from `base`. */
function allThousands(words: Int32Array, base: bigint): boolean {
  const [baseHigh, baseLow] = [highOf(base), lowOf(base)];
  for (let i = 0; 2 * i < words.length; i++) {
    if (isNull(words, i)) continue;
    const high = words[2 * i + 1]! - baseHigh;
    const low = (words[2 * i]! >>> 0) - baseLow;
    if (((high % 1000) * (WORD % 1000) + low) % 1000 !== 0) return false;
  }
  return true;
}

/** Whether row `i` has no time. */
export function hasNoTime(axis: Axis, i: number): boolean {
  const step = axis.steps[i]!;
  return typeof step === 'number' ? Number.isNaN(step) : step === NULL_TIME;
}

/** The time of step `value`, in nanoseconds. */
export function nanosAt({ origin, step }: Axis, value: number | bigint): bigint {
  return origin + BigInt(value) * BigInt(step);
}

/** For the times of one axis moved by a length: the last step of another axis at or before each. */
export interface Shift {
  /** `row`: of the axis that is moved. Comparable with the other axis's steps, not always whole within range. */
  at(row: number): number | bigint;
}

/**
 * Prepares to ask which steps `to` of another table lie at or before `from - nanos`. Strictly before is at or
 * before a nanosecond earlier, since all times are whole nanoseconds.
 */
export function shiftBy(from: Axis, to: Axis, nanos: bigint): Shift {
  const { steps } = from;
  if (steps instanceof BigInt64Array || to.steps instanceof BigInt64Array) {
    const by = BigInt(to.step);
    return {
      at: (row) => floorDivide(nanosAt(from, steps[row]!) - nanos - to.origin, by),
    };
  }
  const distance = from.origin - to.origin - nanos;
  return from.step >= to.step
    ? new FinerShift(steps, from.step, to.step, distance)
    : new CoarserShift(steps, from.step, to.step, distance);
}

function clamped(value: bigint): number {
  return Number(value > CLAMP ? CLAMP : value < -CLAMP ? -CLAMP : value);
}

/** Towards steps that divide ours: `(row + whole) * times + rest`, where beyond 2^53 only the order matters. */
class FinerShift implements Shift {
  readonly #steps: Float64Array;
  readonly #times: number;
  readonly #whole: number;
  readonly #rest: number;

  constructor(steps: Float64Array, from: number, to: number, distance: bigint) {
    const whole = floorDivide(distance, BigInt(from));
    this.#steps = steps;
    this.#times = from / to;
    this.#whole = clamped(whole);
    this.#rest = Number((distance - whole * BigInt(from)) / BigInt(to));
  }

  at(row: number): number {
    return (this.#steps[row]! + this.#whole) * this.#times + this.#rest;
  }
}

/** Towards steps that ours divide: the quotient, rounded down after the remainders are added. */
class CoarserShift implements Shift {
  readonly #steps: Float64Array;
  readonly #from: number;
  readonly #to: number;
  readonly #whole: number;
  readonly #rest: number;

  constructor(steps: Float64Array, from: number, to: number, distance: bigint) {
    const whole = floorDivide(distance, BigInt(to));
    this.#steps = steps;
    this.#from = from;
    this.#to = to;
    this.#whole = clamped(whole);
    this.#rest = Number(distance - whole * BigInt(to));
  }

  at(row: number): number {
    const ratio = this.#to / this.#from;
    const step = this.#steps[row]!;
    const quotient = Math.floor(step / ratio);
    const carry = (step - quotient * ratio) * this.#from + this.#rest >= this.#to ? 1 : 0;
    return quotient + this.#whole + carry;
  }
}

/** The distances between times of two axes, in nanoseconds as doubles, each rounded once. */
export interface Gap {
  /** From step `to` of the other axis to the time of `row`. */
  nanos(row: number, to: number | bigint): number;
  /** The same, exactly, in a unit that is the same for all distances of these two axes. */
  exact(row: number, to: number | bigint): number | bigint;
}

/** Prepares {@link Gap} for the rows of one axis and the steps of another. */
export function gapBetween(from: Axis, to: Axis): Gap {
  const { steps } = from;
  const distance = from.origin - to.origin;
  const unit = Math.min(from.step, to.step);
  if (steps instanceof Float64Array && to.steps instanceof Float64Array && distance % BigInt(unit) === 0n) {
    const [a, b, c] = [from.step / unit, to.step / unit, Number(distance / BigInt(unit))];
    if (Number(from.last) * a < LIMIT && Number(to.last) * b < LIMIT && Math.abs(c) < LIMIT) {
      const exact = (row: number, other: number | bigint) => steps[row]! * a - (other as number) * b + c;
      return { exact, nanos: (row, other) => exact(row, other) * unit };
    }
  }
  const exact = (row: number, other: number | bigint) => nanosAt(from, steps[row]!) - nanosAt(to, other);
  return { exact, nanos: (row, other) => Number(exact(row, other)) };
}

/** Writes times given as steps of an axis into a column of `unit`, which the axis was made from. */
export function stampWriter(axis: Axis, unit: keyof typeof NANOS, out: BigInt64Array) {
  const words = wordsOf(out);
  const base = axis.origin / NANOS[unit];
  const [high, low] = [highOf(base), lowOf(base)];
  const times = axis.step / Number(NANOS[unit]);
  if (axis.steps instanceof BigInt64Array || Number(axis.last) * times >= 2 * LIMIT) {
    return (i: number, step: number | bigint) => {
      out[i] = base + BigInt(step) * BigInt(times);
    };
  }
  return (i: number, step: number | bigint) => writeSum(words, i, high, low, Number(step) * times);
}
