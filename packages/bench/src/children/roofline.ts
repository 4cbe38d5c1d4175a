// node roofline.js JOB: reads, re-orders and writes what a build would, with no feature computed. JOB is JSON:
// { snapshot, out, order, threads }. Prints its report as JSON.
import { rooflineSnapshot } from '@polyfeat/core/bench';
import { parseDurations } from '@polyfeat/core/snapshot';

const job = JSON.parse(process.argv[2] ?? '{}');
const { timings_ms } = await rooflineSnapshot({
  ...job,
  returns: parseDurations('30s,300s'),
  windows: parseDurations('60s'),
  bucket: parseDurations('10s')[0]!,
  sum: 'exact',
  columns: 'all',
  tsUnit: null,
  compression: 'source',
});
console.log(JSON.stringify({ seconds: (timings_ms['total'] ?? 0) / 1000, timings_ms }));
