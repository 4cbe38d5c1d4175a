/** The functions on tables in memory, and their types; the same in every entry that has them. */
export { type AsofJoinOptions, type AsofTable, asofJoin, asofJoinAsync } from './api/asof-join.js';
export {
  computeFeatures,
  computeFeaturesAsync,
  type FeatureOptions,
  type NeededPrints,
  type NeededTrades,
} from './api/compute-features.js';
export type { BothLists, BothNames, KeyedOptions } from './api/keyed.js';
export type { LabelOf, LabelsOf } from './api/labels.js';
export type { AsyncOptions, CommonOptions, DurationInput } from './api/options.js';
export {
  type PreparedOptions,
  PreparedTape,
  type PrepareOptions,
  prepare,
  prepareAsync,
} from './api/prepare.js';
export {
  completeSets,
  completeSetsAsync,
  type NeededForSets,
  type RegimeTable,
  regimes,
  regimesAsync,
  type SetOptions,
  type SetTable,
} from './api/regimes.js';
export type { FeatureTable, ProofTypes, RegimeTypes, SetTypes, TapeTypes, TypesOf } from './api/types.js';
export {
  type WindowFlowOptions,
  type WindowFlowTable,
  windowFlow,
  windowFlowAsync,
} from './api/window-flow.js';
export type { ColumnInput, TableInput } from './arrow/input.js';
export type { Direction, Ties } from './kernels/asof.js';
export type { RegimeMode } from './kernels/sets.js';
export type { Closed } from './kernels/window-flow.js';
export type { RuleOptions } from './rules.js';
