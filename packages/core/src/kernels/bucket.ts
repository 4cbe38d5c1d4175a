/** Buckets of time: floored to a length from the epoch, downwards also before 1970. Spec section 2. */
import { bucketOf, NANOS } from '@polyfeat/reference';
import type { Duration } from '../duration.js';
import { PolyfeatError } from '../errors.js';
import type { TsUnit } from '../types.js';
import type { Axis } from './axis.js';
import { floorDivide, highOf, lowOf, MAX_TIME, NULL_TIME, wordsOf, writeSum } from './int64.js';
import { overflow, type Place, placeText } from './place.js';
import type { TimeColumn } from './times.js';

/** The bucket of each row. */
export interface Buckets {
  /** Its beginning; the smallest integer where there is no time. */
  readonly stamps: BigInt64Array<ArrayBuffer>;
  /** Equal for rows of one bucket, ascending with it, NaN or the smallest integer without a time. */
  readonly keys: Float64Array | BigInt64Array;
  /** How far the keys of a bucket and the next one are apart. */
  readonly apart: number | bigint;
}

/** The number of units in a bucket. */
export function bucketUnits(bucket: Duration, unit: TsUnit, place: Place): bigint {
  if (bucket.nanos % NANOS[unit] === 0n) return bucket.nanos / NANOS[unit];
  throw new PolyfeatError(
    'BUCKET_UNIT',
    `${placeText(place)} has the unit ${unit}, of which a bucket of ${bucket.label} is no whole number; choose a longer bucket`,
    { ...place },
  );
}

/**
 * Floors every time to its bucket.
 *
 * @throws PolyfeatError `BUCKET_UNIT`; `OVERFLOW` for a bucket that begins before 64-bit times do.
 */
export function floorToBuckets(times: TimeColumn, axis: Axis, bucket: Duration, place: Place): Buckets {
  const length = bucketUnits(bucket, times.unit, place);
  const stamps = new BigInt64Array(times.stamps.length);
  const base = axis.origin / NANOS[times.unit];
  const inSteps = axis.steps instanceof Float64Array && axis.step === Number(NANOS[times.unit]);
  if (inSteps && length < 2n ** 52n && base - length > NULL_TIME && base + length < MAX_TIME) {
    return floorSteps(stamps, axis.steps, base, Number(length));
  }
  for (let row = 0; row < stamps.length; row++) {
    const stamp = times.stamps[row]!;
    const start = stamp === NULL_TIME ? NULL_TIME : bucketOf(stamp, length);
    if (start < NULL_TIME || (start === NULL_TIME && stamp !== NULL_TIME)) {
      overflow(`the bucket of ${stamp} ${times.unit} begins before 64-bit times do`, place, row);
    }
    stamps[row] = start;
  }
  return { stamps, keys: stamps, apart: length };
}

function floorSteps(
  stamps: BigInt64Array<ArrayBuffer>,
  steps: Float64Array,
  base: bigint,
  length: number,
): Buckets {
  const words = wordsOf(stamps);
  const [high, low] = [highOf(base), lowOf(base)];
  const keys = new Float64Array(steps.length);
  // The base lies this far within its bucket.
  const within = Number(base - floorDivide(base, BigInt(length)) * BigInt(length));
  let [start, key] = [Number.NaN, Number.NaN];
  for (let row = 0; row < steps.length; row++) {
    const step = steps[row]!;
    if (Number.isNaN(step)) {
      keys[row] = Number.NaN;
      stamps[row] = NULL_TIME;
      continue;
    }
    // Trades come in runs of one bucket.
    if (!(step >= start && step < start + length)) {
      start = step - ((within + (step % length)) % length);
      key = start;
    }
    keys[row] = key;
    writeSum(words, row, high, low, key);
  }
  return { stamps, keys, apart: length };
}
