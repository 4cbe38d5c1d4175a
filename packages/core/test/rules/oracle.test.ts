/**
 * Every combination of rules: the functions on tables by both engines, a prepared tape, and the definition, against the
 * brute force. Longer, or from another seed: `POLYFEAT_ROUNDS=500 POLYFEAT_SEED=7 npx vitest run packages/core/test/rules`.
 */
import { DefinitionError, computeFeatures as define, resolveRules } from '@polyfeat/reference';
import { bruteForce, DUPLICATE, type Options } from '@polyfeat/reference/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationLabel } from '../../src/duration.js';
import { PolyfeatError } from '../../src/errors.js';
import { computeFeatures, prepare } from '../../src/index.js';
import { fromEnvironment } from '../support/random.js';
import { engines } from '../tables/support.js';
import { type Case, cases, lengthsOf, libraryOptions } from './cases.js';
import { definitionRows, labels, ofDefinition, ofTable, tablesOf } from './tables.js';

const seed = fromEnvironment('POLYFEAT_SEED', 1);
const numRuns = fromEnvironment('POLYFEAT_ROUNDS', 30) * 10;
const units: [string, number][] = [
  ['nanoseconds', 1],
  ['milliseconds', 1e6],
  ['half seconds', 5e8],
  ['seconds', 1e9],
];

/** Rows, or the code of the error in their place. */
function outcome(work: () => object[]): object[] | string {
  try {
    return work();
  } catch (error) {
    if (error instanceof PolyfeatError || error instanceof DefinitionError) return error.code;
    throw error;
  }
}

function byBruteForce({ trades, prints, options }: Case): object[] | string {
  const rows = bruteForce(trades, prints, options);
  return rows === DUPLICATE
    ? DUPLICATE
    : (rows as object[]).map(({ known: _, ...row }: { known?: unknown }) => row);
}

function byDefinition(one: Case, sum: 'exact' | 'notebook' = 'exact'): object[] | string {
  const { trades, prints } = definitionRows(one);
  const { returns, windows, bucket } = lengthsOf(one.options);
  const { proof, preset: _, ...given } = { preset: 'notebook', ...libraryOptions(one.options) };
  const nanos = (value: unknown) =>
    typeof value === 'object' && value !== null && 'nanos' in value ? value.nanos : value;
  const asked = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, nanos(value)]));
  return outcome(() => {
    const { rules } = resolveRules('notebook', asked, trades, prints);
    const lengths = {
      returns: returns.map((r) => r.nanos),
      windows: windows.map((w) => w.nanos),
      bucket: bucket.nanos,
    };
    return ofDefinition(define(trades, prints, { ...lengths, sum, rules, proof }));
  });
}

/** What an engine says of a case, by rules that may be other ones. */
function byEngine(
  engine: 'ts' | 'native',
  one: Case,
  rules: Options = one.options,
  { prepared = false, sum = 'exact' as 'exact' | 'notebook' } = {},
): object[] | string {
  const { trades, tape } = tablesOf(one);
  const [options, lengths] = [libraryOptions(rules), lengthsOf(one.options)];
  const names = labels(one.options, durationLabel);
  return outcome(() => {
    if (!prepared)
      return ofTable(computeFeatures(trades, tape, { ...options, ...lengths, sum, engine }), names);
    const handle = prepare(tape, { ...options, engine });
    return ofTable(handle.computeFeatures(trades, { ...lengths, sum }), names);
  });
}

describe.each(units)('rules over stamps in %s', (_, step) => {
  it('are the brute force, for the definition', () => {
    fc.assert(
      fc.property(cases(step), (one) => {
        expect(byDefinition(one)).toEqual(byBruteForce(one));
      }),
      { numRuns, seed },
    );
  });

  it.each(engines)(
    'are the brute force, for the engine %s, for one call and for a prepared tape',
    (engine) => {
      fc.assert(
        fc.property(cases(step), (one) => {
          const expected = byBruteForce(one);
          expect(byEngine(engine, one)).toEqual(expected);
          expect(byEngine(engine, one, one.options, { prepared: true })).toEqual(expected);
        }),
        { numRuns, seed },
      );
    },
  );

  it.each(engines)(
    'are the definition for numbers of any magnitude, and sums of both kinds, for the engine %s',
    (engine) => {
      fc.assert(
        fc.property(cases(step, true), fc.constantFrom('exact', 'notebook'), (one, sum) => {
          expect(byEngine(engine, one, one.options, { sum })).toEqual(byDefinition(one, sum));
        }),
        { numRuns, seed },
      );
    },
  );
});

const NOTHING = { self: [], maxAge: null, tie: null, closed: null } as const;
const disobeyed: [string, (o: Options) => Options][] = [
  ['ties', (o) => ({ ...o, ties: o.ties === 'include' ? 'exclude' : 'include' })],
  ['resolution', (o) => ({ ...o, resolution: 1 })],
  ['availability', (o) => ({ ...o, availability: false })],
  ['embargo', (o) => ({ ...o, embargo: 0 })],
  ['excludeSelf', (o) => ({ ...o, self: NOTHING.self })],
  ['maxAge', (o) => ({ ...o, maxAge: NOTHING.maxAge })],
  ['tie', (o) => ({ ...o, tie: NOTHING.tie })],
  ['direction', (o) => ({ ...o, direction: 'backward' })],
  ['closed', (o) => ({ ...o, closed: NOTHING.closed })],
  ['unknownToken', (o) => ({ ...o, unknown: 'zero' })],
  ['regime', (o) => ({ ...o, regime: 'bucket' })],
];

describe.each(engines)('the comparison notices when the engine %s does not obey', (engine) => {
  it.each(disobeyed)('%s', (_, without) => {
    const found = fc
      .sample(cases(5e8), { numRuns: 300, seed })
      .some((one) => !equal(byEngine(engine, one, without(one.options)), byBruteForce(one)));
    expect(found).toBe(true);
  });
});

function equal(a: unknown, b: unknown): boolean {
  try {
    expect(a).toEqual(b);
    return true;
  } catch {
    return false;
  }
}
