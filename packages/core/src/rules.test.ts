import { expect, it } from 'vitest';
import { type RuleOptions, readRules } from './rules.js';

it('reads lengths and keeps words', () => {
  const given: RuleOptions = {
    preset: 'live',
    resolution: '1s',
    embargo: '250ms',
    maxAge: '0s',
    excludeSelf: ['transaction_hash'],
    sequence: { trades: 'a', tape: 'b' },
    proof: true,
  };
  expect(readRules('f', given)).toEqual({
    ...given,
    resolution: { nanos: 1_000_000_000n, label: '1s' },
    embargo: { nanos: 250_000_000n, label: '250ms' },
    maxAge: { nanos: 0n, label: '0s' },
  });
});

it.each([
  [{ tise: 'exclude' }, 'did you mean ties?'],
  [{ ties: 'exclud' }, 'did you mean exclude?'],
  [{ embargo: 5 }, 'embargo'],
  [{ resolution: '0s' }, 'duration of zero'],
  [{ excludeSelf: [] }, 'auto, none or a list of column names'],
  [{ sequence: 'a=b' }, 'must name a column of each file'],
  [{ proof: 'yes' }, 'true or false'],
  [{ availability: 1 }, 'must be text'],
])('%o is refused', (given, message) => {
  expect(() => readRules('f', given as unknown as RuleOptions)).toThrow(message);
});
