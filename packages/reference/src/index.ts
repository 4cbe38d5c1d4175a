/**
 * The definition of the polyfeat-fast features: plain TypeScript over rows, one file per concept, in the words
 * of the specification. Read it to settle a doubt; it is written to be checked, not to be fast.
 */
export { countsUpTo, lastOf } from './asof.js';
export {
  computeFeatures,
  type FeatureOptions,
  type FeatureRow,
  type Features,
  type TapeFeatures,
} from './features.js';
export { type Flow, NO_FLOW, type TokenFlow, tokenFlow } from './flow.js';
export { compareTimes, compareUtf8, nullsLast, tokenOrder } from './order.js';
export { buysOutcome, type CompleteSet, completeSets, type Regime, regimeOf } from './regime.js';
export { orNull, type Print, type SumMode, type Trade, term } from './rows.js';
export {
  compose,
  decompose,
  exactRunningSum,
  exactSum,
  kahanSum,
  notebookRunningSum,
  type RunningSum,
  runningSum,
} from './sum.js';
export { PNL_ROWS, type PnlRow, type PnlTrade, pnlTable, type RegimeCount, regimeCounts } from './summary.js';
export { ageMillis, bucketOf, durationLabel, fitsTime, NANOS, parseIso, type TimeUnit } from './time.js';
export { type Run, windows } from './window.js';
