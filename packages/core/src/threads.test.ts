import { describe, expect, it } from 'vitest';
import { parseThreads } from './threads.js';

describe('parseThreads', () => {
  it.each([
    ['1', 1],
    ['2', 2],
    ['016', 16],
    ['1024', 1024],
  ])('reads %s', (text, threads) => {
    expect(parseThreads(text)).toBe(threads);
  });

  it.each([
    '',
    '0',
    '-1',
    '+1',
    '1.5',
    '1e3',
    '1025',
    '1000000000',
    '9'.repeat(400),
    ' 1',
    'all',
    '0x2',
    '٣',
  ])('refuses %j', (text) => {
    expect(() => parseThreads(text)).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: expect.stringContaining('a whole number from 1 to 1024'),
      }),
    );
  });
});
