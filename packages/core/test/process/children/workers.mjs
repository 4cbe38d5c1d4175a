/**
 * Worker threads: four at once, and others terminated in the middle of their work. Tells the fingerprints of results
 * as JSON.
 */
import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { computeFeatures, computeFeaturesAsync, prepare, prepareAsync } from '@polyfeat/core';
import { fingerprint, tables } from './tables.mjs';

const options = { engine: 'native', tsUnit: 's' };

/** The same work in every thread. */
async function results(rows) {
  const { trades, tape } = tables(rows);
  const handle = prepare(tape, options);
  return [
    computeFeatures(trades, tape, options),
    await computeFeaturesAsync(trades, tape, options),
    handle.computeFeatures(trades, { tsUnit: 's' }),
    await handle.computeFeaturesAsync(trades, { tsUnit: 's', threads: 3 }),
  ].map(fingerprint);
}

/** Work that has not ended when it is told of. */
async function busy() {
  const { trades, tape } = tables(60_000);
  const onProgress = () => parentPort.postMessage('at work');
  for (;;) {
    const jobs = [
      computeFeaturesAsync(trades, tape, { ...options, onProgress }),
      prepareAsync(tape, options).then((handle) => handle.computeFeaturesAsync(trades, { tsUnit: 's' })),
    ];
    await Promise.all(jobs);
  }
}

function started(job) {
  return new Worker(new URL(import.meta.url), { workerData: job });
}

async function main() {
  const expected = await results(5000);
  const four = await Promise.all(
    [1, 2, 3, 4].map(async () => {
      const [answer] = await once(started('results'), 'message');
      return answer;
    }),
  );
  const terminated = [];
  for (let round = 0; round < 5; round++) {
    const workers = [started('busy'), started('busy')];
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    terminated.push(...(await Promise.all(workers.map((worker) => worker.terminate()))));
  }
  const after = await results(5000);
  process.stdout.write(JSON.stringify({ expected, four, terminated, after }));
}

if (isMainThread) await main();
else if (workerData === 'results') parentPort.postMessage(await results(5000));
else await busy();
