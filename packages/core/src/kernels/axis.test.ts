import { ageMillis, NANOS } from '@polyfeat/reference';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { gapBetween, shiftBy, stampWriter, toAxis } from './axis.js';
import { floorDivide, NULL_TIME } from './int64.js';

const UNITS = ['s', 'ms', 'us', 'ns'] as const;

/** Times of a unit: close together or centuries apart, whole in coarser units or not. */
const column = fc.constantFrom(...UNITS).chain((unit) => {
  const limit = (9n * 10n ** 18n) / NANOS[unit];
  const stamp = fc.oneof(
    fc.bigInt({ min: -1000n, max: 1000n }),
    fc.bigInt({ min: 1_772_000_000n, max: 1_772_000_400n }).map((s) => (s * NANOS.s) / NANOS[unit]),
    fc.bigInt({ min: -limit, max: limit }),
    fc.bigInt({ min: -limit / 1000n, max: limit / 1000n }).map((t) => t * 1000n),
    fc.constant(NULL_TIME),
  );
  return fc.record({
    unit: fc.constant(unit),
    stamps: fc.array(stamp, { minLength: 1, maxLength: 6 }).map((all) => BigInt64Array.from(all)),
    unparsed: fc.constant(0),
  });
});

it('shifted times are compared, subtracted and written as their integers are', () => {
  fc.assert(
    fc.property(column, column, fc.bigInt({ min: -(10n ** 18n), max: 10n ** 19n }), (left, right, nanos) => {
      const [from, to] = [toAxis(left), toAxis(right)];
      const shift = shiftBy(from, to, nanos);
      const gap = gapBetween(from, to);
      const written = new BigInt64Array(right.stamps.length).fill(NULL_TIME);
      const write = stampWriter(to, right.unit, written);
      left.stamps.forEach((t, row) => {
        if (t === NULL_TIME) return;
        const moment = t * NANOS[left.unit] - nanos;
        right.stamps.forEach((s, i) => {
          if (s === NULL_TIME) return;
          const step = to.steps[i]!;
          const instant = s * NANOS[right.unit];
          expect(step <= shift.at(row)).toBe(instant <= moment);
          expect(gap.nanos(row, step) / 1e6).toBe(ageMillis(t * NANOS[left.unit], instant));
          write(i, step);
        });
      });
      if (left.stamps.some((t) => t !== NULL_TIME)) expect(written).toEqual(right.stamps);
    }),
    { numRuns: 3000 },
  );
});

it('divides downwards', () => {
  expect([floorDivide(-1n, 10n), floorDivide(10n, 10n), floorDivide(-10n, 10n)]).toEqual([-1n, 1n, -1n]);
});
