// node duckdb.mjs JOB: runs duckdb.sql, or another script named in JOB, with DuckDB's Node client (@duckdb/node-api).
// JOB is JSON: { sql, trades, tape, out, threads, ties, codec }.
import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';

const LAST_OF_TIES = 'QUALIFY coalesce(lead(ts) OVER w <> ts, true)';
const { sql, ties, ...job } = JSON.parse(process.argv[2] ?? '{}');
/** @type {Record<string, unknown>} */
const values = { ...job, ties: ties === 'last' ? LAST_OF_TIES : '' };

const start = performance.now();
const connection = await (await DuckDBInstance.create()).connect();
const script = readFileSync(new URL(sql, import.meta.url), 'utf8').replaceAll(/^--.*$/gm, '');
const filled = script.replaceAll(/\{(\w+)\}/g, (_, name) => String(values[name]));
for (const statement of filled.split(';').filter((text) => text.trim() !== '')) {
  await connection.run(statement);
}
console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000 }));
