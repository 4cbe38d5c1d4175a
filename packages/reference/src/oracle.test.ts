/**
 * Every combination of rules against the brute force. Stamps are few, so that ties are dense; prices and sizes
 * are eighths, so that plain sums are exact.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DefinitionError } from './errors.js';
import { computeFeatures } from './features.js';
import { type GivenRules, resolveRules } from './presets.js';
import { bruteForce, DUPLICATE, type Options, type P, type T } from './testing/brute-force.js';

const big = (x: number | null) => (x === null ? null : BigInt(x));

/** The same by the definition. */
function definition(trades: T[], prints: P[], o: Options) {
  const tradeRows = trades.map(({ t, token, market, seq, hash, key, ...rest }) => ({
    ...rest,
    ts: big(t),
    tokenId: token,
    marketSlug: market,
    columns: { seq: big(seq), hash, key },
  }));
  const printRows = prints.map(({ s, token, p, q, seq, seen, hash, key }) => ({
    ts: big(s),
    tokenId: token,
    price: p,
    size: q,
    columns: { log_index: big(seq), captured_at: big(seen), hash, key },
  }));
  const given: GivenRules = {
    ties: o.ties,
    ...(o.ties === 'sequence' ? { sequence: { trades: 'seq', tape: 'log_index' } } : {}),
    resolution: o.resolution === 'auto' ? 'auto' : BigInt(o.resolution),
    availability: o.availability ? 'captured_at' : 'none',
    embargo: o.embargo === 0 ? 'none' : BigInt(o.embargo),
    excludeSelf: o.self.length === 0 ? 'none' : o.self,
    maxAge: o.maxAge === null ? 'none' : BigInt(o.maxAge),
    ...(o.tie === null ? {} : { tie: o.tie }),
    direction: o.direction,
    allowLookahead: true,
    ...(o.closed === null ? {} : { closed: o.closed }),
    unknownToken: o.unknown,
    regime: o.regime,
  };
  try {
    const { rules } = resolveRules('notebook', given, tradeRows, printRows);
    const options = {
      returns: o.lags.map(BigInt),
      windows: o.windows.map(BigInt),
      bucket: BigInt(o.bucket),
      sum: 'exact' as const,
      rules,
      proof: true,
    };
    return computeFeatures(tradeRows, printRows, options).rows.map((row) => ({
      flag: row.completeSetFlag,
      shares: row.completeSetShares,
      regime: row.regime,
      known: row.labelAvailableAt,
      price: row.tape?.lastPrice,
      ts: row.tape?.lastTs,
      age: row.tape?.lastAgeMs,
      returns: row.tape?.returns,
      flows: row.tape?.flows.map(({ trades: count, volume, notional }) => [count, volume, notional]),
      proof: row.tape?.proof,
    }));
  } catch (error) {
    if (error instanceof DefinitionError && error.code === DUPLICATE) return DUPLICATE;
    throw error;
  }
}

const amount = fc.option(
  fc.integer({ min: -2, max: 20 }).map((n) => n / 8),
  { freq: 12 },
);
const small = (max: number, freq = 8) => fc.option(fc.integer({ min: 0, max }), { freq });

/** Trades, prints and rules over stamps that are multiples of `step` nanoseconds. */
const caseOf = (step: number) => {
  const time = (every: number) =>
    fc.option(
      fc.integer({ min: -3, max: 24 }).map((n) => n * step * every),
      { freq: 15 },
    );
  const shared = {
    token: fc.option(fc.constantFrom('A', 'B'), { freq: 15 }),
    seq: small(4),
    hash: fc.option(fc.constantFrom('x', 'y', 'z')),
    key: small(2, 3),
  };
  const span = fc.constantFrom(1, 2, 3, 7, 20).map((n) => n * step);
  const print = (every: number): fc.Arbitrary<P> =>
    fc.record({ ...shared, s: time(every), p: amount, q: amount, seen: time(1) });
  const trade: fc.Arbitrary<T> = fc.record({
    ...shared,
    t: time(1),
    token: fc.option(fc.constantFrom('A', 'B', 'C'), { freq: 15 }),
    market: fc.option(fc.constantFrom('m', 'n'), { freq: 8 }),
    side: fc.constantFrom('BUY', 'BUY', 'SELL', null),
    outcome: fc.constantFrom('Up', 'Down', 'Yes', null),
    size: amount,
  });
  const options: fc.Arbitrary<Options> = fc.record({
    ties: fc.constantFrom('include', 'exclude', 'sequence'),
    resolution: fc.constantFrom<(number | 'auto')[]>('auto', 1, step, 3 * step, 5 * step),
    availability: fc.boolean(),
    embargo: fc.constantFrom(0, 0, step, 2 * step + 1),
    self: fc.subarray<'hash' | 'key'>(['hash', 'key']),
    maxAge: fc.option(fc.constantFrom(0, 2, 6).map((n) => n * step)),
    tie: fc.option(fc.constantFrom('last', 'first', 'error')),
    direction: fc.constantFrom('backward', 'backward', 'forward', 'nearest'),
    closed: fc.option(fc.constantFrom('right', 'left', 'both', 'neither')),
    unknown: fc.constantFrom('null', 'causal', 'zero'),
    regime: fc.constantFrom('bucket', 'bucket-asof', 'trailing', 'prev-bucket'),
    lags: fc.array(span, { maxLength: 2 }),
    windows: fc.array(span, { maxLength: 2 }),
    bucket: span,
  } as const);
  return fc.record({
    trades: fc.array(trade, { minLength: 1, maxLength: 12 }),
    prints: fc.constantFrom(1, 2).chain((every) => fc.array(print(every), { minLength: 1, maxLength: 30 })),
    options,
  });
};

describe('the rules of spec section 4', () => {
  it.each([
    ['nanoseconds', 1],
    ['half seconds', 5e8],
    ['milliseconds', 1e6],
  ])('agree with the brute force in every combination, stamps in %s', (_, step) => {
    fc.assert(
      fc.property(caseOf(step), ({ trades, prints, options }) => {
        expect(definition(trades, prints, options)).toEqual(bruteForce(trades, prints, options));
      }),
      { numRuns: 2500 },
    );
  });
});
