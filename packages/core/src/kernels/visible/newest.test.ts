import { expect, it } from 'vitest';
import { NewestKnown } from './newest.js';

it.each([1, 2, 7, 33])('gives the maxima of looking at every one of %i prints', (n) => {
  const newest = new NewestKnown();
  newest.clear(50);
  newest.enter(0, 49, 0);
  newest.clear(n);
  const owners = Array.from({ length: n }, (_, i) => (i % 5 === 0 ? -1 : i % 3));
  const ranks = new Map<number, number>();
  for (let step = 0; step < n; step++) {
    const print = (step * 5) % n;
    if (ranks.has(print)) continue;
    newest.enter(print, ranks.size, owners[print]!);
    ranks.set(print, ranks.size);
    for (const owner of [-1, 0, 1]) {
      for (let to = 0; to <= n; to++) {
        for (let from = 0; from <= to; from++) {
          const held = [...ranks].filter(
            ([at]) => at >= from && at < to && (owner < 0 || owners[at] !== owner),
          );
          expect(newest.within(from, to, owner)).toBe(Math.max(-1, ...held.map(([, rank]) => rank)));
        }
      }
    }
  }
});
