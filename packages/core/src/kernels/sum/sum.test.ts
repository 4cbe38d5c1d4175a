import { exactRunningSum, exactSum, kahanSum, notebookRunningSum } from '@polyfeat/reference';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactTotal, kahanTotal } from './total.js';
import { WindowSums } from './window-sums.js';

/** Terms of one magnitude, of a tape's, of any, and what is not finite. */
const terms = fc.oneof(
  fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { maxLength: 40 }),
  fc.array(
    fc.integer({ min: -1000, max: 1000 }).map((n) => n / 100),
    { maxLength: 40 },
  ),
  fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 20 }),
  fc.array(fc.constantFrom(1e308, -1e308, 5e-324, -5e-324, 1, -1, 1e16, 1e-16, 2 ** 53, 2 ** -53), {
    maxLength: 20,
  }),
  fc.array(fc.double(), { maxLength: 20 }),
  fc.array(
    fc.integer({ min: -1074, max: 1023 }).map((e) => 2 ** e),
    { maxLength: 12 },
  ),
  fc.array(
    fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -120, max: 0 })).map(([n, e]) => n * 2 ** e),
    { maxLength: 30 },
  ),
);

describe('sums of all terms', () => {
  it('are those of the definition, to the bit', () => {
    fc.assert(
      fc.property(terms, (values) => {
        const array = Float64Array.from(values);
        expect(exactTotal(array, 0, array.length)).toBe(exactSum(values));
        expect(kahanTotal(array, 0, array.length)).toBe(kahanSum(values));
      }),
      { numRuns: 3000 },
    );
  });

  it('take the terms they are told', () => {
    expect(exactTotal(Float64Array.of(9, 1e16, 1, 1e-16, 9), 1, 4)).toBe(10000000000000002);
    expect(exactTotal(new Float64Array(0), 0, 0)).toBe(0);
    expect(exactTotal(Float64Array.of(-0), 0, 1)).toBe(0);
    expect(exactTotal(Float64Array.of(-0, -0, -0), 0, 3)).toBe(0);
  });

  it('round once, half to even', () => {
    const ulp = Number.EPSILON;
    const least = Number.MIN_VALUE;
    for (const values of [
      [1, ulp / 2, 0],
      [1 + ulp, ulp / 2, 0],
      [1, ulp / 2, least],
      [1, ulp / 2, -least],
      [-1, -ulp / 2, -least],
      [Number.MAX_VALUE, 2 ** 970, 0],
      [Number.MAX_VALUE, 2 ** 970, -least],
      [Number.MAX_VALUE, Number.MAX_VALUE, -Number.MAX_VALUE],
      [1, 2 ** -53, 2 ** -106],
      [1, 2 ** -53, -(2 ** -106)],
    ]) {
      expect(exactTotal(Float64Array.from(values), 0, 3)).toBe(exactSum(values));
    }
  });
});

describe('sums of windows', () => {
  const moves = fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { maxLength: 15 });

  it.each(['exact', 'notebook'] as const)('%s: are those of the definition, to the bit', (mode) => {
    const sums = new WindowSums(mode);
    fc.assert(
      fc.property(terms, moves, moves, (values, ...windows) => {
        sums.load(Float64Array.from(values), values.length);
        const expected = mode === 'exact' ? exactRunningSum(values) : notebookRunningSum(values);
        windows.forEach((window, w) => {
          let [start, end] = [0, 0];
          for (const [a, b] of window) {
            end = Math.min(end + b, values.length);
            start = Math.min(start + a, end);
            expect(sums.between(w, start, end)).toBe(expected.between(start, end));
          }
        });
      }),
      { numRuns: 2000 },
    );
  });

  it('when windows are asked for in any order', () => {
    const sums = new WindowSums('exact');
    for (const least of [5e-324, 1e-300]) {
      sums.load(Float64Array.of(1, least), 2);
      expect(sums.between(2, 1, 2)).toBe(least);
    }
  });

  it('the vectors of the specification', () => {
    const sums = new WindowSums('exact');
    sums.load(Float64Array.of(1e300, 0.1, 0.2), 3);
    expect(sums.between(0, 1, 3)).toBe(0.30000000000000004);
    sums.load(Float64Array.of(1e16, 1, 1e-16), 3);
    expect(sums.between(0, 0, 3)).toBe(10000000000000002);
  });

  it('many terms', () => {
    const values = Float64Array.from({ length: 200_000 }, (_, i) => ((i * 7919) % 10_007) / 1e4 + 1e-6);
    const sums = new WindowSums('exact');
    sums.load(values, values.length);
    expect(sums.between(0, 5, 199_995)).toBe(exactTotal(values, 5, 199_995));
    expect(sums.between(0, 5, 199_995)).toBe(exactSum(Array.from(values.subarray(5, 199_995))));
  });
});
