import { describe, expect, it } from 'vitest';
import { durationLabel, parseDuration, parseDurations } from './duration.js';
import { PolyfeatError } from './errors.js';

const refusal = (read: () => unknown): PolyfeatError => {
  try {
    read();
  } catch (error) {
    if (error instanceof PolyfeatError) return error;
    throw error;
  }
  throw new Error('it was accepted');
};

describe('parseDuration', () => {
  it.each([
    ['10s', 10_000_000_000n, '10s'],
    ['5m', 300_000_000_000n, '300s'],
    ['1h', 3_600_000_000_000n, '3600s'],
    ['1d', 86_400_000_000_000n, '86400s'],
    ['250ms', 250_000_000n, '250ms'],
    ['1000ms', 1_000_000_000n, '1s'],
    ['10us', 10_000n, '10us'],
    ['1500us', 1_500_000n, '1500us'],
    ['7ns', 7n, '7ns'],
    ['007s', 7_000_000_000n, '7s'],
    ['9223372036854775807ns', 2n ** 63n - 1n, '9223372036854775807ns'],
  ])('%s is %d ns, named %s', (text, nanos, label) => {
    expect(parseDuration(text)).toEqual({ nanos, label });
  });

  it.each([
    '',
    '10',
    's',
    '0s',
    '0ns',
    '-1s',
    '+1s',
    '1.5s',
    '1 s',
    ' 1s',
    '1s ',
    '1S',
    '1min',
    '1e3s',
    '٣s',
    '10s5m',
    '9223372036854775808ns',
    '106752d',
  ])('refuses "%s"', (text) => {
    const error = refusal(() => parseDuration(text));
    expect(error.code).toBe('INVALID_OPTION');
    expect(error.message).toContain(`"${text}"`);
    expect(error.message).not.toContain('\n');
  });
});

describe('parseDurations', () => {
  it('keeps the order given', () => {
    expect(parseDurations('5m, 30s,250ms').map((duration) => duration.label)).toEqual([
      '300s',
      '30s',
      '250ms',
    ]);
  });

  it.each(['30s,30s', '60s,1m', '1000ms,1s', '1h,30s,3600s'])('refuses the same length twice: %s', (text) => {
    expect(refusal(() => parseDurations(text)).code).toBe('INVALID_OPTION');
  });

  it('names both forms of the same length', () => {
    expect(refusal(() => parseDurations('60s,1m')).message).toContain('60s and 1m');
  });

  it.each(['', ',', '30s,', ',30s', '30s,,60s', '30s;60s'])('refuses the list "%s"', (text) => {
    expect(refusal(() => parseDurations(text)).code).toBe('INVALID_OPTION');
  });
});

describe('durationLabel', () => {
  it('takes the coarsest unit up to seconds that is whole', () => {
    expect([60_000_000_000n, 1_001_000_000n, 1_001_000n, 1_001n].map(durationLabel)).toEqual([
      '60s',
      '1001ms',
      '1001us',
      '1001ns',
    ]);
  });
});
