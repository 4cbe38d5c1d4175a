// Compiled, not run, in a project that has installed the packages: every entry has types, and they say what is there.
import { buildSnapshot, computeFeatures, type PolyfeatError } from '@polyfeat/core';
import { loadEngine, parseDuration } from '@polyfeat/core/snapshot';
import { regimes } from '@polyfeat/core/ts';
import { readParquet } from '@polyfeat/parquet';
import { exactSum } from '@polyfeat/reference';
import { type Table, tableFromArrays } from 'apache-arrow';

const text = ['a'];
const trades = tableFromArrays({
  ...{ ts: new BigInt64Array(1), token_id: text, market_slug: text, side: text, outcome: text },
  size: new Float64Array(1),
});
const number = new Float64Array(1);
const tape = tableFromArrays({ ts: new BigInt64Array(1), token_id: text, price: number, size: number });
const features = computeFeatures(trades, tape, { windows: ['5m'], tsUnit: 's' });
export const volume: number | null | undefined = features.getChild('mt_volume_300s')?.get(0);
export const label: string = parseDuration('5m').label;
export const sum: number = exactSum([1, 2]);
export const table: Promise<Table> = readParquet(new Uint8Array());
export const sets = regimes(trades, { engine: 'ts' });
export const code = (error: PolyfeatError): string => error.code;
export const rows = async (): Promise<number> => (await buildSnapshot('snapshot', { out: 'f.parquet' })).rows;
export const name = async (): Promise<'native' | 'ts'> => (await loadEngine('auto')).engine.name;

// @ts-expect-error there is no such window: the type of a result knows its columns
features.getChild('mt_volume_60s');
// @ts-expect-error options are checked
computeFeatures(trades, tape, { window: '5m' });
