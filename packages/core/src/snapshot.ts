/**
 * Jobs on snapshot files: what the command line does, as functions. Importing this module loads neither engine, and
 * not apache-arrow: {@link loadEngine} and {@link buildSnapshot} do.
 */
export {
  type AuditedColumn,
  type AuditLeak,
  type AuditOptions,
  type AuditReport,
  type AuditRequest,
  type AuditRows,
  auditSnapshot,
  DEFAULT_CUTS,
  type PrefixFailure,
} from './audit.js';
export { type BuildOptions, buildSnapshot } from './build-snapshot.js';
export { COLUMN_ROLES, type ColumnRole, columnRole, LABEL_PREFIX, type Role } from './column-roles.js';
export { type Duration, durationLabel, parseDuration, parseDurations, parseLength } from './duration.js';
export {
  ENGINE_VARIABLE,
  type EngineState,
  engineState,
  type LoadedEngine,
  loadEngine,
  type NativeState,
} from './engine.js';
export {
  ERROR_CODES,
  type ErrorCode,
  type ErrorData,
  type ErrorPlace,
  isPolyfeatError,
  PolyfeatError,
} from './errors.js';
export { type ExplainOptions, explainTrade } from './explain-trade.js';
export type {
  ExplainedLag,
  ExplainedPrint,
  ExplainedSets,
  ExplainedTape,
  ExplainedTrade,
  ExplainedWindow,
  ExplainReport,
  ExplainRequest,
  LeftOutPrints,
} from './explain-types.js';
export { defaultMemory, type MachineMemory, parseSize } from './memory.js';
export type { Made, MadeInput } from './provenance.js';
export {
  CLOSED,
  DIRECTIONS,
  PRESETS,
  REGIME_MODES,
  type RuleOptions,
  type Rules,
  readRules,
  TIE,
  TIES,
  UNKNOWN_TOKEN,
} from './rules.js';
export { findNewestSnapshot, type SnapshotSearch } from './snapshot-dir.js';
export { suggest } from './suggest.js';
export { MAX_THREADS, parseThreads } from './threads.js';
export type {
  BuildReport,
  BuildRequest,
  ColumnChoice,
  ColumnDiff,
  ColumnInfo,
  CompareReport,
  CompareRequest,
  Compression,
  Engine,
  EngineChoice,
  EngineName,
  Hooks,
  InspectReport,
  PnlRow,
  Progress,
  RegimeCount,
  RowOrder,
  SnapshotColumns,
  SumMode,
  Summary,
  TableInfo,
  TableName,
  TableShape,
  TimeInfo,
  TsUnit,
  Warning,
} from './types.js';
export { type EnginePair, type VerifyReport, type VerifyRequest, verifySnapshot } from './verify.js';
