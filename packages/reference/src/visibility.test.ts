import { describe, expect, it } from 'vitest';
import { computeFeatures } from './features.js';
import { type GivenRules, type PresetName, resolveRules } from './presets.js';
import type { Columns, Print, Trade } from './rows.js';

const S = 1_000_000_000n;
const ns = (seconds: number) => BigInt(Math.round(seconds * 1e9));
const trade = (seconds: number, columns?: Columns, tokenId = 'A'): Trade => ({
  ts: ns(seconds),
  tokenId,
  marketSlug: 'm',
  side: 'BUY',
  outcome: 'Up',
  size: 1,
  ...(columns && { columns }),
});
const print = (seconds: number, price: number | null, size: number, columns?: Columns): Print => ({
  ts: ns(seconds),
  tokenId: 'A',
  price,
  size,
  ...(columns && { columns }),
});
const GOLDEN = [
  print(40, 0.4, 1),
  print(41, 0.41, 2),
  print(70, 0.45, 16),
  print(100, 0.5, 4),
  print(100, 0.52, 8),
];

/** What the tape says about one trade. */
function see(
  given: GivenRules,
  at: Trade,
  prints: readonly Print[] = GOLDEN,
  preset: PresetName = 'notebook',
) {
  const { rules } = resolveRules(preset, given, [at], prints);
  const options = {
    returns: [30n * S, 300n * S],
    windows: [60n * S],
    bucket: 10n * S,
    sum: 'exact',
  } as const;
  const tape = computeFeatures([at], prints, { ...options, rules, proof: true }).rows[0]?.tape;
  if (tape == null) throw new Error('there is a tape');
  const flow = tape.flows[0];
  return {
    last: [tape.lastPrice, tape.lastAgeMs],
    returns: tape.returns,
    flow: [flow?.trades, flow?.volume, flow?.notional],
    proof: tape.proof,
  };
}
const NONE = [null, null, null];

describe('the golden vectors of spec section 5', () => {
  const exclude: GivenRules = { ties: 'exclude' };
  it.each<[string, GivenRules, Trade, (number | null)[], (number | null)[], (number | null)[]]>([
    ['A at 100', {}, trade(100), [0.52, 0], [0.52 - 0.45, null], [4, 30, 14.18]],
    ['A at 100, exclude', exclude, trade(100), [0.45, 30000], [0.45 - 0.41, null], [3, 19, 8.42]],
    ['A at 400', {}, trade(400), [0.52, 300000], [0, 0], [0, 0, 0]],
    ['A at 400, exclude', exclude, trade(400), [0.52, 300000], [0, 0.52 - 0.45], [0, 0, 0]],
    ['A at 5', {}, trade(5), [null, null], [null, null], [0, 0, 0]],
    ['A at 5, causal', { unknownToken: 'causal' }, trade(5), [null, null], [null, null], NONE],
    ['B at 100', {}, trade(100, {}, 'B'), [null, null], [null, null], NONE],
    ['B at 100, causal', { unknownToken: 'causal' }, trade(100, {}, 'B'), [null, null], [null, null], NONE],
    ['B at 100, zero', { unknownToken: 'zero' }, trade(100, {}, 'B'), [null, null], [null, null], [0, 0, 0]],
  ])('%s', (_, given, at, last, returns, flow) => {
    const seen = see(given, at);
    expect(seen.last).toEqual(last);
    expect(seen.returns).toEqual(returns);
    expect(seen.flow.slice(0, 2)).toEqual(flow.slice(0, 2));
    if (flow[2] === null) expect(seen.flow[2]).toBeNull();
    else expect(seen.flow[2]).toBeCloseTo(flow[2] as number, 12);
  });
});

describe('prints of the trade’s own stamp', () => {
  it('hide with their whole tick', () => {
    // Stamped to the second, the prints at 100 may have happened up to 100.999…
    expect(see({ ties: 'exclude' }, trade(100.5)).last).toEqual([0.45, 30500]);
    expect(see({ ties: 'exclude', resolution: 1n }, trade(100.5)).last).toEqual([0.52, 500]);
    expect(see({ ties: 'exclude' }, trade(101)).last).toEqual([0.52, 1000]);
    expect(see({ ties: 'exclude', embargo: 2n * S }, trade(102.5)).last).toEqual([0.45, 32500]);
  });

  it('follow a sequence, also when the file does not', () => {
    const prints = [
      print(100, 0.6, 1, { idx: 7n }),
      print(100, 0.5, 1, { idx: 5n }),
      print(100, 0.9, 1, { idx: null }),
      print(99, 0.1, 1, { idx: null }),
    ];
    const at = (seq: bigint | null, seconds = 100) =>
      see({ sequence: { trades: 'seq', tape: 'idx' } }, trade(seconds, { seq }), prints);
    expect(at(5n).last).toEqual([0.1, 1000]);
    expect(at(6n).last).toEqual([0.5, 0]);
    expect(at(8n).last).toEqual([0.6, 0]);
    expect(at(8n).flow[0]).toBe(3);
    expect(at(null).last).toEqual([0.1, 1000]);
    // Of an earlier stamp everything is visible; without a sequence means after those with one.
    expect(at(1n, 101).last).toEqual([0.9, 1000]);
  });

  it('tie only when the sequence is the same', () => {
    const rules = { sequence: { trades: 'seq', tape: 'idx' }, tie: 'error' } as const;
    const two = (a: bigint, b: bigint) => [print(9, 0.1, 1, { idx: a }), print(9, 0.2, 1, { idx: b })];
    expect(see(rules, trade(10, { seq: 1n }), two(2n, 1n)).last[0]).toBe(0.1);
    const code = expect.objectContaining({ code: 'DUPLICATE_TIME' });
    expect(() => see(rules, trade(10, { seq: 1n }), two(1n, 1n))).toThrow(code);
  });

  it('give the last, the first or an error', () => {
    expect(see({ tie: 'first' }, trade(100)).last).toEqual([0.5, 0]);
    expect(see({ tie: 'first' }, trade(400)).returns).toEqual([0, 0]);
    const code = expect.objectContaining({ code: 'DUPLICATE_TIME' });
    expect(() => see({ tie: 'error' }, trade(100))).toThrow(code);
    expect(see({ tie: 'error' }, trade(99)).last).toEqual([0.45, 29000]);
    // Too old to be answered: nobody has to choose.
    expect(see({ tie: 'error', maxAge: S }, trade(200)).last).toEqual([null, null]);
  });
});

describe('what a print has to be besides early', () => {
  it('is available at the moment', () => {
    const prints = [
      print(10, 0.1, 1, { seen: ns(10) }),
      print(20, 0.2, 2, { seen: ns(50) }),
      print(30, 0.3, 4, { seen: ns(31) }),
      print(35, 0.4, 8, { seen: null }),
    ];
    const at = (seconds: number, more: GivenRules = {}) =>
      see({ availability: 'seen', ...more }, trade(seconds), prints);
    expect(at(40)).toMatchObject({ last: [0.3, 10000], flow: [2, 5, 0.1 + 4 * 0.3] });
    expect(at(50).flow[1]).toBe(7);
    expect(at(50, { embargo: 1n }).flow[1]).toBe(5);
    expect(at(40).proof).toMatchObject({ newestEvent: ns(30), newestAvailability: ns(31) });
    const code = expect.objectContaining({ code: 'WRONG_TYPE', column: 'seen' });
    expect(() => see({ availability: 'seen' }, trade(9), [print(1, 1, 1, { seen: 'soon' })])).toThrow(code);
  });

  it('is not the trade itself, in all the columns that are named', () => {
    const prints = [
      print(10, 0.1, 1, { hash: 'a', key: 1 }),
      print(20, 0.2, 2, { hash: 'b', key: 2 }),
      print(30, 0.3, 4, { hash: 'b', key: 3 }),
      print(30, 0.4, 8, { hash: null, key: 2 }),
    ];
    const own = trade(30, { hash: 'b', key: 2n });
    expect(see({ excludeSelf: ['hash'] }, own, prints)).toMatchObject({
      last: [0.4, 0],
      flow: [2, 9, 3.3000000000000003],
    });
    expect(see({ excludeSelf: ['hash', 'key'] }, own, prints).flow[1]).toBe(13);
    expect(see({ excludeSelf: ['hash'] }, trade(30, { hash: null }), prints).flow[1]).toBe(15);
    expect(see({ excludeSelf: ['hash'] }, own, prints).proof).toMatchObject({ ownPrints: 2, ownSeen: 2 });
    expect(see({ excludeSelf: ['hash'], ties: 'exclude' }, own, prints).proof).toMatchObject({
      ownPrints: 2,
      ownSeen: 1,
    });
    const code = expect.objectContaining({ code: 'WRONG_TYPE' });
    expect(() => see({ excludeSelf: ['key'] }, trade(30, { key: '2' }), prints)).toThrow(code);
  });

  it('leaves no trace of an excluded one in the sums', () => {
    const prints = [
      print(1, 1, 1e300, { hash: 'x' }),
      print(2, 1, 0.1, { hash: 'y' }),
      print(3, 1, 0.2, { hash: 'y' }),
    ];
    expect(see({ excludeSelf: ['hash'] }, trade(4, { hash: 'x' }), prints).flow).toEqual([
      2, 0.30000000000000004, 0.30000000000000004,
    ]);
    const missing = [print(1, null, Number.NaN, { hash: 'x' }), print(2, 0.5, 2, { hash: 'y' })];
    expect(see({ excludeSelf: ['hash'] }, trade(4, { hash: 'x' }), missing).flow).toEqual([1, 2, 1]);
  });

  it('is not too old to be the last', () => {
    expect(see({ maxAge: 30n * S }, trade(130)).last).toEqual([0.52, 30000]);
    const old = see({ maxAge: 30n * S - 1n }, trade(130));
    expect(old).toMatchObject({ last: [null, null], returns: [null, null], flow: [2, 12, 6.16] });
    // With an embargo the age is still that at the trade.
    expect(see({ maxAge: 30n * S, embargo: 5n * S }, trade(130)).last).toEqual([0.52, 30000]);
  });
});

describe('ends of windows', () => {
  it.each([
    ['right', 4, 0.52 - 0.45],
    ['left', 3, 0.52 - 0.41],
    ['both', 5, 0.52 - 0.41],
    ['neither', 2, 0.52 - 0.45],
  ] as const)('%s', (closed, count, lag) => {
    // The window begins at the print at 40, the lag of 30 s at the one at 70.
    const seen = see({ closed }, trade(100));
    expect(seen.flow[0]).toBe(count);
    expect(seen.returns[0]).toBe(lag);
    // Where the tick is excluded only the beginning is left to decide about.
    const hidden = see({ closed, ties: 'exclude' }, trade(100));
    expect(hidden.flow[0]).toBe(closed === 'left' || closed === 'both' ? 3 : 2);
  });
});

describe('a look ahead, where it is asked for', () => {
  const at = (seconds: number, direction: 'forward' | 'nearest', more: GivenRules = {}) =>
    see({ direction, allowLookahead: true, ...more }, trade(seconds)).last;
  it('takes the next print, or the nearest', () => {
    expect(at(42, 'forward')).toEqual([0.45, -28000]);
    expect(at(99, 'forward')).toEqual([0.5, -1000]);
    expect(at(99, 'forward', { tie: 'last' })).toEqual([0.52, -1000]);
    expect(at(55, 'nearest')).toEqual([0.41, 14000]);
    expect(at(85, 'nearest')).toEqual([0.45, 15000]);
    expect(at(86, 'nearest')).toEqual([0.5, -14000]);
    expect(at(86, 'nearest', { maxAge: 13n * S })).toEqual([null, null]);
  });

  it('leaves out the tick of the trade on either side when ties are excluded', () => {
    expect(at(70.5, 'forward', { ties: 'exclude' })).toEqual([0.5, -29500]);
    expect(at(70, 'forward')).toEqual([0.45, 0]);
  });
});

describe('the proof', () => {
  it('says what a row was made of', () => {
    expect(see({}, trade(100)).proof).toEqual({
      newestEvent: ns(100),
      newestAvailability: null,
      sameStampPrints: 2,
      ownPrints: null,
      ownSeen: null,
      censored: 0,
    });
    expect(see({ ties: 'exclude' }, trade(100)).proof).toMatchObject({
      newestEvent: ns(70),
      sameStampPrints: 2,
    });
    expect(see({ resolution: 1n }, trade(100.25)).proof).toMatchObject({ sameStampPrints: 0 });
    expect(see({}, trade(100.25)).proof).toMatchObject({
      sameStampPrints: 2,
    });
    expect(see({}, trade(99)).proof).toMatchObject({ censored: 1 });
    expect(see({}, trade(5)).proof).toMatchObject({ newestEvent: null, censored: 1 });
    // The last print is too old and lies in no window: nothing was used.
    expect(see({ maxAge: S }, trade(400)).proof).toMatchObject({ newestEvent: null });
  });
});
