// Run in a project that has installed the packages: every entry loads, and computes. Arguments: a snapshot, an engine.
import { readFile } from 'node:fs/promises';
import { buildSnapshot, computeFeatures } from '@polyfeat/core';
import { loadEngine } from '@polyfeat/core/snapshot';
import * as browser from '@polyfeat/core/ts';
import { readParquet } from '@polyfeat/parquet';
import { exactSum } from '@polyfeat/reference';

const [snapshot, engine] = /** @type {[string, 'native' | 'ts']} */ (process.argv.slice(2));
const out = `features-${engine}.parquet`;
const report = await buildSnapshot(snapshot, { out, engine });

const trades = { ts: [100n], token_id: ['a'], market_slug: ['m'], side: ['BUY'], outcome: ['Up'], size: [1] };
const tape = { ts: [90n, 95n], token_id: ['a', 'a'], price: [0.5, 0.5], size: [1, 2] };
const options = { tsUnit: /** @type {const} */ ('s'), engine };
const volume = computeFeatures(trades, tape, options).getChild('mt_volume_60s')?.get(0);
const elsewhere = browser.computeFeatures(trades, tape, { ...options, engine: 'ts' });
const written = await readParquet(new Uint8Array(await readFile(out)));

const same =
  elsewhere.getChild('mt_volume_60s')?.get(0) === exactSum([1, 2]) &&
  (await loadEngine(engine)).engine.name === engine &&
  written.numRows === report.rows;
process.stdout.write(JSON.stringify({ engine: report.engine, rows: report.rows, volume, same }));
