import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { tableFromIPC } from 'apache-arrow';

/** @param {string} name The bytes in an ArrayBuffer of their own, which can be handed over. */
const stream = async (name) => new Uint8Array(await readFile(`test-data/streams/clickhouse-${name}.arrows`));

const [trades, prints] = [await stream('trades'), await stream('market-trades')];
const worker = new Worker(new URL('./features-worker.mjs', import.meta.url), {
  workerData: { trades, prints },
  transferList: [trades.buffer, prints.buffer], // moved, not copied: they are empty here from now on
});
const [bytes] = await once(worker, 'message');
const features = tableFromIPC(bytes);
console.log(features.numRows, features.schema.names.join(' '));
