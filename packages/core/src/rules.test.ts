import { expect, it } from 'vitest';
import { beyondNotebook, type RuleOptions, readRules } from './rules.js';

it('reads lengths and keeps words', () => {
  const given: RuleOptions = {
    preset: 'live',
    resolution: '1s',
    embargo: '250ms',
    maxAge: 'none',
    excludeSelf: ['transaction_hash'],
    sequence: { trades: 'a', tape: 'b' },
    proof: true,
  };
  expect(readRules('f', given)).toEqual({
    ...given,
    resolution: { nanos: 1_000_000_000n, label: '1s' },
    embargo: { nanos: 250_000_000n, label: '250ms' },
  });
});

it.each([
  [{ tise: 'exclude' }, 'did you mean ties?'],
  [{ ties: 'exclud' }, 'did you mean exclude?'],
  [{ embargo: 5 }, 'embargo'],
  [{ excludeSelf: [] }, 'auto, none or a list of column names'],
  [{ sequence: 'a=b' }, 'must name a column of each file'],
  [{ proof: 'yes' }, 'true or false'],
  [{ availability: 1 }, 'must be text'],
])('%o is refused', (given, message) => {
  expect(() => readRules('f', given as unknown as RuleOptions)).toThrow(message);
});

it('knows what is beyond the notebook', () => {
  expect(beyondNotebook(undefined)).toBe(false);
  expect(beyondNotebook({ preset: 'notebook' })).toBe(false);
  expect(beyondNotebook({ preset: 'strict' })).toBe(true);
  expect(beyondNotebook({ tie: 'first' })).toBe(true);
});
