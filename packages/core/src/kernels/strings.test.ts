import { compareUtf8 } from '@polyfeat/reference';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Coder, NULL_CODE } from './strings.js';

const encoder = new TextEncoder();

it('gives equal texts one code, in order of appearance, and ranks them by their bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 200 }), fc.string(), (texts, other) => {
      const coder = new Coder();
      const known: string[] = [];
      for (const text of texts) {
        const bytes = encoder.encode(`..${text}.`);
        const code = coder.add(bytes, 2, bytes.length - 1);
        if (!known.includes(text)) known.push(text);
        expect(code).toBe(known.indexOf(text));
      }
      expect(coder.size).toBe(known.length);
      const bytes = encoder.encode(other);
      expect(coder.find(bytes, 0, bytes.length)).toBe(
        known.indexOf(other) < 0 ? NULL_CODE : known.indexOf(other),
      );
      const sorted = [...known].sort(compareUtf8);
      expect([...coder.ranks()]).toEqual(known.map((text) => sorted.indexOf(text)));
      expect(known.map((_, code) => coder.bytesOf(code))).toEqual(known.map((text) => encoder.encode(text)));
    }),
    { numRuns: 300 },
  );
});
