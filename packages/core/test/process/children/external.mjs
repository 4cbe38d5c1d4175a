/**
 * Prepares tapes one after the other and leaves them to the collector, which nothing calls. It only knows that there
 * is something to collect when it was told of the native memory: nothing else is made here. Tells as JSON how many
 * bytes there were in all, and by how much the process grew.
 */
import { setImmediate } from 'node:timers/promises';
import { prepare } from '@polyfeat/core';
import { arrow, tables } from './tables.mjs';

const table = arrow(tables(200_000).tape);
const options = { engine: 'native', tsUnit: 's' };

const first = prepare(table, options);
const { bytes } = first;
first.dispose();
if (first.bytes !== 0) throw new Error('a tape that was disposed of holds memory');

const before = process.memoryUsage().rss;
let grown = 0;
let total = 0;
for (let i = 0; i < 200; i++) {
  total += prepare(table, options).bytes;
  await setImmediate();
  grown = Math.max(grown, process.memoryUsage().rss - before);
}
process.stdout.write(JSON.stringify({ bytes, total, grown }));
