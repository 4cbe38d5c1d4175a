/**
 * Tables of other copies and versions of apache-arrow than the installed one. This file runs twice: with the newest
 * version as the installed one, and with the oldest that is supported.
 */
import * as installed from 'apache-arrow';
import * as newest from 'apache-arrow/Arrow.node';
import * as oldest from 'apache-arrow-15';
import { describe, expect, it } from 'vitest';
import { asofJoin, computeFeatures, prepare } from '../../src/index.js';
import { engines, golden, rowsOf } from './support.js';

/** The golden tables as another copy reads them from the bytes of a stream. */
function readBy({ tableFromIPC }: typeof newest, table: unknown): newest.Table {
  return tableFromIPC(installed.tableToIPC(table as installed.Table, 'stream')) as newest.Table;
}

const copies = { oldest: oldest as unknown as typeof newest, newest };

describe.each(engines)('by %s', (engine) => {
  it.each(Object.keys(copies) as (keyof typeof copies)[])('tables of the %s copy', (name) => {
    const copy = copies[name];
    const [trades, tape] = [readBy(copy, golden.trades), readBy(copy, golden.tape)];
    const expected = rowsOf(computeFeatures(golden.trades, golden.tape, { engine }));
    const result = computeFeatures(trades, tape, { engine });
    expect(result).toBeInstanceOf(installed.Table);
    expect(rowsOf(result)).toEqual(expected);
    using handle = prepare(tape, { engine });
    const prepared = handle.computeFeatures(trades, { order: 'token' });
    expect(prepared.getChild('mt_last_price')?.toJSON()).toEqual([null, 0.52, 0.52, null]);
    const joined = asofJoin(trades, tape, { engine, by: ['token_id'], columns: ['price', 'token_id'] });
    expect(rowsOf(joined).map((row) => row['token_id_right'])).toEqual(['A', 'A', null, null]);
  });

  it.each(Object.keys(copies) as (keyof typeof copies)[])(
    'results of columns of the %s copy are written',
    (name) => {
      const result = computeFeatures(readBy(copies[name], golden.trades), golden.tape, { engine });
      const bytes = installed.tableToIPC(result as unknown as installed.Table, 'file');
      const back = installed.tableFromIPC(bytes);
      expect(rowsOf(back)).toEqual(rowsOf(result));
      expect(back.schema.fields.map((field) => [field.name, String(field.type)])).toEqual(
        result.schema.fields.map((field) => [field.name, String(field.type)]),
      );
    },
  );
});

it('every type of another copy is passed on as it is', async () => {
  const { everyType } = await import('../support/columns.js');
  const { Table } = installed;
  const known = 'Utf8View' in oldest;
  expect(known).toBe(false);
  if (!('Utf8View' in installed)) return;
  // Written without what the oldest version does not know, or reads wrongly itself.
  const { view: _, decimal256: __, null: ___, ...columns } = everyType();
  const table = new Table({ ...columns });
  const given = readBy(copies.oldest, table);
  const texts = (values: string[]) => installed.vectorFromArray(values, new installed.Utf8());
  const plain = Object.fromEntries(given.schema.fields.map(({ name }, i) => [name, given.getChildAt(i)!]));
  const result = computeFeatures(
    {
      ...plain,
      ts: BigInt64Array.from({ length: 11 }, (_, i) => BigInt(i)),
      token_id: Array(11).fill('A'),
      market_slug: Array(11).fill('m'),
      side: texts(Array(11).fill('BUY')),
      outcome: texts(Array(11).fill('Up')),
      size: new Float64Array(11),
    },
    null,
    { engine: 'ts', tsUnit: 's' },
  );
  for (const name of Object.keys(columns)) {
    const read = (value: unknown) =>
      JSON.stringify(value, (_key, v) => (typeof v === 'bigint' ? String(v) : v));
    expect(read((result as installed.Table).getChild(name)?.toJSON())).toBe(
      read(table.getChild(name as never)?.toJSON()),
    );
  }
});
