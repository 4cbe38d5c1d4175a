import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compose, decompose, exactRunningSum, exactSum, kahanSum, notebookRunningSum } from './sum.js';

/**
 * An oracle that shares nothing with the code under test: Shewchuk's growing expansions (`math.fsum`), which
 * add doubles without error. Good while no partial sum overflows.
 */
function fsum(terms: readonly number[]): number {
  const partials: number[] = [];
  for (let x of terms) {
    let kept = 0;
    for (let y of partials) {
      if (Math.abs(x) < Math.abs(y)) [x, y] = [y, x];
      const high = x + y;
      const low = y - (high - x);
      if (low !== 0) partials[kept++] = low;
      x = high;
    }
    partials.length = kept;
    partials.push(x);
  }
  let n = partials.length;
  if (n === 0) return 0;
  let high = partials[--n] as number;
  let low = 0;
  while (n > 0) {
    const x = high;
    const y = partials[--n] as number;
    high = x + y;
    low = y - (high - x);
    if (low !== 0) break;
  }
  // A half is decided by the sign of what lies below it.
  if (n > 0 && Math.sign(low) === Math.sign(partials[n - 1] as number)) {
    const doubled = low * 2;
    const rounded = high + doubled;
    if (doubled === rounded - high) high = rounded;
  }
  return high + 0;
}

const anyDouble = fc.double({ noNaN: true, noDefaultInfinity: true });
// Magnitudes that cannot overflow in fsum, tiny ones and exact halves among them.
const mixed = fc.oneof(
  fc.double({ min: -1e300, max: 1e300, noNaN: true }),
  fc.double({ min: -1, max: 1, noNaN: true }),
  fc.double({ min: -1e-310, max: 1e-310, noNaN: true }),
  fc.constantFrom(0.1, 0.2, 1e16, 1, 1e-16, -1e16, 2 ** 53, 0.5, -0.5, 1e300, -1e300, 5e-324, -0),
);

describe('decompose and compose', () => {
  it('give every finite double back', () => {
    fc.assert(
      fc.property(anyDouble, (value) => {
        const { mantissa, exponent } = decompose(value);
        expect(compose(mantissa, exponent)).toBe(value + 0);
      }),
    );
  });

  it('round halves to even, into subnormals and over the top', () => {
    expect(compose(2n ** 53n + 1n, 0)).toBe(2 ** 53);
    expect(compose(2n ** 53n + 3n, 0)).toBe(2 ** 53 + 4);
    expect(compose(1n, -1074)).toBe(5e-324);
    expect(compose(-3n, -1074)).toBe(-1.5e-323);
    expect(compose(2n ** 1024n, 0)).toBe(Number.POSITIVE_INFINITY);
    expect(compose(2n ** 1024n - 2n ** 970n, 0)).toBe(Number.POSITIVE_INFINITY);
    expect(compose(2n ** 1024n - 2n ** 970n - 1n, 0)).toBe(Number.MAX_VALUE);
    expect(compose(-(2n ** 2098n), -1074)).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe('exact sums', () => {
  it('hold the vectors of spec section 3', () => {
    const sums = exactRunningSum([1e300, 0.1, 0.2]);
    expect(sums.between(1, 3)).toBe(0.30000000000000004);
    expect(exactSum([1e16, 1, 1e-16])).toBe(10000000000000002);
    expect(exactSum([])).toBe(0);
    expect(Object.is(exactSum([-0, -0]), 0)).toBe(true);
    expect(exactSum([1.7976931348623157e308, 1.7976931348623157e308, -1.7976931348623157e308])).toBe(
      1.7976931348623157e308,
    );
  });

  it('equal an independent fsum over every run', () => {
    fc.assert(
      fc.property(fc.array(mixed, { maxLength: 12 }), (terms) => {
        const sums = exactRunningSum(terms);
        for (let start = 0; start <= terms.length; start++) {
          for (let end = start; end <= terms.length; end++) {
            const expected = fsum(terms.slice(start, end));
            if (Number.isFinite(expected)) expect(sums.between(start, end)).toBe(expected);
          }
        }
      }),
    );
  });

  it('keep NaN and infinities to the runs that hold them', () => {
    const inf = Number.POSITIVE_INFINITY;
    const sums = exactRunningSum([1, inf, 2, -inf, 3, Number.NaN, 4]);
    expect(sums.between(0, 1)).toBe(1);
    expect(sums.between(0, 3)).toBe(inf);
    expect(sums.between(2, 5)).toBe(-inf);
    expect(sums.between(1, 4)).toBeNaN();
    expect(sums.between(4, 6)).toBeNaN();
    expect(sums.between(6, 7)).toBe(4);
  });
});

describe('notebook sums', () => {
  it('are differences of sequential sums, earlier rounding included', () => {
    const sums = notebookRunningSum([1e300, 0.1, 0.2]);
    expect(sums.between(1, 3)).toBe(0);
    expect(notebookRunningSum([0.1, 0.2, 0.3]).between(1, 3)).toBe(0.1 + 0.2 + 0.3 - 0.1);
  });

  it('are spoiled by a NaN or an infinity from there on', () => {
    const sums = notebookRunningSum([1, Number.NaN, 2, 3]);
    expect(sums.between(0, 1)).toBe(1);
    expect(sums.between(2, 4)).toBeNaN();
    const infinite = notebookRunningSum([1, Number.POSITIVE_INFINITY, 2, 3]);
    expect(infinite.between(0, 3)).toBe(Number.POSITIVE_INFINITY);
    expect(infinite.between(2, 4)).toBeNaN();
  });
});

describe('Kahan sums', () => {
  it('compensate, and survive one infinity', () => {
    expect(kahanSum(new Array(10).fill(0.1))).toBe(1);
    expect(kahanSum([1, Number.POSITIVE_INFINITY, 2, 3])).toBe(Number.POSITIVE_INFINITY);
    expect(kahanSum([])).toBe(0);
  });
});
