import { expect, it } from 'vitest';
import { Bitset } from './bitset.js';

it.each([0, 1, 31, 32, 33, 1024, 5000, 40_000])(
  'finds the neighbours that a sorted list has, of %i',
  (size) => {
    const set = new Bitset();
    set.clear(70_000);
    set.add(69_999);
    set.clear(size);
    expect([set.before(size), set.from(0)]).toEqual([-1, -1]);
    const chosen = Array.from({ length: size }, (_, i) => (i * i * 7) % Math.max(size, 1)).filter(
      (i) => i % 3 !== 1,
    );
    const members = [...new Set(chosen.slice(0, 300))].sort((a, b) => a - b);
    for (const member of members) set.add(member);
    for (let at = 0; at <= size; at += size > 5000 ? 37 : 1) {
      expect(set.before(at)).toBe(members.findLast((member) => member < at) ?? -1);
      expect(set.from(at)).toBe(members.find((member) => member >= at) ?? -1);
      if (at < size) expect(set.has(at)).toBe(members.includes(at));
    }
  },
);
