/** With `strict` nothing depends on anything after the trade, through the library. Spec section 6. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationLabel } from '../../src/duration.js';
import { computeFeatures, type FeatureOptions } from '../../src/index.js';
import { fromEnvironment } from '../support/random.js';
import { engines } from '../tables/support.js';
import { type Case, cases, lengthsOf } from './cases.js';
import { labels, ofTable, tablesOf } from './tables.js';

const seed = fromEnvironment('POLYFEAT_SEED', 1);
const numRuns = fromEnvironment('POLYFEAT_ROUNDS', 30) * 10;
const STEP = 5e8;

/** What a preset infers from the files is settled once, from all of them. */
const STRICT: [string, FeatureOptions][] = [
  ['strict', { preset: 'strict', resolution: '1s', excludeSelf: ['hash'] }],
  ['live', { preset: 'live', resolution: '500ms', excludeSelf: ['hash', 'key'] }],
  [
    'strict, trailing sets, an embargo',
    { preset: 'strict', resolution: '2s', excludeSelf: ['key'], regime: 'trailing', embargo: '700ms' },
  ],
  [
    'strict, sets of the bucket before',
    { preset: 'strict', resolution: '1s', excludeSelf: 'none', regime: 'prev-bucket', unknownToken: 'zero' },
  ],
];

function rowsOf(one: Case, options: FeatureOptions): object[] {
  const { trades, tape } = tablesOf(one);
  const asked = { ...options, ...lengthsOf(one.options), proof: true };
  const rows = ofTable(computeFeatures(trades, tape, asked), labels(one.options, durationLabel));
  // The proof is about what a row must not see.
  return rows.map(({ proof: _, ...row }: { proof?: unknown }) => row);
}

/** The case as far as it had happened by a cut; without a print there are no columns of the tape, so one stays. */
function upTo({ trades, prints, ...others }: Case, cut: number): Case {
  const before = prints.filter(({ s }) => s === null || s <= cut);
  return {
    ...others,
    trades: trades.filter(({ t }) => t === null || t <= cut),
    prints: before.length > 0 ? before : [{ ...prints[0]!, s: null }],
  };
}

const cut = fc.integer({ min: -3, max: 24 }).map((n) => n * STEP);

/** A case and a cut for which the rows up to the cut are others without what came after. */
function leak(engine: 'ts' | 'native', options: FeatureOptions) {
  return fc.property(cases(STEP), cut, (one, end) => {
    const full = rowsOf(one, { ...options, engine }).filter((_, row) => {
      const { t } = one.trades[row]!;
      return t === null || t <= end;
    });
    const part = upTo(one, end);
    expect(part.trades.length === 0 ? [] : rowsOf(part, { ...options, engine })).toEqual(full);
  });
}

const buy = { token: 'A', market: 'm', side: 'BUY', size: 1, seq: null, hash: null, key: null };

/** Up, and Down later in the same bucket; the cut is between them. */
const LATER_BUY: [Case, number] = [
  {
    trades: [
      { ...buy, t: 0, outcome: 'Up' },
      { ...buy, t: STEP, outcome: 'Down' },
    ],
    prints: [{ s: 0, token: 'A', p: 1, q: 1, seq: null, seen: null, hash: null, key: null }],
    options: {
      ...{
        ties: 'include',
        resolution: 'auto',
        availability: false,
        embargo: 0,
        self: [],
        maxAge: null,
        tie: null,
      },
      ...{ direction: 'backward', closed: null, unknown: 'null', regime: 'bucket', lags: [], windows: [] },
      bucket: 20 * STEP,
    },
    layout: { trades: 'ms', tape: 'ms', seen: 'us', seq: 'i32', hash: 'utf8', chunks: 1 },
  },
  0,
];

describe.each(engines)('the features of the rows up to a cut, by the engine %s', (engine) => {
  it.each(STRICT)('are the same without what came after: %s', (_, options) => {
    fc.assert(leak(engine, options), { numRuns, seed });
  });

  it.each([
    ['the notebook', {}],
    ['ties', { ...STRICT[0]![1], ties: 'include' }],
    ['the regime', { ...STRICT[0]![1], regime: 'bucket' }],
    ['unknown tokens', { ...STRICT[0]![1], unknownToken: 'null' }],
    ['direction', { ...STRICT[0]![1], direction: 'nearest', allowLookahead: true }],
  ] as [string, FeatureOptions][])('differ where they look ahead: %s', (name, options) => {
    // Prints of the own stamp are no later than the cut.
    const { failed } = fc.check(leak(engine, options), { numRuns: 200, seed, examples: [LATER_BUY] });
    expect(failed).toBe(name !== 'ties');
  });
});
