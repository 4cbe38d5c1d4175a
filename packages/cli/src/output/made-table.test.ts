import { describe, expect, it } from 'vitest';
import { madeText, rulesText } from './made-table.js';

describe('rulesText', () => {
  it('names what differs from the notebook', () => {
    const notebook = { preset: 'notebook', ties: 'include', tie: null, closed: 'right', proof: false };
    expect(rulesText(notebook)).toBe("the notebook's");
    expect(
      rulesText({
        ...notebook,
        ties: 'sequence',
        sequence: { trades: 'a', tape: 'b' },
        excludeSelf: ['x', 'y'],
        proof: true,
      }),
    ).toBe('ties sequence, proof, sequence a=b, excludeSelf x,y');
  });
});

describe('madeText', () => {
  it('has a line for each thing that a file says, and no control characters', () => {
    const text = madeText({
      version: '1.2.3',
      preset: 'strict',
      options: { order: 'token', returns: [], tsUnit: null, labelAvailableAt: true },
      inputs: [{ table: 'trades', file: 'trades/\u001b0.parquet', bytes: 1500, footer_xxh64: '0' }],
    });
    expect(text.split('\n')).toEqual([
      'made by polyfeat-fast',
      '  version  1.2.3',
      '  preset   strict',
      '  options  order token, returns (none), labelAvailableAt on',
      '  input    trades/\\x1b0.parquet (1.5 kB)',
    ]);
    expect(madeText({ version: '9' })).toBe('made by polyfeat-fast\n  version  9');
  });
});
