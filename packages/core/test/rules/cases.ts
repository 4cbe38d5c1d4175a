/**
 * Random trades, prints and rules: few stamps, so that ties are dense. Amounts are eighths, of which plain sums are
 * exact, unless they are `wild`.
 */
import type { Options, P, T } from '@polyfeat/reference/testing';
import fc from 'fast-check';
import { durationLabel } from '../../src/duration.js';
import type { FeatureOptions } from '../../src/index.js';

/** One case; times in nanoseconds. */
export interface Case {
  readonly trades: T[];
  readonly prints: P[];
  readonly options: Options;
  /** How the columns are laid out. */
  readonly layout: Layout;
}

/** Units of the stamps, and what the columns by which rows are compared hold. */
export interface Layout {
  readonly trades: 's' | 'ms' | 'us' | 'ns';
  readonly tape: 's' | 'ms' | 'us' | 'ns';
  readonly seen: 'us' | 'ns' | 'text';
  readonly seq: 'i32' | 'i64' | 'text' | 'time';
  readonly hash: 'utf8' | 'dictionary';
  readonly chunks: 1 | 2;
}

const EIGHTHS = fc.integer({ min: -2, max: 20 }).map((n) => n / 8);
const WILD = fc.constantFrom(
  ...[1e300, -1e300, 5e-324, 1e-300, 1e16, 1, 1e-16, 0.1, 0.2, 0.3, -0.1, 0, 2 ** 53],
  ...[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN],
);
const small = (max: number, freq = 8) => fc.option(fc.integer({ min: 0, max }), { freq });
const NANOS = { s: 1e9, ms: 1e6, us: 1e3, ns: 1 } as const;

/** Cases over stamps that are multiples of `step` nanoseconds. */
export function cases(step: number, wild = false): fc.Arbitrary<Case> {
  const amount = fc.option(wild ? fc.oneof(EIGHTHS, WILD) : EIGHTHS, { freq: 12 });
  const time = (every: number) =>
    fc.option(
      fc.integer({ min: -3, max: 24 }).map((n) => n * step * every),
      { freq: 15 },
    );
  const shared = {
    seq: small(4),
    hash: fc.option(fc.constantFrom('x', 'y', 'z')),
    key: small(2, 3),
  };
  const print = (every: number): fc.Arbitrary<P> =>
    fc.record({
      ...shared,
      token: fc.option(fc.constantFrom('A', 'A', 'B'), { freq: 15 }),
      s: time(every),
      p: amount,
      q: amount,
      seen: time(1),
    });
  const trade: fc.Arbitrary<T> = fc.record({
    ...shared,
    t: time(1),
    token: fc.option(fc.constantFrom('A', 'A', 'B', 'C'), { freq: 15 }),
    market: fc.option(fc.constantFrom('m', 'n'), { freq: 8 }),
    side: fc.constantFrom('BUY', 'BUY', 'SELL', null),
    outcome: fc.constantFrom('Up', 'Down', 'Yes', null),
    size: amount,
  });
  const span = fc.constantFrom(1, 2, 3, 7, 20).map((n) => n * step);
  // Some end between two stamps.
  const length =
    step === 1 ? span : fc.oneof({ weight: 3, arbitrary: span }, fc.constantFrom(1, step / 2, 1.5 * step));
  const options: fc.Arbitrary<Options> = fc.record({
    ties: fc.constantFrom('include', 'exclude', 'sequence'),
    resolution: fc.constantFrom<(number | 'auto')[]>('auto', 1, step, 3 * step, 5 * step),
    availability: fc.boolean(),
    embargo: fc.constantFrom(0, 0, step, 2 * step + 1),
    self: fc.subarray<'hash' | 'key'>(['hash', 'key']),
    maxAge: fc.option(fc.constantFrom(0, 2, 6).map((n) => n * step)),
    tie: fc.option(fc.constantFrom('last', 'first', 'error'), { freq: 2 }),
    direction: fc.constantFrom('backward', 'backward', 'forward', 'nearest'),
    closed: fc.option(fc.constantFrom('right', 'left', 'both', 'neither')),
    unknown: fc.constantFrom('null', 'causal', 'zero'),
    regime: fc.constantFrom('bucket', 'bucket-asof', 'trailing', 'prev-bucket'),
    lags: fc.uniqueArray(length, { maxLength: 2 }),
    windows: fc.uniqueArray(length, { maxLength: 2 }),
    bucket: span,
  });
  const unit = fc.constantFrom(
    ...(['s', 'ms', 'us', 'ns'] as const).filter((one) => step % NANOS[one] === 0),
  );
  const layout: fc.Arbitrary<Layout> = fc.record({
    trades: unit,
    tape: unit,
    seen: fc.constantFrom(
      ...(step % 1e3 === 0 ? (['us', 'ns', 'text'] as const) : (['ns', 'text'] as const)),
    ),
    seq: fc.constantFrom('i32', 'i64', 'text', 'time'),
    hash: fc.constantFrom('utf8', 'dictionary'),
    chunks: fc.constantFrom(1, 2),
  });
  return fc.record({
    trades: fc.array(trade, { minLength: 1, maxLength: 14 }),
    // Many prints of one transaction have sums of their own.
    prints: fc
      .tuple(fc.constantFrom(1, 2), fc.constantFrom(30, 30, 90))
      .chain(([every, most]) => fc.array(print(every), { minLength: 1, maxLength: most })),
    options,
    layout,
  });
}

const duration = (nanos: number) => ({ nanos: BigInt(nanos), label: durationLabel(BigInt(nanos)) });

/** The options of the library for a case's options. */
export function libraryOptions(o: Options) {
  return {
    ties: o.ties,
    ...(o.ties === 'sequence' && { sequence: { trades: 'seq', tape: 'log_index' } }),
    resolution: o.resolution === 'auto' ? 'auto' : duration(o.resolution),
    availability: o.availability ? 'captured_at' : 'none',
    embargo: o.embargo === 0 ? 'none' : duration(o.embargo),
    excludeSelf: o.self.length === 0 ? 'none' : o.self,
    maxAge: o.maxAge === null ? 'none' : duration(o.maxAge),
    ...(o.tie !== null && { tie: o.tie }),
    direction: o.direction,
    allowLookahead: true,
    ...(o.closed !== null && { closed: o.closed }),
    unknownToken: o.unknown,
    regime: o.regime,
    proof: true,
  } as const satisfies FeatureOptions;
}

/** Lags, windows and bucket of a case. */
export function lengthsOf(o: Options) {
  return { returns: o.lags.map(duration), windows: o.windows.map(duration), bucket: duration(o.bucket) };
}
