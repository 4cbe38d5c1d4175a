// node roofline.mjs SNAPSHOT OUT token|input THREADS: how long the bytes of a build take without its features, as JSON.
import { rooflineSnapshot } from '@polyfeat/core/bench';
import { parseDuration, parseDurations } from '@polyfeat/core/snapshot';

const [snapshot = '', out = '', order, threads] = process.argv.slice(2);
const { timings_ms } = await rooflineSnapshot({
  snapshot,
  out,
  order: order === 'input' ? 'input' : 'token',
  returns: parseDurations('30s,300s'),
  windows: parseDurations('60s'),
  bucket: parseDuration('10s'),
  sum: 'exact',
  columns: 'all',
  tsUnit: null,
  compression: 'source',
  threads: Number(threads),
});
console.log(JSON.stringify(timings_ms));
