import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Closed } from './window.js';
import { type WeightedRow, windowFlow } from './window-flow.js';

const row = (ts: number | null, key: string | null, ...terms: (number | null)[]): WeightedRow => ({
  ts: ts === null ? null : BigInt(ts),
  keys: [key],
  terms,
});

describe('the flow of any table', () => {
  it('holds the ends that are asked for', () => {
    const right = [0, 1, 2, 3].map((s) => row(s, 'A', 2 ** s));
    const sums = (closed?: Closed) =>
      windowFlow([row(3, 'A')], right, 1, { windows: [2n], ...(closed && { closed }) })[0]?.[0]?.sums[0];
    expect(sums()).toBe(12);
    expect(sums('right')).toBe(12);
    expect(sums('left')).toBe(6);
    expect(sums('both')).toBe(14);
    expect(sums('neither')).toBe(4);
  });

  it('knows nothing without a time or a key, and finds nothing at a key that is not there', () => {
    const right = [row(1, 'A', 1), row(null, 'A', 5), row(1, null, 5)];
    const left = [row(null, 'A'), row(1, null), row(1, 'B'), row(1, 'A')];
    expect(windowFlow(left, right, 1, { windows: [9n] }).map(([flow]) => flow)).toEqual([
      { count: null, sums: [null] },
      { count: null, sums: [null] },
      { count: 0, sums: [0] },
      { count: 1, sums: [1] },
    ]);
  });

  it('counts a row without a term, and nulls just that sum of just those windows', () => {
    const right = [row(1, 'A', 1, null), row(2, 'A', 2, 4), row(3, 'A', Number.NaN, 8)];
    const flow = (t: number) => windowFlow([row(t, 'A')], right, 2, { windows: [1n, 2n] })[0];
    expect(flow(2)).toEqual([
      { count: 1, sums: [2, 4] },
      { count: 2, sums: [3, null] },
    ]);
    expect(flow(3)).toEqual([
      { count: 1, sums: [null, 8] },
      { count: 2, sums: [null, 12] },
    ]);
  });

  it('rounds once, or as cumulative sums do', () => {
    const right = [row(1, 'A', 1e300), row(5, 'A', 0.1), row(6, 'A', 0.2)];
    const sum = (mode: 'exact' | 'notebook') =>
      windowFlow([row(6, 'A')], right, 1, { windows: [3n], sum: mode })[0]?.[0]?.sums[0];
    expect(sum('exact')).toBe(0.30000000000000004);
    expect(sum('notebook')).toBe(0);
  });

  it('refuses a window of no length', () => {
    const code = expect.objectContaining({ code: 'INVALID_OPTION' });
    expect(() => windowFlow([], [], 0, { windows: [0n] })).toThrow(code);
  });

  it('is what a look at every right row finds', () => {
    const table = fc.array(
      fc.tuple(fc.nat(15), fc.constantFrom('A', 'B'), fc.nat(64)).map(([ts, key, n]) => row(ts, key, n / 8)),
      { maxLength: 20 },
    );
    const closed = fc.constantFrom<Closed[]>('right', 'left', 'both', 'neither');
    fc.assert(
      fc.property(table, table, closed, fc.integer({ min: 1, max: 9 }), (left, right, ends, w) => {
        const expected = left.map(({ ts, keys }) => {
          const t = Number(ts);
          const held = right.filter((r) => {
            const s = Number(r.ts);
            const from = ends === 'left' || ends === 'both' ? s >= t - w : s > t - w;
            const to = ends === 'right' || ends === 'both' ? s <= t : s < t;
            return from && to && r.keys[0] === keys[0];
          });
          return { count: held.length, sums: [held.reduce((sum, r) => sum + (r.terms[0] as number), 0)] };
        });
        const found = windowFlow(left, right, 1, { windows: [BigInt(w)], closed: ends });
        expect(found.map(([flow]) => flow)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});
