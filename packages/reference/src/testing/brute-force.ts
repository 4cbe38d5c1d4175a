/**
 * The features straight from spec section 4: for each trade it looks at every print. For tests only; it shares
 * no code with what it checks, counts time in plain nanoseconds, and adds with plain sums: give it values of
 * which those are exact.
 */

/** A print: time s, price p, size q; further columns. */
export interface P {
  s: number | null;
  token: string | null;
  p: number | null;
  q: number | null;
  seq: number | null;
  seen: number | null;
  hash: string | null;
  key: number | null;
}
/** A trade at time t; further columns. */
export interface T {
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
/** The rules, as they are asked for. */
export interface Options {
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

/** In place of the features, where `tie: error` has to refuse. */
export const DUPLICATE = 'DUPLICATE_TIME';
const floor = (x: number, step: number) => Math.floor(x / step) * step;
const tickOf = (times: (number | null)[]) => {
  const stamps = times.filter((x) => x !== null);
  return stamps.length === 0 ? 1 : ([1e9, 1e6, 1e3].find((u) => stamps.every((x) => x % u === 0)) ?? 1);
};

/** The features of every trade, or DUPLICATE. */
export function bruteForce(trades: T[], prints: P[], o: Options) {
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
      if (o.ties === 'exclude') return p.s >= floor(t, tick) + tick;
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
      ownSeen: o.self.length === 0 ? null : mine.filter((p) => own(p) && before(p) && known(p)).length,
      censored: o.windows.filter((w) => !tape.some((p) => p.s <= U - w)).length,
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
