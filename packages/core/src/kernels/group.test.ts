import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupByCode, RowSorter } from './group.js';
import { countUpTo } from './search.js';

describe('rows', () => {
  it('are grouped by code and sorted by key, both stable', () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: -1, max: 3 }), fc.nat(5)), { maxLength: 150 });
    const sorter = new RowSorter();
    fc.assert(
      fc.property(rows, (given) => {
        const codes = Int32Array.from(given, ([code]) => code);
        const keys = Float64Array.from(given, ([, key]) => key);
        const groups = groupByCode(codes, 4);
        for (let code = 0; code < 4; code++) {
          const [from, to] = [groups.offsets[code]!, groups.offsets[code + 1]!];
          const own = [...given.keys()].filter((row) => codes[row] === code);
          expect([...groups.rows.subarray(from, to)]).toEqual(own);
          sorter.sort(groups.rows, from, to, keys);
          expect([...groups.rows.subarray(from, to)]).toEqual(own.sort((a, b) => keys[a]! - keys[b]!));
        }
      }),
    );
  });

  it('up to a moment are counted from where one is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(20), { maxLength: 60 }),
        fc.nat(60),
        fc.integer({ min: -1, max: 21 }),
        (all, at, t) => {
          const times = Float64Array.from(all.sort((a, b) => a - b));
          const expected = all.filter((time) => time <= t).length;
          const from = Math.min(at, expected);
          expect(countUpTo(times, from, times.length, t)).toBe(expected);
        },
      ),
    );
  });
});
