import { parentPort, workerData } from 'node:worker_threads';
import { computeFeatures } from '@polyfeat/core';
import { tableFromIPC, tableToIPC } from 'apache-arrow';

// Arrow objects lose their classes between threads, the bytes of a stream do not.
const { trades, prints } = workerData;
const features = computeFeatures(tableFromIPC(trades), tableFromIPC(prints), { columns: 'features' });
const bytes = tableToIPC(features, 'stream');
parentPort?.postMessage(bytes, [/** @type {ArrayBuffer} */ (bytes.buffer)]); // moved, not copied
