/**
 * Calls every function many times and tells by how much memory grew, as JSON. Run by ../leaks.test.ts as
 * `node --expose-gc leaks.mjs ENGINE SNAPSHOT OUT CALLS`.
 */
import { setImmediate } from 'node:timers/promises';
import {
  asofJoin,
  asofJoinAsync,
  buildSnapshot,
  completeSets,
  computeFeatures,
  computeFeaturesAsync,
  prepare,
  prepareAsync,
  regimes,
  regimesAsync,
  windowFlow,
  windowFlowAsync,
} from '@polyfeat/core';
import { arrow, tables } from './tables.mjs';

const [engine, snapshot, out, count] = process.argv.slice(2);
const calls = Number(count);
// Enough that a result that stays is seen, in the time that the slower engine has.
const [trades, tape] = Object.values(tables(engine === 'native' ? 4000 : 1500)).map(arrow);
const options = { engine, tsUnit: 's' };
const join = { ...options, by: ['token_id'] };
const flow = { ...join, windows: ['60s', '5m'], sums: { volume: 'size', notional: ['price', 'size'] } };

const entries = {
  computeFeatures: () => computeFeatures(trades, tape, options),
  computeFeaturesAsync: () => computeFeaturesAsync(trades, tape, { ...options, onProgress: () => {} }),
  'prepare, dispose': () => {
    const handle = prepare(tape, options);
    handle.computeFeatures(trades, { tsUnit: 's' });
    handle.dispose();
  },
  'prepare, left to the collector': () => {
    prepare(tape, options).computeFeatures(trades, { tsUnit: 's' });
  },
  'prepareAsync, left to the collector': async () => {
    const handle = await prepareAsync(tape, options);
    await handle.computeFeaturesAsync(trades, { tsUnit: 's' });
  },
  asofJoin: () => asofJoin(trades, tape, join),
  asofJoinAsync: () => asofJoinAsync(trades, tape, join),
  windowFlow: () => windowFlow(trades, tape, flow),
  windowFlowAsync: () => windowFlowAsync(trades, tape, flow),
  completeSets: () => completeSets(trades, options),
  regimes: () => regimes(trades, options),
  regimesAsync: () => regimesAsync(trades, options),
  'a call that fails': () => {
    try {
      computeFeatures(trades, tape, { ...options, bucket: '1ms' });
    } catch (error) {
      if (error.code !== 'BUCKET_UNIT') throw error;
      return;
    }
    throw new Error('it did not fail');
  },
  'a call that is aborted': async () => {
    const controller = new AbortController();
    const running = computeFeaturesAsync(trades, tape, { ...options, signal: controller.signal });
    controller.abort(new Error('enough'));
    await running.catch((error) => {
      if (error.message !== 'enough') throw error;
    });
  },
  buildSnapshot: () => buildSnapshot(snapshot, { engine, out }),
};

/** Lets finalizers run, which takes turns of the event loop. */
async function settle() {
  for (let i = 0; i < 6; i++) {
    globalThis.gc();
    await setImmediate();
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heapUsed, external };
}

async function run(entry, times) {
  for (let i = 0; i < times; i++) {
    await entry();
    if (i % 10 === 9) await setImmediate();
  }
  return settle();
}

// What is made once is there after the first calls, and so is the memory that the allocator keeps for the next.
for (const entry of Object.values(entries)) await run(entry, 20);
const report = {};
for (const [name, entry] of Object.entries(entries)) {
  const before = await run(entry, Math.ceil(calls / 5));
  const after = await run(entry, calls);
  report[name] = Object.fromEntries(Object.keys(after).map((key) => [key, after[key] - before[key]]));
}
process.stdout.write(JSON.stringify(report));
