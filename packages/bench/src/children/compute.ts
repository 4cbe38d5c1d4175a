// node compute.js JOB: computes features of tables in memory, Arrow in and Arrow out, and prints a report as JSON.
// JOB is JSON: { engine: "native" | "ts" | "rows", trades, prints, tokens, threads, out }. The result is written to
// `out` when it is given, after the time was taken.
import { writeFileSync } from 'node:fs';
import { computeFeatures as native } from '@polyfeat/core';
import { writeParquet } from '@polyfeat/parquet';
import { computeFeatures as reference } from '@polyfeat/reference';
import { Table } from 'apache-arrow';
import { watchNative } from '../boundary/native.js';
import { featureVectors, printRows, tradeRows } from '../row-objects.js';
import { makeTables } from '../tables.js';

const { engine, threads, out, ...sizes } = JSON.parse(process.argv[2] ?? '{}');
const S = 1_000_000_000n;
type Tables = ReturnType<typeof makeTables>;
type Computed = { table: Table; phases: Record<string, number> };

/** Row objects: made of the tables, computed with, and made a table again. */
function rows({ trades, tape }: Tables): Computed {
  const start = performance.now();
  const [own, prints] = [tradeRows(trades), printRows(tape)];
  const made = performance.now();
  const options = {
    returns: [30n * S, 300n * S],
    windows: [60n * S],
    bucket: 10n * S,
    sum: 'exact',
  } as const;
  const features = reference(own, prints, options);
  const computed = performance.now();
  const table = trades.select(['ts', 'token_id', 'market_slug']).assign(new Table(featureVectors(features)));
  const end = performance.now();
  return { table, phases: { boundary: made - start + (end - computed), compute: computed - made } };
}

/** An engine of the library. Of the TypeScript one all is computing: no boundary is crossed. */
function library(kind: 'native' | 'ts', { trades, tape }: Tables): Computed {
  const call = () =>
    native(trades, tape, { engine: kind, threads, columns: ['ts', 'token_id', 'market_slug'] }) as Table;
  const watch = kind === 'native' ? watchNative() : null;
  const start = performance.now();
  const table = call();
  const all = performance.now() - start;
  const compute = watch?.ms() ?? all;
  return { table, phases: { boundary: all - compute, compute } };
}

const compute = (tables: Tables) => (engine === 'rows' ? rows(tables) : library(engine, tables));

// The first call loads the engine and compiles: it is not what is asked for.
if (engine !== 'rows') native(...few(), { engine });
compute(makeTables({ trades: 2_000, prints: 20_000, tokens: 50 }));
const tables = makeTables(sizes);
const { table, phases } = compute(tables);
if (out !== undefined) writeFileSync(out, await writeParquet(table));
const seconds = ((phases['boundary'] ?? 0) + (phases['compute'] ?? 0)) / 1000;
console.log(JSON.stringify({ seconds, timings_ms: phases }));

/** The least that loads an engine, so that it can be watched. */
function few(): [Table, Table] {
  const { trades, tape } = makeTables({ trades: 1, prints: 1, tokens: 1 });
  return [trades, tape];
}
