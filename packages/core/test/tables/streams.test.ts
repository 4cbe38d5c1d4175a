/** Streams that ClickHouse wrote: dictionaries that grow from batch to batch, decimals, several batches. */
import { readFile } from 'node:fs/promises';
import { readParquet } from '@polyfeat/parquet';
import { type Table, tableFromIPC, tableToIPC } from 'apache-arrow';
import { beforeAll, describe, expect, it } from 'vitest';
import { asofJoin, computeFeatures } from '../../src/index.js';
import { engines, rowsOf } from './support.js';

const data = new URL('../../../../test-data/', import.meta.url);
const names = ['trades', 'market-trades'];
const given: Table[] = [];
const files: Table[] = [];

beforeAll(async () => {
  for (const name of names) {
    given.push(tableFromIPC(await readFile(new URL(`streams/clickhouse-${name}.arrows`, data))));
    const path = `snapshots/w61276aba-20260227T092000+0000/${name.replace('-', '_')}.parquet`;
    files.push((await readParquet(await readFile(new URL(path, data)))) as unknown as Table);
  }
});

describe.each(engines)('by %s', (engine) => {
  it('give the features of the files that they were made from', () => {
    const [trades, tape] = given as [Table, Table];
    const [wantedTrades, wantedTape] = files as [Table, Table];
    const wanted = computeFeatures(wantedTrades, wantedTape, {
      engine,
      columns: trades.schema.names as string[],
    });
    const features = computeFeatures(trades, tape, { engine });
    const byName = (a: object, b: object) =>
      expect(Object.entries(a).sort()).toEqual(Object.entries(b).sort());
    const rows = rowsOf(features);
    expect(rows.length).toBe(3973);
    rowsOf(wanted).forEach((row, i) => {
      byName(rows[i]!, row);
    });
  });

  it('are joined with each other, and the result is written as a stream', () => {
    const [trades, tape] = given as [Table, Table];
    const joined = asofJoin(trades, tape, { engine, by: ['token_id'], columns: ['token_id', 'size'] });
    const back = tableFromIPC(tableToIPC(joined as unknown as Table, 'stream'));
    expect(rowsOf(back).map((row) => row['token_id_right'])).toEqual(
      rowsOf(joined).map((row) => row['token_id']),
    );
  });
});
