// node build.js OPTIONS: builds features as `buildSnapshot` of the library does. OPTIONS is JSON: `snapshot` and what
// `buildSnapshot` takes. Prints its report as JSON.
import { buildSnapshot } from '@polyfeat/core/snapshot';

const { snapshot, ...options } = JSON.parse(process.argv[2] ?? '{}');
const { timings_ms } = await buildSnapshot(snapshot, options);
console.log(JSON.stringify({ seconds: (timings_ms['total'] ?? 0) / 1000, timings_ms }));
