import { Dictionary, Int8, Int32, Uint8, Utf8, Vector, vectorFromArray } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { everyType } from '../../test/support/columns.js';
import { textOf } from '../ts/text.js';
import { take } from './take.js';
import { withoutDictionary } from './take-dictionary.js';
import { typeText } from './type-text.js';

/** The values of a column, chunk by chunk. */
function values(vector: Vector): (string | null)[] {
  return vector.data.flatMap((data) => Array.from({ length: data.length }, (_, i) => textOf(data, i)));
}

describe.each(Object.keys(everyType()))('take of %s', (name) => {
  it('gives the rows asked for, whatever the chunks and slices', () => {
    const bounds = fc
      .tuple(fc.nat(11), fc.nat(11))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
    const slices = fc.array(bounds, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(slices, fc.array(fc.nat(1000), { maxLength: 30 }), (cuts, picks) => {
        // Each chunk is built anew, so that dictionaries differ in identity, and then sliced.
        const chunks = cuts.flatMap(([from, to]) => (everyType()[name] as Vector).slice(from, to).data);
        const vector = new Vector(chunks);
        const before = values(vector);
        const indices = before.length === 0 ? [] : picks.map((pick) => pick % before.length);
        const taken = take(vector, indices);
        expect(taken.data).toHaveLength(1);
        expect(typeText(taken.type)).toBe(typeText(vector.type));
        expect(values(taken)).toEqual(indices.map((index) => before[index]));
        const nulls = indices.filter((index) => before[index] === null).length;
        // A NaN is a value to Arrow.
        if (name !== 'float64') expect(taken.nullCount).toBe(nulls);
      }),
      { numRuns: 60 },
    );
  });
});

describe('dictionaries', () => {
  const chunk = (texts: (string | null)[]) =>
    vectorFromArray(texts, new Dictionary(new Utf8(), new Uint8())).data;

  it('of different chunks are merged, value by value, and only what is used stays', () => {
    const vector = new Vector([...chunk(['a', 'b', null]), ...chunk(['c', 'b', 'a'])]);
    const taken = take(vector, [4, 1, 5, 2]);
    expect(values(taken)).toEqual(['b', 'b', 'a', null]);
    expect(values(taken.data[0]?.dictionary as Vector)).toEqual(['b', 'a']);
  });

  it('that outgrow their codes together get wider ones', () => {
    const part = (from: number) =>
      vectorFromArray(
        Array.from({ length: 100 }, (_, i) => `v${from + i}`),
        new Dictionary(new Utf8(), new Int8()),
      ).data;
    const vector = new Vector([...part(0), ...part(100)]);
    const taken = take(
      vector,
      Array.from({ length: 200 }, (_, i) => 199 - i),
    );
    expect((taken.type as Dictionary).indices).toBeInstanceOf(Int32);
    expect(values(taken)).toEqual(Array.from({ length: 200 }, (_, i) => `v${199 - i}`));
  });

  it('get an id of their own each, so that columns may share a table', () => {
    const vector = new Vector(chunk(['a']));
    expect((take(vector, [0]).type as Dictionary).id).not.toBe((take(vector, [0]).type as Dictionary).id);
  });

  it('can be taken off', () => {
    const plain = withoutDictionary(new Vector([...chunk(['a', null]), ...chunk(['c'])]));
    expect(String(plain.type)).toBe('Utf8');
    expect(values(plain)).toEqual(['a', null, 'c']);
  });
});

describe('rows that are not there', () => {
  it('are an error', () => {
    expect(() => take(vectorFromArray([1], new Int32()), [1])).toThrow('row 1 of a column of 1');
  });
});
