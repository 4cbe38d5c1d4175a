import { Dictionary, Int32, LargeUtf8, Utf8, Utf8View, type Vector, vectorFromArray } from 'apache-arrow';
import { expect, it } from 'vitest';
import { viewOf } from '../arrow/view.js';
import { codesInSteps, readCodes } from './codes.js';
import { runSync } from './steps.js';
import { Coder } from './strings.js';

const place = { table: 'table', column: 'text' };
const values = ['a', null, 'a', 'a text that is longer than twelve bytes', '', 'b', 'b', null, 'a', ''];
const CODES = [0, -1, 0, 1, 2, 3, 3, -1, 0, 2];

it.each([
  new Utf8(),
  new LargeUtf8(),
  new Utf8View(),
  new Dictionary(new Utf8(), new Int32()),
  new Dictionary(new Utf8View(), new Int32()),
])('%s is coded the same at once, in steps and out of a slice', (type) => {
  const column = vectorFromArray(values, type as Utf8) as Vector;
  const view = (vector: Vector) => viewOf('text', vector)!;
  expect([...readCodes(view(column), new Coder(), place)]).toEqual(CODES);
  for (const rows of [1, 3, 4, 10]) {
    expect([...runSync(codesInSteps(view(column), new Coder(), place, 'add', rows))]).toEqual(CODES);
  }
  expect([...readCodes(view(column.slice(3, 9)), new Coder(), place)]).toEqual([0, 1, 2, 2, -1, 3]);
});

it('finds what is known, and nothing else', () => {
  const coder = new Coder();
  readCodes(viewOf('text', vectorFromArray(['b', 'a'], new Utf8()))!, coder, place);
  const view = viewOf('text', vectorFromArray(values, new Utf8()))!;
  expect([...readCodes(view, coder, place, 'find')]).toEqual([1, -1, 1, -1, -1, 0, 0, -1, 1, -1]);
  expect(coder.size).toBe(2);
});

it('refuses offsets outside of the bytes, naming the row', () => {
  const column = vectorFromArray(['a', 'b', 'c'], new Utf8());
  (column.data[0]!.valueOffsets as Int32Array)[3] = 99;
  expect(() => readCodes(viewOf('text', column)!, new Coder(), place)).toThrow(
    expect.objectContaining({ code: 'CORRUPT', row: 2 }),
  );
});
