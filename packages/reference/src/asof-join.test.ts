import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AsofJoinOptions, asofJoin } from './asof-join.js';
import type { KeyedRow } from './keys.js';
import type { Value } from './rows.js';

const at = (ts: number | null, ...keys: Value[]): KeyedRow => ({ ts: ts === null ? null : BigInt(ts), keys });
const RIGHT = [at(3), at(5), at(5), at(9), at(9)];
const one = (t: number, options: AsofJoinOptions = {}, right = RIGHT) => asofJoin([at(t)], right, options)[0];
const ahead = { direction: 'forward', allowLookahead: true } as const;
const nearest = { direction: 'nearest', allowLookahead: true } as const;

describe('the as-of join', () => {
  it('takes the last of equal times behind and the first ahead, as pandas.merge_asof does', () => {
    expect([2, 3, 5, 8, 9].map((t) => one(t))).toEqual([null, 0, 2, 2, 4]);
    expect([5, 6, 9, 10].map((t) => one(t, ahead))).toEqual([1, 3, 3, null]);
  });

  it('does not match the very time when strict', () => {
    expect([3, 5, 9].map((t) => one(t, { strict: true }))).toEqual([null, 0, 2]);
    expect([3, 5, 9].map((t) => one(t, { ...ahead, strict: true }))).toEqual([1, 3, null]);
  });

  it('takes the nearer one, of equally near ones the one behind', () => {
    expect([1, 6, 7, 8].map((t) => one(t, nearest))).toEqual([0, 2, 2, 3]);
    expect(one(5, { ...nearest, strict: true })).toBe(0);
  });

  it('takes of ties what is asked for, by the place in the table', () => {
    expect(one(5, { tie: 'first' })).toBe(1);
    expect(one(5, { ...ahead, tie: 'last' })).toBe(2);
    expect(() => one(6, { tie: 'error' })).toThrow(expect.objectContaining({ code: 'DUPLICATE_TIME' }));
    expect(one(4, { tie: 'error' })).toBe(0);
    expect(one(8, { tie: 'error', maxAge: 2n })).toBeNull();
  });

  it('bounds the distance, inclusively, on either side', () => {
    expect([7, 8].map((t) => one(t, { maxAge: 2n }))).toEqual([2, null]);
    expect([6, 7].map((t) => one(t, { ...ahead, maxAge: 2n }))).toEqual([null, 3]);
    expect(one(5, { maxAge: 0n })).toBe(2);
  });

  it('matches equal keys only, and nothing without a time or a key', () => {
    const right = [at(1, 'A', 1n), at(2, 'A', 2), at(3, 'A', null), at(null, 'A', 1), at(4, 'A,1')];
    const left = [at(9, 'A', 1), at(9, 'A', 2n), at(9, 'A', null), at(null, 'A', 1), at(9, 'A', '1')];
    expect(asofJoin(left, right)).toEqual([0, 1, null, null, null]);
  });

  it('refuses to look ahead unless that is said, and a negative age', () => {
    const code = expect.objectContaining({ code: 'INVALID_OPTION' });
    expect(() => one(5, { direction: 'forward' })).toThrow(code);
    expect(() => one(5, { direction: 'nearest', allowLookahead: false })).toThrow(code);
    expect(() => one(5, { maxAge: -1n })).toThrow(code);
  });

  it('is what a look at every right row finds', () => {
    const rows = fc.array(
      fc.tuple(fc.option(fc.nat(12), { freq: 9 }), fc.option(fc.constantFrom('A', 'B'), { freq: 9 })),
      { maxLength: 15 },
    );
    const options = fc.record({
      direction: fc.constantFrom('backward', 'forward', 'nearest'),
      strict: fc.boolean(),
      age: fc.nat(6),
    } as const);
    fc.assert(
      fc.property(rows, rows, options, (left, right, { direction, strict, age }) => {
        const expected = left.map(([t, key]) => {
          let best: { row: number; score: number } | null = null;
          right.forEach(([s, other], row) => {
            if (t === null || s === null || key === null || other !== key || Math.abs(t - s) > age) return;
            if (strict && s === t) return;
            if ((direction === 'backward' && s > t) || (direction === 'forward' && s < t)) return;
            const behind = s < t || (s === t && direction !== 'forward');
            // Near before far, behind before ahead, then the later row behind and the earlier one ahead.
            const score = Math.abs(t - s) * 1000 + (behind ? 100 - row : 200 + row);
            if (best === null || score < best.score) best = { row, score };
          });
          return (best as { row: number } | null)?.row ?? null;
        });
        const keyed = (table: typeof left) => table.map(([t, key]) => at(t, key));
        const found = asofJoin(keyed(left), keyed(right), {
          direction,
          strict,
          maxAge: BigInt(age),
          allowLookahead: true,
        });
        expect(found).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });
});
