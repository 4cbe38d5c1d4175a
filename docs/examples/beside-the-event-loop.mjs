import { readFile } from 'node:fs/promises';
import { computeFeaturesAsync, isPolyfeatError } from '@polyfeat/core';
import { tableFromIPC } from 'apache-arrow';

const trades = tableFromIPC(await readFile('test-data/streams/clickhouse-trades.arrows'));
const prints = tableFromIPC(await readFile('test-data/streams/clickhouse-market-trades.arrows'));

/** @type {Set<string>} */
const phases = new Set();
const features = await computeFeaturesAsync(trades, prints, {
  signal: AbortSignal.timeout(60_000),
  onProgress: ({ phase }) => phases.add(phase),
});
console.log(features.numRows, phases.size > 0);

// An aborted signal rejects with its own reason, whatever that is.
const reason = new Error('the request was closed');
await computeFeaturesAsync(trades, prints, { signal: AbortSignal.abort(reason) }).catch((error) => {
  console.log(error === reason);
});

// Every other error has a code, and says where it happened.
const odd = {
  ts: [1n, 2n],
  token_id: ['A', 'A'],
  market_slug: ['m', 'm'],
  side: ['BUY', 'BUY'],
  outcome: ['Up', 'Down'],
  size: [1],
};
await computeFeaturesAsync(odd, prints, { tsUnit: 's' }).catch((error) => {
  if (isPolyfeatError(error)) console.log(error.code, error.column);
});
