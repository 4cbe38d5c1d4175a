import { describe, expect, it } from 'vitest';
import { growthOf, least, median, ratioOf } from './stats.js';

describe('median and least', () => {
  it('take the middle and the smallest, and leave the values as they are', () => {
    const values = [3, 1, 2];
    expect([median(values), least(values), values]).toEqual([2, 1, [3, 1, 2]]);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([7])).toBe(7);
  });

  it('of nothing are not numbers', () => {
    expect([median([]), least([])]).toEqual([Number.NaN, Number.NaN]);
  });
});

describe('ratioOf', () => {
  it('divides medians, and pairs runs by their round for the spread', () => {
    // The second round was slow for both: its ratio is like the others'.
    expect(ratioOf([4, 40, 6], [2, 20, 2])).toEqual({ ratio: 3, low: 2, high: 3 });
  });

  it('takes all pairs when one side ran less often', () => {
    expect(ratioOf([12], [2, 3, 4])).toEqual({ ratio: 4, low: 3, high: 6 });
  });

  it('is null without runs', () => {
    expect([ratioOf([], [1]), ratioOf([1], [])]).toEqual([null, null]);
  });
});

describe('growthOf', () => {
  it.each([
    ['linear', 1, (x: number) => 5 * x],
    ['quadratic', 2, (x: number) => 0.1 * x * x],
    ['constant', 0, () => 7],
    ['square root', 0.5, (x: number) => Math.sqrt(x)],
  ])('finds the exponent of a %s cost', (_, slope, cost) => {
    const fit = growthOf([1, 3, 10, 1000].map((x) => [x, cost(x)] as const));
    expect(fit.slope).toBeCloseTo(slope, 12);
    expect(fit.r2).toBeCloseTo(1, 12);
  });

  it('says how much of the points the line explains', () => {
    // Logarithms 0, 1, 2 and 0, 2, 1: covariance 1/2 of the variances 1, so r² is 1/4.
    const [a, b] = [Math.E, Math.E ** 2];
    const fit = growthOf([
      [1, 1],
      [a, b],
      [b, a],
    ] as const);
    expect(fit.slope).toBeCloseTo(0.5, 12);
    expect(fit.r2).toBeCloseTo(0.25, 12);
  });

  it('refuses what has no line', () => {
    expect(() => growthOf([[1, 1]])).toThrow('two different x');
    expect(() =>
      growthOf([
        [1, 1],
        [1, 2],
      ] as const),
    ).toThrow('two different x');
    expect(() =>
      growthOf([
        [1, 0],
        [2, 1],
      ] as const),
    ).toThrow('above 0');
  });
});
