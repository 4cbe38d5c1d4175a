import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ageMillis, bucketOf, durationLabel, parseIso } from './time.js';

const S = 1_000_000_000n;

describe('parseIso', () => {
  const noon = BigInt(Date.UTC(2025, 11, 14, 12, 34, 56) / 1000) * S;
  it.each([
    ['2025-12-14T12:34:56Z', noon],
    ['2025-12-14t12:34:56z', noon],
    ['20251214 123456', noon],
    ['2025-12-14 12:34:56UTC', noon],
    [' 2025-12-14 12:34:56 UTC ', noon],
    ['2025-12-14T12:34:56.123456789Z', noon + 123_456_789n],
    ['2025-12-14T12:34:56,5', noon + 500_000_000n],
    ['2025-12-14T12:34:56.1234567899', noon + 123_456_789n],
    ['2025-12-14T14:34:56+02:00', noon],
    ['2025-12-14T14:34:56 +0200', noon],
    ['2025-12-14T07:34:56-05', noon],
    ['2025-12-14', noon - 45_296n * S],
    ['20251214', noon - 45_296n * S],
    ['2025-12-14T12', noon - 2_096n * S],
    ['2025-12-14T12:34', noon - 56n * S],
    ['2025-12-14T1234', noon - 56n * S],
    ['1969-12-31T23:59:59.999999999', -1n],
    ['2024-02-29', BigInt(Date.UTC(2024, 1, 29) / 1000) * S],
    ['1677-09-21T00:12:43.145224193', -(2n ** 63n) + 1n],
    ['2262-04-11T23:47:16.854775807', 2n ** 63n - 1n],
  ])('reads %s', (text, expected) => expect(parseIso(text)).toBe(expected));

  it.each([
    '',
    'now',
    '2025',
    '2025-13-01',
    '2025-02-29',
    '1900-02-29',
    '2025-12-14T24:00',
    '2025-12-14T12:60',
    '2025-12-14T12:00:60',
    '2025-12-14T12:34:56.',
    '2025-12-14T12.5',
    '2025-12-1',
    '0000-01-01',
    '0001-01-01',
    '2262-04-11T23:47:16.854775808',
    '1677-09-21T00:12:43.145224192',
    '2025-12-14Z',
    '2025-12-14T12:3456',
    '2025-12-14T',
    '2025-12-14  12:00',
    '2025-12-14T12:00 +24',
    '\t2025-12-14',
    '1765712700',
  ])('takes %j for no time', (text) => expect(parseIso(text)).toBeNull());

  it('agrees with Date on whole milliseconds', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1678-01-01'), max: new Date('2262-01-01'), noInvalidDate: true }),
        (date) => {
          expect(parseIso(date.toISOString())).toBe(BigInt(date.getTime()) * 1_000_000n);
        },
      ),
    );
  });
});

describe('buckets, ages, labels', () => {
  it('floor towards the past, also before 1970', () => {
    expect([-11n, -10n, -1n, 0n, 9n, 10n].map((t) => bucketOf(t, 10n))).toEqual([
      -20n,
      -10n,
      -10n,
      0n,
      0n,
      10n,
    ]);
  });
  it('keep fractions of a millisecond', () => expect(ageMillis(1_500_001n, 0n)).toBe(1.500001));
  it('name lengths by the coarsest whole unit', () => {
    expect([300n * S, 250_000_000n, 10_000n, 7n, 1_500_000_000n].map(durationLabel)).toEqual([
      '300s',
      '250ms',
      '10us',
      '7ns',
      '1500ms',
    ]);
  });
});
