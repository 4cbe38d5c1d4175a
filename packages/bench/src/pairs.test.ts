import { describe, expect, it } from 'vitest';
import { comparePairs } from './pairs.js';

/** Times around one second, with the noise of a shared machine: mostly little, at times much. */
const noisy = (n: number, factor: number, shift: number) =>
  Array.from(
    { length: n },
    (_, i) => factor * (1 + 0.02 * Math.sin(7 * i + shift) + (i % 9 === 4 ? 0.3 : 0)),
  );

describe('comparePairs', () => {
  it('is sure of a difference that every pair has', () => {
    const before = noisy(12, 1, 0);
    const compared = comparePairs(
      before,
      before.map((value) => 1.1 * value),
    );
    expect(compared.ratio).toBeCloseTo(1.1);
    expect(compared.low).toBeCloseTo(1.1);
    expect(compared.high).toBeCloseTo(1.1);
    expect(compared.p).toBeCloseTo(2 / 2 ** 12);
  });

  it('finds ten percent in the noise, and none where there is none', () => {
    const slower = comparePairs(noisy(20, 1, 0), noisy(20, 1.1, 2));
    expect(slower.low).toBeGreaterThan(1.05);
    expect(slower.p).toBeLessThan(0.05);
    const same = comparePairs(noisy(20, 1, 0), noisy(20, 1, 2));
    expect(same.low).toBeLessThan(1);
    expect(same.high).toBeGreaterThan(1);
    expect(same.p).toBeGreaterThan(0.2);
  });

  it('does not trust few pairs', () => {
    expect(comparePairs([1, 1, 1], [2, 2, 2]).p).toBe(0.25);
    expect(comparePairs([1], [2]).p).toBe(1);
  });

  it('takes no difference for no sign', () => {
    expect(comparePairs([1, 1, 1], [1, 1, 1])).toEqual({ pairs: 3, ratio: 1, low: 1, high: 1, p: 1 });
  });

  it('gives the same for the same numbers', () => {
    const [a, b] = [noisy(15, 1, 0), noisy(15, 1.02, 1)];
    expect(comparePairs(a, b)).toEqual(comparePairs(a, b));
  });

  it.each([
    [[], []],
    [[1, 2], [1]],
  ])('refuses %j and %j', (before, after) => {
    expect(() => comparePairs(before, after)).toThrow(RangeError);
  });
});
