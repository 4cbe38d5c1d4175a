import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { computeFeatures } from '@polyfeat/core';
import { writeParquet } from '@polyfeat/parquet';

const snapshot = 'test-data/snapshots/w61276aba-20260227T092000+0000';
const connection = await (await DuckDBInstance.create()).connect();

/**
 * The client gives a timestamp as an object and a number as a number: times are asked for as integers.
 * @param {string} sql
 */
async function columns(sql) {
  const result = await connection.runAndReadAll(sql);
  return result.getColumnsObjectJS();
}

const trades = await columns(`
  SELECT epoch_us(ts) AS ts, token_id, market_slug, side, outcome, size, event_key
  FROM '${snapshot}/trades.parquet'`);
const prints = await columns(`
  SELECT epoch_us(ts) AS ts, token_id, price, size FROM '${snapshot}/market_trades.parquet'`);

const features = computeFeatures(table(trades), table(prints), { tsUnit: 'us', columns: 'features' });

// Back into SQL: the client takes no Arrow, DuckDB reads Parquet.
const folder = await mkdtemp(join(tmpdir(), 'features-'));
const file = join(folder, 'features.parquet');
await writeFile(file, await writeParquet(features));
const answer = await connection.runAndReadAll(`
  SELECT regime, count(*)::INT AS trades, round(avg(mt_trades_60s), 2) AS prints
  FROM '${file}' GROUP BY regime ORDER BY trades DESC`);
for (const row of answer.getRowObjectsJS()) console.log(row);
await rm(folder, { recursive: true });

/**
 * What DuckDB gives by name holds values of any type; these queries ask for texts, doubles and 64-bit integers.
 * @param {Record<string, unknown[]>} given
 */
function table(given) {
  return /** @type {Record<string, (string | null)[] | (number | null)[] | (bigint | null)[]>} */ (given);
}
