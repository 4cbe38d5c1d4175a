import { describe, expect, it } from 'vitest';
import { autoResolution, type GivenRules, type PresetName, resolveRules } from './presets.js';
import type { Columns, Print, Trade } from './rows.js';
import { checkSum, NOTEBOOK_RULES } from './rules.js';

const S = 1_000_000_000n;
const trade = (ts: bigint | null, columns?: Columns): Trade => ({
  ts,
  tokenId: 'A',
  marketSlug: 'm',
  side: 'BUY',
  outcome: 'Up',
  size: 1,
  ...(columns && { columns }),
});
const print = (ts: bigint | null, columns?: Columns): Print => ({
  ts,
  tokenId: 'A',
  price: 0.5,
  size: 1,
  ...(columns && { columns }),
});
const TRADES = [trade(5n * S, { transaction_hash: 'x', event_key: 'e', seq: 1n })];
const PRINTS = [print(4n * S, { transaction_hash: 'x', event_key: 'e', captured_at: 9n * S, idx: 1n })];
const resolve = (preset: PresetName, given: GivenRules = {}, trades = TRADES, prints = PRINTS) =>
  resolveRules(preset, given, trades, prints);
const code = (name: string, column?: string) =>
  expect.objectContaining({ code: name, ...(column && { column }) });

const STRICT = {
  ...NOTEBOOK_RULES,
  ties: 'exclude',
  resolution: S,
  excludeSelf: ['transaction_hash'],
  closed: 'left',
  unknownToken: 'causal',
  regime: 'bucket-asof',
};

describe('presets', () => {
  it('resolve to plain data', () => {
    expect(resolve('notebook')).toEqual({ rules: { ...NOTEBOOK_RULES, resolution: S }, warnings: [] });
    expect(resolve('strict')).toEqual({ rules: STRICT, warnings: [] });
    expect(resolve('live')).toEqual({ rules: { ...STRICT, availability: 'captured_at' }, warnings: [] });
  });

  it('yield to single rules, and none switches off', () => {
    const { rules, warnings } = resolve('live', {
      availability: 'none',
      excludeSelf: 'none',
      embargo: 2n,
      maxAge: 7n,
      closed: 'both',
      regime: 'trailing',
      unknownToken: 'zero',
      resolution: 3n,
      tie: 'first',
    });
    expect(rules).toEqual({
      ...STRICT,
      resolution: 3n,
      excludeSelf: [],
      embargo: 2n,
      maxAge: 7n,
      closed: 'both',
      regime: 'trailing',
      unknownToken: 'zero',
      tie: 'first',
    });
    expect(warnings).toEqual([]);
    expect(resolve('strict', { embargo: 'none', maxAge: 'none' }).rules).toEqual(STRICT);
  });

  it('warn when a single rule brings lookahead back', () => {
    const given = {
      ties: 'include',
      regime: 'bucket',
      unknownToken: 'null',
      direction: 'nearest',
      allowLookahead: true,
    } as const;
    const { rules, warnings } = resolve('strict', given);
    expect(rules.closed).toBe('right');
    expect(warnings.map((warning) => warning.code)).toEqual(Array(4).fill('lookahead'));
    expect(resolve('notebook', given).warnings).toEqual([]);
  });

  it('find the column that tells own prints by its values in both files', () => {
    const hashless = [print(1n, { transaction_hash: null, event_key: 'e' })];
    expect(resolve('strict', {}, TRADES, hashless).rules.excludeSelf).toEqual(['event_key']);
    const { rules, warnings } = resolve('strict', {}, [trade(1n)], PRINTS);
    expect(rules.excludeSelf).toEqual([]);
    expect(warnings.map((warning) => warning.code)).toEqual(['no_self_column']);
  });

  it('refuse columns that the files lack', () => {
    const bare = [print(1n, { transaction_hash: 'x' })];
    expect(() => resolve('live', {}, TRADES, bare)).toThrow(code('MISSING_COLUMN', 'captured_at'));
    expect(() => resolve('notebook', { excludeSelf: ['hash'] })).toThrow(code('MISSING_COLUMN', 'hash'));
    expect(() => resolve('notebook', { sequence: { trades: 'idx', tape: 'idx' } })).toThrow(
      code('MISSING_COLUMN', 'idx'),
    );
    const unrecorded = [print(1n, { transaction_hash: 'x', captured_at: null })];
    expect(resolve('live', {}, TRADES, unrecorded).rules.availability).toBe('captured_at');
  });

  it('take a sequence for a word on ties', () => {
    const sequence = { trades: 'seq', tape: 'idx' };
    expect(resolve('notebook', { sequence }).rules.ties).toBe('sequence');
    expect(resolve('strict', { sequence }).rules).toMatchObject({ ties: 'sequence', closed: 'right' });
    expect(() => resolve('notebook', { sequence, ties: 'exclude' })).toThrow(code('INVALID_OPTION'));
  });

  it.each<[string, GivenRules]>([
    ['a sequence without columns', { ties: 'sequence' }],
    ['a direction that looks ahead without a word', { direction: 'forward' }],
    ['a negative embargo', { embargo: -1n }],
    ['a negative age', { maxAge: -1n }],
    ['no resolution', { resolution: 0n }],
  ])('refuse %s', (_, given) => {
    expect(() => resolve('notebook', given)).toThrow(code('INVALID_OPTION'));
  });

  it('refuse the sums of the notebook where only parts of a run are seen', () => {
    const refused: GivenRules[] = [
      { availability: 'captured_at' },
      { excludeSelf: ['event_key'] },
      { sequence: { trades: 'seq', tape: 'idx' } },
      { regime: 'trailing' },
      { regime: 'bucket-asof' },
    ];
    for (const given of refused) {
      const { rules } = resolve('notebook', given);
      expect(() => checkSum(rules, 'notebook')).toThrow(code('INVALID_OPTION'));
      checkSum(rules, 'exact');
    }
    checkSum(resolve('notebook', { ties: 'exclude', embargo: 1n, regime: 'prev-bucket' }).rules, 'notebook');
  });
});

describe('the resolution of two files', () => {
  it.each([
    ['the coarser one', [5n * S], [5n * S + 1_000_000n], S],
    ['the coarser one, whichever it is', [1_500n], [7n * S, 500_000_000n, -250_000_000n], 1_000_000n],
    ['of all stamps', [S, 2n * S, 2n * S + 1n], [1_001n], 1n],
    ['of the file that has stamps', [null], [3_000n], 1_000n],
    ['of no stamps at all', [], [null], 1n],
  ] as const)('is %s', (_, trades, prints, expected) => {
    expect(
      autoResolution(
        trades.map((ts) => ({ ts })),
        prints.map((ts) => ({ ts })),
      ),
    ).toBe(expected);
  });
});
