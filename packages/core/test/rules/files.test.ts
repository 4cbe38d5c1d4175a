/** Rules over files: both engines against the brute force, what they write beside the values, and what they refuse. */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openParquet } from '@polyfeat/parquet';
import { bruteForce, DUPLICATE } from '@polyfeat/reference/testing';
import { Table, type Vector } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildSnapshot } from '../../src/build-snapshot.js';
import { durationLabel } from '../../src/duration.js';
import { PolyfeatError } from '../../src/errors.js';
import type { RuleOptions } from '../../src/rules.js';
import { readRules } from '../../src/rules.js';
import { disagreements } from '../support/agree.js';
import { engines, native } from '../support/engines.js';
import { fromEnvironment } from '../support/random.js';
import {
  goldenTape,
  goldenTrades,
  numbers,
  request,
  scratch,
  texts,
  writeSnapshot,
} from '../support/snapshot.js';
import { type Case, cases, lengthsOf, libraryOptions } from './cases.js';
import { labels, ofTable, tablesOf } from './tables.js';

const folder = await scratch();
const seed = fromEnvironment('POLYFEAT_SEED', 1);
const numRuns = fromEnvironment('POLYFEAT_ROUNDS', 30) * 2;

const columnsOf = (table: Table): Record<string, Vector> =>
  Object.fromEntries(table.schema.fields.map(({ name }) => [name, table.getChild(name)!]));

let written = 0;

async function snapshotOf(one: Case): Promise<string> {
  const { trades, tape } = tablesOf({
    ...one,
    layout: { ...one.layout, trades: stored(one.layout.trades), tape: stored(one.layout.tape) },
  });
  const directory = join(folder, `case-${written++}`);
  await mkdir(directory);
  return writeSnapshot(directory, { trades: columnsOf(trades), market_trades: columnsOf(tape) });
}

/** Parquet knows no seconds. */
const stored = (unit: Case['layout']['trades']) => (unit === 's' ? 'ms' : unit);

async function tableOf(file: string): Promise<Table> {
  const reader = await openParquet(await readFile(file));
  const columns: Record<string, Vector> = {};
  for (const { name } of reader.info.schema.fields) columns[name] = await reader.readColumn(name);
  reader.close();
  return new Table(columns);
}

describe.each(engines)('a build with rules by the engine $name', (engine) => {
  it.each([
    ['half seconds', 5e8],
    ['nanoseconds', 1],
  ])('is the brute force, stamps in %s', async (_, step) => {
    await fc.assert(
      fc.asyncProperty(cases(step), async (one) => {
        const snapshot = await snapshotOf(one);
        const expected = bruteForce(one.trades, one.prints, one.options);
        const out = join(snapshot, 'features.parquet');
        const built = await buildSnapshot(snapshot, {
          ...lengthsOf(one.options),
          order: 'input',
          rules: libraryOptions(one.options),
          engine,
          out,
        }).catch((error: unknown) => (error instanceof PolyfeatError ? error.code : Promise.reject(error)));
        const rows =
          typeof built === 'string' ? built : ofTable(await tableOf(out), labels(one.options, durationLabel));
        const wanted =
          expected === DUPLICATE
            ? DUPLICATE
            : (expected as { known?: unknown }[]).map(({ known: __, ...row }) => row);
        await rm(snapshot, { recursive: true });
        expect(rows).toEqual(wanted);
      }),
      { numRuns, seed },
    );
  });

  it('says in its metadata how it was made, and of each column whether it looks ahead', async () => {
    const snapshot = await golden('metadata');
    const out = join(snapshot, `${engine.name}.parquet`);
    await buildSnapshot(snapshot, {
      rules: { preset: 'strict', embargo: '250ms', regime: 'bucket', proof: true },
      engine,
      out,
    });
    const { info } = await openParquet(await readFile(out));
    const rules = JSON.parse(info.schema.metadata.get('polyfeat.rules') ?? '');
    expect(rules).toEqual({
      ...{
        preset: 'strict',
        ties: 'exclude',
        sequence: null,
        resolution: '1s',
        availability: null,
        embargo: '250ms',
      },
      ...{
        excludeSelf: ['transaction_hash'],
        maxAge: null,
        tie: null,
        direction: 'backward',
        closed: 'left',
      },
      ...{ unknownToken: 'causal', regime: 'bucket', proof: true },
    });
    const ahead = Object.fromEntries(
      info.schema.fields.map(({ name, metadata }) => [name, metadata.get('polyfeat:lookahead')]),
    );
    expect(ahead).toMatchObject({
      ...{ mt_last_price: 'none', mt_return_30s: 'none', mt_volume_60s: 'none', bucket: 'none' },
      ...{ complete_set_flag: 'bucket', regime: 'bucket', proof_own_prints: 'proof', size: undefined },
    });
  });

  it.each<[RuleOptions, string, string | undefined]>([
    [{ availability: 'nowhere' }, 'MISSING_COLUMN', 'nowhere'],
    [{ availability: 'price' }, 'WRONG_TYPE', 'price'],
    [{ excludeSelf: ['seq'] }, 'WRONG_TYPE', 'seq'],
    [{ excludeSelf: ['size'] }, 'WRONG_TYPE', 'size'],
    [{ sequence: { trades: 'event_key', tape: 'nowhere' } }, 'MISSING_COLUMN', 'nowhere'],
    [{ direction: 'forward' }, 'INVALID_OPTION', undefined],
    [{ ties: 'sequence' }, 'INVALID_OPTION', undefined],
    [{ preset: 'live' }, 'MISSING_COLUMN', 'captured_at'],
  ])('refuses %o', async (rules, code, column) => {
    const snapshot = await golden('refused');
    const failure = await buildSnapshot(snapshot, { rules, engine }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code, ...(column !== undefined && { column }) });
  });

  it('warns of what looks ahead beside a preset, and of own prints that no column tells', async () => {
    const snapshot = await writeSnapshot(join(folder, `warned-${engine.name}`), {
      trades: goldenTrades(),
      market_trades: goldenTape(),
    });
    const { warnings } = await buildSnapshot(snapshot, {
      rules: { preset: 'strict', ties: 'include' },
      engine,
    });
    expect(warnings.map(({ code }) => code).sort()).toEqual(['lookahead', 'no_self_column']);
  });
});

/** The golden tables with further columns. */
async function golden(name: string): Promise<string> {
  const hashes = (count: number) => texts(Array.from({ length: count }, (_, i) => `x${i}`));
  return writeSnapshot(join(folder, name), {
    trades: { ...goldenTrades(), transaction_hash: hashes(4), seq: numbers([1, 2, 3, 4]) },
    market_trades: { ...goldenTape(), transaction_hash: hashes(5), seq: texts(['a', 'b', 'c', 'd', 'e']) },
  });
}

it.skipIf(native === null)('the metadata of both engines is the same', async () => {
  const snapshot = await golden('same');
  const entries = [];
  for (const engine of engines) {
    const out = join(snapshot, `${engine.name}.parquet`);
    await buildSnapshot(snapshot, { rules: { preset: 'strict', maxAge: '5m', proof: true }, engine, out });
    const { info } = await openParquet(await readFile(out));
    entries.push({
      file: Object.fromEntries([...info.schema.metadata].filter(([key]) => key.startsWith('polyfeat.'))),
      fields: info.schema.fields.map(({ name, metadata }) => [name, Object.fromEntries(metadata)]),
    });
  }
  expect(entries[0]).toEqual(entries[1]);
  expect(
    await disagreements(request(snapshot, { rules: readRules('rules', { preset: 'strict' }) }), snapshot),
  ).toEqual([]);
});
