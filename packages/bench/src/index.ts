/**
 * Measures polyfeat-fast beside TypeScript, its peers and the machine's limit. `polyfeat-fast bench` is its command
 * line. The modules of the statistics, of the measuring and of the rounds are there for other measurements too.
 */
export type { Arm, ArmResult, Check, Group, Run } from './arm.js';
export { nativeArm } from './arms/ours.js';
export { type BenchPlan, type BenchReport, bench, type Mode } from './bench.js';
export { type Chart, charts } from './charts.js';
export { SIZES, snapshotIn } from './data.js';
export { type Call, type Measured, measure, method, warm } from './measure.js';
export { comparePairs, type Paired } from './pairs.js';
export { parquetFiles } from './parquet-file.js';
export { benchmarkPage, type Page } from './report/page.js';
export { fixed, tableOf } from './report/table.js';
export { type Results, readResults } from './results.js';
export { type RoundsOptions, runRounds } from './rounds.js';
export { lookAt, type Snapshot } from './snapshot.js';
export { type Growth, growthOf, least, median, type Ratio, ratioOf } from './stats.js';
