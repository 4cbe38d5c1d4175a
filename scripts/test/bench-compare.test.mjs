import { describe, expect, it } from 'vitest';
import { comparisonReport, isSlower, TOLERANCE } from '../lib/versions/report.mjs';

/** @param {number} low @param {number} high @param {number} p */
const paired = (low, high, p) => ({ pairs: 20, ratio: (low + high) / 2, low, high, p });

describe('a comparison of versions', () => {
  it('fails only on what is large, sure, and slower', () => {
    expect(isSlower(paired(1.05, 1.1, 0.001))).toBe(true);
    expect(isSlower(paired(1 + TOLERANCE / 2, 1.1, 0.001))).toBe(false);
    expect(isSlower(paired(1.05, 1.1, 0.2))).toBe(false);
    expect(isSlower(paired(0.8, 0.9, 0.001))).toBe(false);
  });

  it('says so in a table', () => {
    const row = { title: 'bundled', what: 'wall', base: 0.1234, head: 0.2 };
    const names = { base: 'main', head: 'this tree' };
    const text = comparisonReport([{ ...row, paired: paired(1.5, 1.7, 0.00001) }], names);
    expect(text).toContain(
      '| bundled | wall | 0.123 s | 0.200 s | 1.600 (1.500 to 1.700) | 0.000010 | **slower** |',
    );
    expect(text).toMatch(/\nSlower by more than 3 % beyond the noise: bundled \(wall\)\.$/);
    const fine = comparisonReport([{ ...row, paired: paired(0.9, 1.1, 0.6) }], names);
    expect(fine).toMatch(/\| as before \|\n\nNothing is slower by more than 3 % beyond the noise\.$/);
  });
});
