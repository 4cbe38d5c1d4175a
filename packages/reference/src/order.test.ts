import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareUtf8, tokenOrder } from './order.js';

describe('compareUtf8', () => {
  it('is the order of the UTF-8 bytes', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'b', '\u00e9', '\u20ac', '\uff5e', '\u{1f600}', '\u{10ffff}'),
      maxLength: 4,
    });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });
});

describe('tokenOrder', () => {
  it('is stable, with nulls last in both keys', () => {
    const rows = [
      { tokenId: 'b', ts: 1n },
      { tokenId: null, ts: 5n },
      { tokenId: 'a', ts: null },
      { tokenId: 'a', ts: 9n },
      { tokenId: 'b', ts: 1n },
      { tokenId: null, ts: null },
      { tokenId: 'a', ts: -9n },
      { tokenId: null, ts: 4n },
    ];
    expect(tokenOrder(rows)).toEqual([6, 3, 2, 0, 4, 7, 1, 5]);
  });
});
