/** Ticks of time: how finely stamps tell it, and stamps rounded down to a tick. Spec section 4. */
import { NANOS } from '@polyfeat/reference';
import { type Axis, hasNoTime, nanosAt } from '../axis.js';
import { floorDivide, NULL_TIME } from '../int64.js';

const UNITS = [NANOS.s, NANOS.ms, NANOS.us];
const LIMIT = 2 ** 52;

/** The coarsest of 1 s, 1 ms, 1 µs, 1 ns that all times are multiples of, in nanoseconds; null without any. Linear. */
export function resolutionOf(axis: Axis): bigint | null {
  if (axis.nulls === axis.steps.length) return null;
  return UNITS.find((unit) => axis.origin % unit === 0n && areMultiples(axis, Number(unit))) ?? 1n;
}

function areMultiples({ steps, step }: Axis, unit: number): boolean {
  if (step % unit === 0) return true;
  const ratio = unit / step;
  if (steps instanceof BigInt64Array) {
    return steps.every((value) => value === NULL_TIME || value % BigInt(ratio) === 0n);
  }
  for (let i = 0; i < steps.length; i++) {
    // NaN is no multiple of anything, and no time.
    if (steps[i]! % ratio > 0) return false;
  }
  return true;
}

/** The coarser of two resolutions; a table without stamps does not count. */
export function coarser(a: bigint | null, b: bigint | null): bigint {
  const [x, y] = [a ?? 1n, b ?? 1n];
  return x > y ? x : y;
}

/** All times moved back by a length. */
export function movedBack(axis: Axis, nanos: bigint): Axis {
  return { ...axis, origin: axis.origin - nanos };
}

/** All times rounded down to whole `tick`s of the epoch, downwards also before 1970. */
export function floored(axis: Axis, tick: bigint): Axis {
  const { origin, step, steps } = axis;
  const first = floorDivide(origin, tick);
  // Rounded times are multiples of the tick, told in a unit of at most a second that divides it.
  const unit = UNITS.find((one) => tick % one === 0n) ?? 1n;
  const times = tick / unit;
  const result = { origin: first * tick, step: Number(unit), nulls: axis.nulls };
  const last = floorDivide(nanosAt(axis, axis.last), tick) - first;
  const fits = last * times < BigInt(LIMIT);
  if (fits && steps instanceof Float64Array && tick % BigInt(step) === 0n) {
    const ratio = Number(tick / BigInt(step));
    const before = Number((origin - first * tick) / BigInt(step));
    if (ratio < LIMIT && before + Number(axis.last) < LIMIT) {
      const by = Number(times);
      const values = steps.map((value) => Math.floor((value + before) / ratio) * by);
      return { ...result, steps: values, last: Number(last * times) };
    }
  }
  const at = (row: number) => (floorDivide(nanosAt(axis, steps[row]!), tick) - first) * times;
  if (fits) {
    const values = new Float64Array(steps.length).map((_, row) =>
      hasNoTime(axis, row) ? Number.NaN : Number(at(row)),
    );
    return { ...result, steps: values, last: Number(last * times) };
  }
  const values = new BigInt64Array(steps.length).map((_, row) =>
    hasNoTime(axis, row) ? NULL_TIME : at(row),
  );
  return { ...result, steps: values, last: last * times };
}
