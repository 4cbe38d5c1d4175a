// node row-objects.js JOB: builds features over row objects, as the definition has it, from files to a file. JOB is
// JSON: { snapshot, out }. Rows stay in the order of the trades, so that what is passed on is not touched.
import { openAsBlob } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readParquet, writeParquet } from '@polyfeat/parquet';
import { computeFeatures } from '@polyfeat/reference';
import { Table } from 'apache-arrow';
import { featureVectors, printRows, tradeRows } from '../row-objects.js';

const { snapshot, out } = JSON.parse(process.argv[2] ?? '{}');
const S = 1_000_000_000n;
const phases: Record<string, number> = {};
const start = performance.now();
let last = start;
const lap = (phase: string) => {
  const now = performance.now();
  phases[phase] = now - last;
  last = now;
};

const read = async (name: string, columns?: string[]) =>
  readParquet(await openAsBlob(join(snapshot, name)), { columns });
const trades = await read('trades.parquet');
const tape = await read('market_trades.parquet', ['ts', 'token_id', 'price', 'size']);
lap('read');
const [own, prints] = [tradeRows(trades), printRows(tape)];
lap('rows');
const options = { returns: [30n * S, 300n * S], windows: [60n * S], bucket: 10n * S, sum: 'exact' } as const;
const features = computeFeatures(own, prints, options);
lap('compute');
await writeFile(out, await writeParquet(trades.assign(new Table(featureVectors(features)))));
lap('write');
console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000, timings_ms: phases }));
