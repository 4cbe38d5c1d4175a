import { readFile } from 'node:fs/promises';
import { computeFeatures } from '@polyfeat/core';
import { tableFromIPC } from 'apache-arrow';

const trades = tableFromIPC(await readFile('test-data/streams/clickhouse-trades.arrows'));
const prints = tableFromIPC(await readFile('test-data/streams/clickhouse-market-trades.arrows'));
const features = computeFeatures(trades, prints);

// Input columns are the same memory, batch by batch.
const given = trades.getChild('price')?.data.map((chunk) => chunk.values);
const passed = features.getChild('price')?.data.map((chunk) => chunk.values);
console.log(given?.every((values, i) => values === passed?.[i]));

// A made column is one buffer; the batches of the result are windows of it.
const returns = features.getChild('mt_return_30s');
console.log(new Set(returns?.data.map((chunk) => chunk.values.buffer)).size, returns?.data.length);

// Values beside a bitmap of nulls: typed arrays to go on with.
for (const { values, length, nullCount } of returns?.data ?? []) {
  console.log(values.constructor.name, length, nullCount);
}
