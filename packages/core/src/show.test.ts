import { expect, it } from 'vitest';
import { shown } from './show.js';

it.each<[unknown, string]>([
  ['60s', '"60s"'],
  ['two\nlines', '"two\\nlines"'],
  ['x'.repeat(99), `"${'x'.repeat(60)}…"`],
  [Number.NaN, 'NaN'],
  [undefined, 'undefined'],
  [null, 'null'],
  [7n, '7n'],
  [Symbol('s'), 'a symbol'],
  [() => 1, 'a function'],
  [[], 'an empty array'],
  [[1, [2]], 'an array'],
  [Promise.resolve(), 'a promise (await it first)'],
  [Object.create(null), 'an object'],
  [{ toString: () => expect.unreachable() }, 'an object'],
])('a value in a message, %#', (value, text) => {
  expect(shown(value)).toBe(text);
});
