import { describe, expect, it } from 'vitest';
import { editDistance, suggest } from './suggest.js';

const names = [
  'snapshots-root',
  'username',
  'out',
  'order',
  'returns',
  'windows',
  'ts-unit',
  'compression',
  'json',
];

describe('suggest', () => {
  it.each([
    ['window', 'windows'],
    ['windw', 'windows'],
    ['retruns', 'returns'],
    ['snapshot-root', 'snapshots-root'],
    ['compress', 'compression'],
    ['tsunit', 'ts-unit'],
    ['oder', 'order'],
    ['josn', 'json'],
  ])('takes %s for %s', (word, name) => {
    expect(suggest(word, names)).toBe(name);
  });

  it.each(['ties', 'preset', 'embargo', 'proof', 'x'])('has nothing near %s', (word) => {
    expect(suggest(word, names)).toBeUndefined();
  });
});

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['abc', 'abc', 0],
    ['ab', 'ba', 1],
    ['kitten', 'sitting', 3],
    ['abcd', 'acbd', 1],
  ])('%j to %j is %d', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });
});
