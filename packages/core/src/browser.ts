/**
 * The library on the TypeScript engine alone: for browsers and other places without Node. It imports no module of
 * Node's and no binary; `engine: 'auto'` is `ts`.
 */
export { type Duration, durationLabel, parseDuration, parseDurations } from './duration.js';
export {
  ERROR_CODES,
  type ErrorCode,
  type ErrorData,
  type ErrorPlace,
  isPolyfeatError,
  PolyfeatError,
} from './errors.js';
export * from './tables.js';
export type {
  ColumnChoice,
  EngineChoice,
  EngineName,
  Progress,
  RowOrder,
  SumMode,
  TsUnit,
  Warning,
} from './types.js';
