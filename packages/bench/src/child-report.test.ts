import { describe, expect, it } from 'vitest';
import { readChildReport } from './child-report.js';

describe('what a program says about itself', () => {
  it('is the last line, with seconds and phases', () => {
    const text = 'noise\n{"seconds":1.5,"timings_ms":{"read":7,"total":9}}\n';
    expect(readChildReport(text)).toEqual({ seconds: 1.5, phases: { read: 7 } });
  });

  it('may be phases alone, whose total is its time', () => {
    expect(readChildReport('{"read":7,"total":900}')).toEqual({ seconds: 0.9, phases: { read: 7 } });
  });

  it.each(['', 'done', '{broken', '{"seconds":1}\nlast words'])('may be nothing: %j', (text) => {
    expect(readChildReport(text)).toEqual({ seconds: null, phases: {} });
  });
});
