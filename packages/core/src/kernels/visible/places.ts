/** Places of prints and trades within a stamp, as numbers that compare. Spec section 4, `sequence`. */
import { NANOS } from '@polyfeat/reference';
import { PolyfeatError } from '../../errors.js';
import { readCodes } from '../codes.js';
import { floorDivide, NULL_TIME } from '../int64.js';
import { readIntegers } from '../integers.js';
import { type Kind, kindOf } from '../keys.js';
import { type Place, placeText } from '../place.js';
import { Coder, compareBytes } from '../strings.js';
import { readTimes } from '../times.js';
import { type ColumnView, rowsOf } from '../view.js';

/** A null place of a print: behind all others of its stamp. */
export const LAST_PLACE = Number.POSITIVE_INFINITY;
/** A null place of a trade: before all. */
export const NO_PLACE = Number.NEGATIVE_INFINITY;

/** The places of a tape's prints, and how those of trades compare with them. */
export interface Places {
  /** By row: odd whole numbers, so that others fit between; {@link LAST_PLACE} for null. */
  readonly prints: Float64Array;
  /** The places of trades: the same for equal values, else even ones between; {@link NO_PLACE} for null. */
  ofTrades(column: ColumnView, place: Place): Float64Array;
}

/**
 * Reads the sequence of a tape: integers, times or texts (by their bytes). Cost: a sort of its distinct values.
 *
 * @throws PolyfeatError `WRONG_TYPE`, also for trades whose sequence is of another kind; `OVERFLOW`.
 */
export function readPlaces(column: ColumnView, place: Place): Places {
  const kind = orderly(column, place);
  const values = kind === 'text' ? new TextValues(column, place) : new WholeValues(column, kind, place);
  return {
    prints: values.places,
    ofTrades(other, where) {
      const theirs = orderly(other, where);
      if (kind === null || theirs === null) return new Float64Array(rowsOf(other)).fill(NO_PLACE);
      if (theirs === kind) return values.ofOther(other, where);
      throw new PolyfeatError(
        'WRONG_TYPE',
        `${placeText(where)} is of the kind ${theirs}, but ${column.name} of ${place.table}, which it is compared with, of the kind ${kind}; convert one of them`,
        where,
      );
    },
  };
}

function orderly(column: ColumnView, place: Place): Kind | null {
  const kind = kindOf(column, place);
  if (kind !== 'bool') return kind;
  throw new PolyfeatError(
    'WRONG_TYPE',
    `${placeText(place)} is bool; expected integers, times or text for sequence`,
    place,
  );
}

/** Twice the number of smaller values, and one more for a value that is there. */
function placeAmong(count: number, at: (rank: number) => number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = at(middle);
    if (order === 0) return 2 * middle + 1;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}

class TextValues {
  readonly places: Float64Array;
  readonly #coder = new Coder();
  readonly #sorted: Int32Array;

  constructor(column: ColumnView, place: Place) {
    const codes = readCodes(column, this.#coder, place);
    const ranks = this.#coder.ranks();
    this.#sorted = new Int32Array(ranks.length);
    ranks.forEach((rank, code) => {
      this.#sorted[rank] = code;
    });
    this.places = Float64Array.from(codes, (code) => (code < 0 ? LAST_PLACE : 2 * ranks[code]! + 1));
  }

  ofOther(column: ColumnView, place: Place): Float64Array {
    const coder = new Coder();
    const codes = readCodes(column, coder, place);
    const places = Array.from({ length: coder.size }, (_, code) => {
      const text = coder.bytesOf(code);
      const order = (rank: number) => compareBytes(this.#coder.bytesOf(this.#sorted[rank]!), text);
      return placeAmong(this.#sorted.length, order);
    });
    return Float64Array.from(codes, (code) => (code < 0 ? NO_PLACE : places[code]!));
  }
}

/** Integers, and times in nanoseconds. */
class WholeValues {
  readonly places: Float64Array;
  readonly #kind: Kind | null;
  readonly #unit: bigint;
  readonly #sorted: BigInt64Array;

  constructor(column: ColumnView, kind: Kind | null, place: Place) {
    this.#kind = kind;
    const { values, unit } = wholeNumbers(column, kind, place);
    this.#unit = unit;
    this.#sorted = distinct(values);
    this.places = this.#placesOf(values, unit, LAST_PLACE);
  }

  ofOther(column: ColumnView, place: Place): Float64Array {
    const { values, unit } = wholeNumbers(column, this.#kind, place);
    return this.#placesOf(values, unit, NO_PLACE);
  }

  #placesOf(values: BigInt64Array, unit: bigint, missing: number): Float64Array {
    const sorted = this.#sorted;
    return Float64Array.from(values as unknown as ArrayLike<number>, (_, row) => {
      const value = values[row]!;
      if (value === NULL_TIME) return missing;
      const nanos = value * unit;
      const whole = floorDivide(nanos, this.#unit);
      const between = whole * this.#unit !== nanos;
      return placeAmong(sorted.length, (rank) => {
        const one = sorted[rank]!;
        // A value between two is above the lower one, and equal to none.
        return one < whole || (between && one === whole) ? -1 : one > whole ? 1 : 0;
      });
    });
  }
}

function wholeNumbers(
  column: ColumnView,
  kind: Kind | null,
  place: Place,
): { values: BigInt64Array; unit: bigint } {
  if (kind !== 'time') return { values: readIntegers(column, place), unit: 1n };
  const { stamps, unit } = readTimes(column, null, place);
  return { values: stamps, unit: NANOS[unit] };
}

function distinct(values: BigInt64Array): BigInt64Array {
  const sorted = values.filter((value) => value !== NULL_TIME).sort();
  return sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
}

/** One past the prints among `from … to - 1`, which ascend in place, whose place is below one, or at it too. */
export function placesBelow(
  places: Float64Array,
  from: number,
  to: number,
  place: number,
  orAt: boolean,
): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (places[middle]! < place || (orAt && places[middle] === place)) low = middle + 1;
    else high = middle;
  }
  return low;
}
