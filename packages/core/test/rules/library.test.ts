/** Rules as options of the functions on tables: what they refuse, tell, and write beside the values. */
import type { Int64, Timestamp, Vector } from 'apache-arrow';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { PolyfeatError } from '../../src/errors.js';
import {
  computeFeatures,
  computeFeaturesAsync,
  prepare,
  prepareAsync,
  type RuleOptions,
  regimes,
} from '../../src/index.js';
import { buys, engines, golden, rowsOf } from '../tables/support.js';

const trades = {
  ts: golden.trades.getChild('ts')!,
  token_id: golden.trades.getChild('token_id')!,
  market_slug: golden.trades.getChild('market_slug')!,
  side: golden.trades.getChild('side')!,
  outcome: golden.trades.getChild('outcome')!,
  size: golden.trades.getChild('size')!,
  transaction_hash: [null, null, null, null] as (string | null)[],
  event_key: ['e1', 'e2', 'e3', 'e4'],
  seq: [1n, 2n, 3n, 4n],
};
const tape = {
  ts: golden.tape.getChild('ts')!,
  token_id: golden.tape.getChild('token_id')!,
  price: golden.tape.getChild('price')!,
  size: golden.tape.getChild('size')!,
  transaction_hash: ['h1', 'h2', 'h3', 'h4', 'h5'],
  event_key: ['x', 'x', 'x', 'x', 'e1'],
  seq: ['a', 'b', 'c', 'd', 'e'],
  captured_at: [40, 41, 70, 100, 500].map((second) => new Date(second * 1000)),
};

function errorOf(work: () => unknown): PolyfeatError {
  try {
    work();
  } catch (error) {
    if (error instanceof PolyfeatError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe.each(engines)('rules by the engine %s', (engine) => {
  it.each<[RuleOptions, string, string | undefined, string]>([
    [
      { availability: 'nowhere' },
      'MISSING_COLUMN',
      'nowhere',
      'which availability names; name another or switch',
    ],
    [{ availability: 'price' }, 'WRONG_TYPE', 'price', 'expected a timestamp'],
    [{ excludeSelf: ['nowhere'] }, 'MISSING_COLUMN', 'nowhere', 'which excludeSelf names'],
    [{ excludeSelf: ['seq'] }, 'WRONG_TYPE', 'seq', 'seq'],
    [{ sequence: { trades: 'seq', tape: 'seq' } }, 'WRONG_TYPE', 'seq', 'seq'],
    [{ sequence: { trades: 'seq', tape: 'size' } }, 'WRONG_TYPE', 'size', 'integers'],
    [{ direction: 'forward' }, 'INVALID_OPTION', undefined, 'say allowLookahead'],
    [{ ties: 'sequence' }, 'INVALID_OPTION', undefined, 'needs the sequence columns'],
    [{ ties: 'exclude', sequence: { trades: 'seq', tape: 'seq' } }, 'INVALID_OPTION', undefined, 'sequence'],
    [{ resolution: '0s' }, 'INVALID_OPTION', undefined, 'zero'],
    [{ preset: 'strikt' as 'strict' }, 'INVALID_OPTION', undefined, 'did you mean strict?'],
    [{ tie: 'error' }, 'DUPLICATE_TIME', 'ts', 'say tie: last or first'],
  ])('%o is refused', (rules, code, column, message) => {
    const error = errorOf(() => computeFeatures(trades, tape, { engine, ...rules }));
    expect([error.code, error.column]).toEqual([code, column]);
    expect(error.message).toContain(code === 'DUPLICATE_TIME' ? 'last or first' : message);
  });

  it('that cannot go with the sums of the notebook are refused', () => {
    for (const rules of [
      { availability: 'captured_at' },
      { excludeSelf: ['event_key'] },
      { regime: 'trailing' },
    ] as const) {
      const error = errorOf(() => computeFeatures(trades, tape, { engine, sum: 'notebook', ...rules }));
      expect(error.code).toBe('INVALID_OPTION');
      expect(error.message).toContain('use sum "exact"');
    }
  });

  it('find the column that tells own prints, and tell where there is none', () => {
    const said: string[] = [];
    const onWarning = ({ code }: { code: string }) => said.push(code);
    const strict = { engine, preset: 'strict', ties: 'include', proof: true, onWarning } as const;
    // No trade has a transaction_hash: event_key it is, by which the last print is the first trade's own.
    const [row] = rowsOf(computeFeatures(trades, tape, strict));
    expect(row).toMatchObject({ mt_last_price: 0.5, proof_own_prints: 1n, proof_own_prints_seen: 1n });
    expect(said).toEqual(['lookahead']);
    const { event_key: _, ...nameless } = trades;
    const [other] = rowsOf(computeFeatures(nameless, tape, strict));
    expect(other).toMatchObject({ mt_last_price: 0.52, proof_own_prints: null });
    expect(said).toEqual(['lookahead', 'no_self_column', 'lookahead']);
  });

  it('name no columns where there is no tape', () => {
    const features = computeFeatures(trades, null, { engine, preset: 'live', proof: true });
    expect(features.schema.names.filter((name) => /^(mt|proof)_/.test(String(name)))).toEqual([]);
  });

  it('mark each made field by what it looks ahead at', () => {
    const ahead = (rules: RuleOptions) => {
      const { fields } = computeFeatures(trades, tape, { engine, ...rules }).schema;
      const of = (name: string) =>
        fields.find((field) => field.name === name)?.metadata.get('polyfeat:lookahead');
      return ['mt_last_price', 'mt_return_30s', 'mt_volume_60s', 'bucket', 'regime', 'size'].map(of);
    };
    expect(ahead({})).toEqual(['ties', 'ties', 'ties,unknown-token', 'none', 'bucket', undefined]);
    expect(ahead({ preset: 'strict' })).toEqual(['none', 'none', 'none', 'none', 'none', undefined]);
    expect(ahead({ preset: 'strict', direction: 'nearest', allowLookahead: true })[0]).toBe('nearest');
    const set = regimes(buys, { engine, regime: 'trailing' }).schema.fields.at(-1);
    expect(set?.metadata.get('polyfeat:lookahead')).toBe('none');
  });

  it('are those of the prepared tape, with those of a question in their place', async () => {
    const rules = { preset: 'live', excludeSelf: ['event_key'], proof: true } as const;
    const expected = rowsOf(computeFeatures(trades, tape, { engine, ...rules }));
    using handle = prepare(tape, { engine, ...rules });
    expect(rowsOf(handle.computeFeatures(trades))).toEqual(expected);
    using other = await prepareAsync(tape, { engine, ...rules });
    expect(rowsOf(await other.computeFeaturesAsync(trades))).toEqual(expected);
    expect(rowsOf(await computeFeaturesAsync(trades, tape, { engine, ...rules }))).toEqual(expected);
    const single = { ties: 'include', availability: 'none' } as const;
    expect(rowsOf(handle.computeFeatures(trades, single))).toEqual(
      rowsOf(computeFeatures(trades, tape, { engine, ...rules, ...single })),
    );
  });

  it('that name columns have to be given to prepare', () => {
    using plain = prepare(tape, { engine });
    for (const rules of [
      { availability: 'captured_at' },
      { excludeSelf: ['event_key'] },
      { excludeSelf: 'auto' },
      { sequence: { trades: 'event_key', tape: 'event_key' } },
    ] as const) {
      const error = errorOf(() => plain.computeFeatures(trades, rules));
      expect(error.code).toBe('INVALID_OPTION');
      expect(error.message).toContain('give that rule to prepare');
    }
    expect(rowsOf(plain.computeFeatures(trades, { ties: 'exclude' }))[0]).toMatchObject({
      mt_last_price: 0.45,
    });
  });
});

it('the type of a result has the columns of a proof that is asked for', () => {
  const at = { ts: BigInt64Array.of(1n), token_id: ['A'], size: [1] };
  const [mine, theirs] = [
    { ...at, market_slug: ['m'], side: ['BUY'], outcome: ['Up'] },
    { ...at, price: [1] },
  ];
  const proven = computeFeatures(mine, theirs, { tsUnit: 's', engine: 'ts', proof: true });
  expectTypeOf(proven.getChild('proof_own_prints')).toEqualTypeOf<Vector<Int64> | null>();
  expectTypeOf(proven.getChild('proof_newest_event')).toEqualTypeOf<Vector<Timestamp> | null>();
  const plain = computeFeatures(mine, theirs, { tsUnit: 's', engine: 'ts' });
  // @ts-expect-error it was not asked for
  expect(plain.getChild('proof_own_prints')).toBeNull();
});
