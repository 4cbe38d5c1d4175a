import { describe, expect, it } from 'vitest';
import { table } from './table.js';

describe('table', () => {
  it('is as wide as its widest cell or title, without spaces at the end', () => {
    const text = table(
      [{ title: 'name' }, { title: 'n', right: true }, { title: 'note' }],
      [
        ['a', '1,000', ''],
        ['longer', '2', 'x'],
      ],
    );
    expect(text.split('\n')).toEqual(['name        n  note', 'a       1,000', 'longer      2  x']);
  });

  it('is its titles without rows', () => {
    expect(table([{ title: 'a' }, { title: 'b' }], [])).toBe('a  b');
  });

  it('aligns behind wide characters and accents', () => {
    const text = table(
      [{ title: 't' }, { title: 'n', right: true }],
      [
        ['比特币', '1'],
        ['e\u0301', '2'],
      ],
    );
    expect(text.split('\n')).toEqual(['t       n', '比特币  1', 'e\u0301       2']);
  });

  it('lets no cell move the cursor', () => {
    expect(table([{ title: 't' }], [['a\u001b[2Jb\n']])).toBe('t\na\\x1b[2Jb\\x0a');
  });
});
