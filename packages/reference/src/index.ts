/**
 * The definition of the polyfeat-fast features: plain TypeScript over rows, one file per concept, in the words
 * of the specification. Read it to settle a doubt; it is written to be checked, not to be fast.
 */
export {
  type AsOfRules,
  answer,
  asOf,
  type Direction,
  type Match,
  nearer,
  type Tie,
  within,
} from './asof.js';
export { type AsofJoinOptions, asofJoin } from './asof-join.js';
export { DefinitionError, type DefinitionErrorCode } from './errors.js';
export {
  computeFeatures,
  type FeatureOptions,
  type FeatureRow,
  type Features,
  type TapeFeatures,
} from './features.js';
export { EMPTY_FLOW, type Flow, NO_FLOW, type TokenFlow, tokenFlow } from './flow.js';
export { type KeyedRow, keyOf } from './keys.js';
export { compareTimes, compareUtf8, nullsLast, tokenOrder } from './order.js';
export {
  autoResolution,
  type GivenRules,
  lookingAhead,
  PRESETS,
  type PresetName,
  type ResolvedRules,
  type RulesWarning,
  resolveRules,
  SELF_COLUMNS,
  type Stamped,
} from './presets.js';
export { type Proof, proofOf } from './proof.js';
export {
  buysOutcome,
  type CompleteSet,
  completeSets,
  labelAvailableAt,
  type Regime,
  type RegimeMode,
  regimeOf,
} from './regime.js';
export {
  type Columns,
  columnValue,
  orNull,
  type Print,
  type SumMode,
  type TapePrint,
  type TokenTrade,
  type Trade,
  term,
  type Value,
} from './rows.js';
export {
  checkColumns,
  checkRules,
  checkSum,
  hasColumn,
  NOTEBOOK_RULES,
  type Rules,
  type SequenceColumns,
  type Ties,
  type UnknownToken,
  type WithColumns,
} from './rules.js';
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
export { groupTape, type Tape } from './tape.js';
export { ageMillis, bucketOf, durationLabel, fitsTime, NANOS, parseIso, type TimeUnit } from './time.js';
export {
  availabilityOf,
  boundOf,
  compareTape,
  compareValues,
  isAhead,
  isAvailable,
  isBehind,
  isHidden,
  isOwn,
  isVisible,
  momentOf,
} from './visibility.js';
export {
  type Closed,
  countWhile,
  isBeforeWindow,
  isInWindow,
  isUpToWindowEnd,
  type Run,
  windowRun,
} from './window.js';
export { type WeightedRow, type WindowFlow, type WindowFlowOptions, windowFlow } from './window-flow.js';
