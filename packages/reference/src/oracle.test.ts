/**
 * Every combination of rules against a brute force that is written straight from spec section 4: for each trade
 * it looks at every print. It shares no code with what it checks, and counts time in plain numbers.
 * Stamps are few, so that ties are dense; prices and sizes are eighths, so that plain sums are exact.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DefinitionError } from './errors.js';
import { computeFeatures } from './features.js';
import { type GivenRules, resolveRules } from './presets.js';

interface P {
  s: number | null;
  token: string | null;
  p: number | null;
  q: number | null;
  seq: number | null;
  seen: number | null;
  hash: string | null;
  key: number | null;
}
interface T {
  t: number | null;
  token: string | null;
  market: string | null;
  side: string | null;
  outcome: string | null;
  size: number | null;
  seq: number | null;
  hash: string | null;
  key: number | null;
}
interface Options {
  ties: 'include' | 'exclude' | 'sequence';
  resolution: number | 'auto';
  availability: boolean;
  embargo: number;
  self: readonly ('hash' | 'key')[];
  maxAge: number | null;
  tie: 'last' | 'first' | 'error' | null;
  direction: 'backward' | 'forward' | 'nearest';
  closed: 'right' | 'left' | 'both' | 'neither' | null;
  unknown: 'null' | 'causal' | 'zero';
  regime: 'bucket' | 'bucket-asof' | 'trailing' | 'prev-bucket';
  lags: number[];
  windows: number[];
  bucket: number;
}
type Placed = P & { s: number; r: number };

const DUPLICATE = 'DUPLICATE_TIME';
const floor = (x: number, step: number) => Math.floor(x / step) * step;
const tickOf = (times: (number | null)[]) => {
  const stamps = times.filter((x) => x !== null);
  return stamps.length === 0 ? 1 : ([1e9, 1e6, 1e3].find((u) => stamps.every((x) => x % u === 0)) ?? 1);
};

/** The features of every trade, or DUPLICATE. */
function bruteForce(trades: T[], prints: P[], o: Options) {
  const tick =
    o.resolution === 'auto'
      ? Math.max(tickOf(trades.map((x) => x.t)), tickOf(prints.map((x) => x.s)))
      : o.resolution;
  const closed = o.closed ?? (o.ties === 'exclude' ? 'left' : 'right');
  const opensAtBeginning = closed === 'right' || closed === 'neither';
  const tape = prints.flatMap((p, r) => (p.s === null || p.token === null ? [] : [{ ...p, s: p.s, r }]));
  const bySequence = o.ties === 'sequence';
  const seqOf = (p: P) => p.seq ?? Number.POSITIVE_INFINITY;
  let duplicate = false;

  const rows = trades.map((trade, row) => {
    const set = completeSet(trade, row);
    const { t, token } = trade;
    if (t === null || token === null) {
      const flows = o.windows.map(() => [null, null, null]);
      return {
        ...set,
        price: null,
        ts: null,
        age: null,
        returns: o.lags.map(() => null),
        flows,
        proof: null,
      };
    }
    const T = t - o.embargo;
    const U = o.ties === 'exclude' ? floor(T, tick) : T;
    const own = (p: P) => o.self.length > 0 && o.self.every((c) => p[c] !== null && p[c] === trade[c]);
    const known = (p: P) => !o.availability || (p.seen !== null && p.seen <= T);
    const before = (p: Placed) => {
      if (o.ties === 'include') return p.s <= T;
      if (o.ties === 'exclude') return p.s < U;
      return p.s < T || (p.s === T && p.seq !== null && trade.seq !== null && p.seq < trade.seq);
    };
    const after = (p: Placed) => {
      if (o.ties === 'include') return p.s >= t;
      if (o.ties === 'exclude') return p.s >= U + tick;
      return p.s > t || (p.s === t && p.seq !== null && trade.seq !== null && p.seq > trade.seq);
    };
    const mine = tape.filter((p) => p.token === token);
    const visible = mine.filter((p) => before(p) && known(p) && !own(p));

    // The print of the greatest (or, ahead, least) stamp, and how many have it.
    const pick = (from: Placed[], sign: 1 | -1) => {
      const stamps = from.map((p) => p.s);
      const s = sign * Math.max(...stamps.map((x) => sign * x));
      let equal = from.filter((p) => p.s === s);
      if (bySequence && equal.length > 0) {
        const q = sign * Math.max(...equal.map((p) => sign * seqOf(p)));
        equal = equal.filter((p) => seqOf(p) === q);
      }
      const first = o.tie === 'first' || (o.tie === null && sign === -1);
      const chosen = first ? equal[0] : equal[equal.length - 1];
      return chosen === undefined ? null : { ...chosen, many: equal.length > 1 };
    };
    const use = (found: ReturnType<typeof pick>) => {
      if (found?.many && o.tie === 'error') duplicate = true;
      return found;
    };

    const behind = pick(visible, 1);
    const ahead = pick(
      mine.filter((p) => after(p) && !own(p)),
      -1,
    );
    const far = (p: Placed | null) => (p === null ? Number.POSITIVE_INFINITY : Math.abs(t - p.s));
    let last = behind;
    if (o.direction === 'forward') last = ahead;
    if (o.direction === 'nearest' && far(ahead) < far(behind)) last = ahead;
    if (o.maxAge !== null && far(last) > o.maxAge) last = null;
    use(last);

    const used: Placed[] = last === null ? [] : [last];
    const returns = o.lags.map((w) => {
      if (last === null) return null;
      const earlier = use(
        pick(
          visible.filter((p) => (opensAtBeginning ? p.s <= U - w : p.s < U - w)),
          1,
        ),
      );
      if (earlier !== null) used.push(earlier);
      return earlier === null || earlier.p === null || last.p === null ? null : last.p - earlier.p;
    });
    const flows = o.windows.map((w) => {
      const held = visible.filter((p) => {
        if (closed === 'right') return p.s > U - w && p.s <= U;
        if (closed === 'left') return p.s >= U - w && p.s < U;
        if (closed === 'both') return p.s >= U - w && p.s <= U;
        return p.s > U - w && p.s < U;
      });
      used.push(...held);
      if (mine.length === 0 && o.unknown !== 'zero') return [null, null, null];
      if (visible.length === 0 && o.unknown === 'causal') return [null, null, null];
      const sum = (terms: (number | null)[]) =>
        terms.some((x) => x === null) ? null : terms.reduce<number>((a, b) => a + (b as number), 0);
      const notional = held.map((p) => (p.p === null || p.q === null ? null : p.p * p.q));
      return [held.length, sum(held.map((p) => p.q)), sum(notional)];
    });
    const newest = (values: (number | null)[]) => {
      const there = values.filter((x) => x !== null);
      return there.length === 0 ? null : BigInt(Math.max(...there));
    };
    const proof = {
      newestEvent: newest(used.map((p) => p.s)),
      newestAvailability: o.availability ? newest(used.map((p) => p.seen)) : null,
      sameStampPrints: mine.filter((p) => floor(p.s, tick) === floor(t, tick)).length,
      ownPrints: o.self.length === 0 ? null : mine.filter(own).length,
      censored: o.windows.map((w) => !tape.some((p) => p.s <= U - w)),
    };
    const price = last?.p ?? null;
    const age = last === null ? null : (t - last.s) / 1e6;
    return { ...set, price, ts: last === null ? null : BigInt(last.s), age, returns, flows, proof };
  });
  return duplicate ? DUPLICATE : rows;

  function completeSet(trade: T, row: number) {
    const { t, market } = trade;
    const buys = (x: T) => x.side === 'BUY' && (x.outcome === 'Up' || x.outcome === 'Down');
    const bucketOf = (x: number) => Math.floor(x / o.bucket);
    const counts = (x: T, r: number) => {
      if (x.t === null || t === null || market === null || x.market !== market || !buys(x)) return false;
      const upToHere = x.t < t || (x.t === t && r <= row);
      if (o.regime === 'bucket') return bucketOf(x.t) === bucketOf(t);
      if (o.regime === 'bucket-asof') return bucketOf(x.t) === bucketOf(t) && upToHere;
      if (o.regime === 'trailing') return x.t > t - o.bucket && upToHere;
      return bucketOf(x.t) === bucketOf(t) - 1;
    };
    const leg = (outcome: string) =>
      trades.reduce((sum, x, r) => (counts(x, r) && x.outcome === outcome ? sum + (x.size ?? 0) : sum), 0);
    const [up, down] = [leg('Up'), leg('Down')];
    const flag = up > 0 && down > 0;
    const regime = !buys(trade) ? 'OTHER' : flag ? 'COMPLETE_SET_ARBITRAGE' : 'DIRECTIONAL';
    const known = t === null ? null : o.regime === 'bucket' ? (bucketOf(t) + 1) * o.bucket : t;
    return { flag, shares: Math.min(up, down), regime, known: known === null ? null : BigInt(known) };
  }
}

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
  const options: fc.Arbitrary<Options> = fc
    .record({
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
    } as const)
    // What the definition refuses is tested where it is refused.
    .map((o) => (o.direction === 'backward' ? o : { ...o, availability: false, embargo: 0 }));
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
