/** Random trades and prints as rows, and as tables of random shapes. */
import type { Print, Trade } from '@polyfeat/reference';
import { fitsTime, NANOS } from '@polyfeat/reference';
import fc from 'fast-check';
import { parseDuration } from '../../src/duration.js';
import type { TsUnit } from '../../src/types.js';
import { numberColumn, type Shape, shape, textColumn, timeColumn } from './shapes.js';

const UNITS = ['s', 'ms', 'us', 'ns'] as const;
const LONG = '71321045679252212594626385532706912750332728571942532289631379312455583992563';
const TOKENS = ['A', 'B', LONG, `${LONG}9`, 'é', '\u{1f600}', '\uff5e', '', 'unseen'];

/** Sizes and prices as tapes have them, and as nobody would. */
export const amount: fc.Arbitrary<number | null> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 99_999 }).map((n) => n / 1000) },
  { weight: 2, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, 1e300, -1e300, 5e-324, 0, -0, 1e16, 1e-16) },
  { weight: 1, arbitrary: fc.double() },
);
const tame: fc.Arbitrary<number | null> = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 9_999 }).map((n) => n / 100) },
  { weight: 1, arbitrary: fc.constant(null) },
);

const orNull = <T>(of: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 9, arbitrary: of }, { weight: 1, arbitrary: fc.constant(null) });

/** Where times begin, how far they spread, and in which unit each table has them. */
export interface Clock {
  readonly base: bigint;
  readonly spread: number;
  readonly left: TsUnit;
  readonly right: TsUnit;
}

export const clock: fc.Arbitrary<Clock> = fc.record({
  // Whole seconds and odd ones, before 1970, and so far off that doubles cannot count the nanoseconds.
  base: fc.constantFrom(0n, 1_772_000_000n, -1_772_000_000n, 7n, 9_000_000_000n),
  spread: fc.constantFrom(3, 20, 400),
  left: fc.constantFrom(...UNITS),
  right: fc.constantFrom(...UNITS),
});

/** A time in nanoseconds that is whole in a unit; now and then far from the others. */
export function time({ base, spread }: Clock, unit: TsUnit): fc.Arbitrary<bigint | null> {
  const step = NANOS[unit];
  return orNull(
    fc.tuple(fc.nat(spread), fc.nat(3), fc.nat(60)).map(([s, fine, far]) => {
      const distance = far === 0 ? 250n * 31_536_000n : far === 1 ? -100n * 31_536_000n : 0n;
      const inReach = (base + distance) * NANOS.s;
      const start = inReach > 9n * 10n ** 18n || inReach < -9n * 10n ** 18n ? base * NANOS.s : inReach;
      return (
        start +
        BigInt(s) * NANOS.s +
        BigInt(fine) * (step > 250_000_000n ? 0n : 250_000_000n) +
        (fine === 3 ? (step < NANOS.s ? step : 0n) : 0n)
      );
    }),
  );
}

/** Trades and prints. */
export function tables(amounts: fc.Arbitrary<number | null> = fc.oneof(amount, tame)) {
  return clock.chain((at) => {
    const trade: fc.Arbitrary<Trade> = fc.record({
      ts: time(at, at.left),
      tokenId: orNull(fc.constantFrom(...TOKENS)),
      marketSlug: orNull(fc.constantFrom('m', 'n', 'a market with a long name')),
      side: orNull(fc.constantFrom('BUY', 'BUY', 'BUY', 'SELL', 'buy')),
      outcome: orNull(fc.constantFrom('Up', 'Down', 'up')),
      size: amounts,
    });
    const print: fc.Arbitrary<Print> = fc.record({
      ts: time(at, at.right),
      tokenId: orNull(fc.constantFrom(...TOKENS.slice(0, -1))),
      price: amounts,
      size: amounts,
    });
    return fc.record({
      clock: fc.constant(at),
      trades: fc.array(trade, { maxLength: 40 }),
      prints: fc.array(print, { minLength: 1, maxLength: 60 }),
      shapes: fc.array(shape, { minLength: 10, maxLength: 10 }),
    });
  });
}

/** Trades as columns of these shapes. */
export function tradeColumns(trades: readonly Trade[], { left }: Clock, shapes: readonly Shape[]) {
  return {
    ts: timeColumn(
      trades.map(({ ts }) => ts),
      left,
      shapes[0]!,
    ),
    token_id: textColumn(
      trades.map(({ tokenId }) => tokenId),
      shapes[1]!,
    ),
    market_slug: textColumn(
      trades.map(({ marketSlug }) => marketSlug),
      shapes[2]!,
    ),
    side: textColumn(
      trades.map(({ side }) => side),
      shapes[3]!,
    ),
    outcome: textColumn(
      trades.map(({ outcome }) => outcome),
      shapes[4]!,
    ),
    size: numberColumn(
      trades.map(({ size }) => size),
      shapes[5]!,
    ),
  };
}

/** Prints as columns of these shapes. */
export function printColumns(prints: readonly Print[], { right }: Clock, shapes: readonly Shape[]) {
  return {
    ts: timeColumn(
      prints.map(({ ts }) => ts),
      right,
      shapes[6]!,
    ),
    token_id: textColumn(
      prints.map(({ tokenId }) => tokenId),
      shapes[7]!,
    ),
    price: numberColumn(
      prints.map(({ price }) => price),
      shapes[8]!,
    ),
    size: numberColumn(
      prints.map(({ size }) => size),
      shapes[9]!,
    ),
  };
}

/** The durations that reach back from none of the times beyond 64 bits, which the native engine refuses. */
export function withinReach(durations: readonly string[], times: readonly (bigint | null)[]): string[] {
  return durations.filter((text) => {
    const { nanos } = parseDuration(text);
    return times.every((ts) => ts === null || fitsTime(ts - nanos));
  });
}

/** 64-bit integers, which older versions have as pairs of 32 bits. */
const long = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
  new BigInt64Array(buffer, byteOffset, byteLength / 8);

/** The values of a result column: doubles, times as nanoseconds, texts; null for null. */
export function valuesOf(table: unknown, name: string): unknown[] {
  const column = (table as { getChild(name: string): import('apache-arrow').Vector | null }).getChild(name);
  if (column === null) throw new Error(`no column ${name}`);
  const unit = (column.type as { unit?: number }).unit;
  return column.data.flatMap((data) =>
    Array.from({ length: data.length }, (_, i) => {
      if (!data.getValid(i)) return null;
      if (data.type.typeId === 10) return long(data.values)[i]! * NANOS[UNITS[unit!]!];
      if (data.type.typeId === 8) return long(data.values)[i]! * NANOS.ms;
      if (data.type.typeId === 3) return data.values[i];
      return new (column.constructor as typeof import('apache-arrow').Vector)([data]).get(i);
    }),
  );
}
