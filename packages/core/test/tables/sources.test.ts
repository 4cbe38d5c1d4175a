/** A real table by every way that tables come: its features are those of the table as it was read, bit for bit. */
import { readFile } from 'node:fs/promises';
import { readParquet, writeParquet } from '@polyfeat/parquet';
import * as installed from 'apache-arrow';
import { type Table, tableFromIPC, tableToIPC } from 'apache-arrow';
import * as newest from 'apache-arrow/Arrow.node';
import * as oldest from 'apache-arrow-15';
import fc from 'fast-check';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { beforeAll, describe, expect, it } from 'vitest';
import { asofJoin, computeFeatures, windowFlow } from '../../src/index.js';
import { valuesOf } from './model.js';
import { engines } from './support.js';

const TRADES = ['ts', 'token_id', 'market_slug', 'side', 'outcome', 'size'] as const;
const PRINTS = ['ts', 'token_id', 'price', 'size'] as const;
const ROWS = 700;

const file = (name: string) =>
  readFile(
    new URL(
      `../../../../test-data/snapshots/r61276aba-20260227T092000+0000/${name}.parquet`,
      import.meta.url,
    ),
  );
const bytes = { trades: await file('trades'), tape: await file('market_trades') };

let trades: Table;
let tape: Table;

/** As many rows, in memory of their own, as one batch. */
const plain = (table: Table) => tableFromIPC(tableToIPC(table.slice(0, ROWS), 'stream')) as Table;

beforeAll(async () => {
  trades = plain(await readParquet(bytes.trades, { columns: [...TRADES] }));
  tape = plain(await readParquet(bytes.tape, { columns: [...PRINTS] }));
});

type Way = (table: Table, columns: readonly string[], of: 'trades' | 'tape') => unknown;

/** A table that begins and ends with rows of others, without these. */
const sliced: Way = (table) => table.concat(table, table).slice(ROWS, 2 * ROWS);

/** A table in batches of these lengths, each of which was read alone: with a dictionary of its own, or of none. */
function cut(table: Table, lengths: readonly number[]): Table {
  let at = 0;
  const parts = [...lengths, ROWS].map((length) => {
    const part = table.slice(at, Math.min(at + length, ROWS));
    at = Math.min(at + length, ROWS);
    return tableFromIPC(tableToIPC(part, 'stream')) as Table;
  });
  return parts[0]!.concat(...parts.slice(1));
}

const ways: Readonly<Record<string, Way>> = {
  'a slice': sliced,
  'a slice of a slice': (table, ...more) => sliced(sliced(table, ...more) as Table, ...more),
  'one row a batch, at first': (table) => cut(table, [1, 1, 1, 0, 2]),
  'a stream by the newest copy': (table) => newest.tableFromIPC(tableToIPC(table, 'stream')),
  'a file by the newest copy': (table) => newest.tableFromIPC(tableToIPC(table, 'file')),
  'a stream by the oldest copy': (table) => oldest.tableFromIPC(tableToIPC(table, 'stream')),
  'a slice by the oldest copy': (table) => {
    const read = oldest.tableFromIPC(tableToIPC(table, 'file'));
    return read.concat(read).slice(ROWS);
  },
  'Parquet by parquet-wasm': async (table) => readParquet(await writeParquet(table)),
  'vectors by name': (table, columns) =>
    Object.fromEntries(columns.map((name) => [name, table.getChild(name)])),
  'arrays of values, by hyparquet': async (_, columns, of) => {
    const read = new Uint8Array(bytes[of]).buffer;
    const rows = await parquetReadObjects({ file: read, compressors, columns: [...columns], rowEnd: ROWS });
    return Object.fromEntries(columns.map((name) => [name, rows.map((row) => row[name])]));
  },
};

const NAMES = [
  'mt_last_price',
  'mt_last_ts',
  'mt_return_30s',
  'mt_volume_60s',
  'bucket',
  'complete_set_shares',
];

describe.each(engines)('by %s', (engine) => {
  /** What the three functions make of two tables. */
  function results(left: unknown, right: unknown) {
    const [l, r] = [left as Table, right as Table];
    const features = computeFeatures(l, r, { engine });
    const joined = asofJoin(l, r, { engine, by: ['token_id'], columns: ['price'] as never });
    const flow = windowFlow(l, r, {
      engine,
      by: ['token_id'],
      windows: ['60s'],
      sums: { v: 'size' } as never,
    });
    return [
      ...NAMES.map((name) => valuesOf(features, name)),
      valuesOf(features, 'regime').map(String),
      valuesOf(joined, 'price'),
      valuesOf(flow, 'v_60s'),
    ];
  }

  it.each(Object.entries(ways))('%s', async (_, way) => {
    const expected = results(trades, tape);
    expect(expected[0]!.some((value) => value !== null)).toBe(true);
    const [left, right] = [await way(trades, TRADES, 'trades'), await way(tape, PRINTS, 'tape')];
    expect(results(left, right)).toEqual(expected);
    expect(results(trades, right)).toEqual(expected);
    expect(results(left, tape)).toEqual(expected);
  });

  it('batches of any lengths', () => {
    const expected = results(trades, tape);
    const lengths = fc.array(fc.nat(300), { maxLength: 5 });
    fc.assert(
      fc.property(lengths, lengths, (left, right) => {
        expect(results(cut(trades, left), cut(tape, right))).toEqual(expected);
      }),
      { numRuns: 8, seed: 20_260_227 },
    );
  });
});

it('the copies are three', () => {
  expect(installed.Table === (newest.Table as unknown) || installed.Table === (oldest.Table as unknown)).toBe(
    true,
  );
});
