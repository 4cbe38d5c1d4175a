/**
 * Counts the turns that the event loop takes while an asynchronous call is at work, and those during a synchronous
 * one, as JSON: `node turns.mjs ENGINE ROWS`.
 */
import { setImmediate } from 'node:timers/promises';
import { computeFeatures, computeFeaturesAsync, prepareAsync } from '@polyfeat/core';
import { arrow, tables } from './tables.mjs';

const [engine, rows] = process.argv.slice(2);
const [trades, tape] = Object.values(tables(Number(rows))).map(arrow);
const options = { engine, tsUnit: 's' };

/** Turns of the event loop until a promise settles. */
async function turnsOf(call) {
  let done = false;
  const running = Promise.resolve(call()).finally(() => {
    done = true;
  });
  let turns = 0;
  while (!done) {
    await setImmediate();
    turns++;
  }
  await running;
  return turns;
}

const report = {
  sync: await turnsOf(async () => computeFeatures(trades, tape, options)),
  async: await turnsOf(() => computeFeaturesAsync(trades, tape, options)),
  prepare: await turnsOf(() => prepareAsync(tape, options)),
};
process.stdout.write(JSON.stringify(report));
