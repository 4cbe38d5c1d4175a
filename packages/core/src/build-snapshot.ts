import { join } from 'node:path';
import { checkBounds } from './bounds.js';
import { type Duration, requireDurations } from './duration.js';
import { type LoadedEngine, loadEngine } from './engine.js';
import { PolyfeatError } from './errors.js';
import {
  isNames,
  refuseAborted,
  refuseUnknown,
  requireBoolean,
  requireOneOf,
  requireText,
} from './options.js';
import { type RuleOptions, readRules } from './rules.js';
import { shown } from './show.js';
import type { BuildReport, BuildRequest, Engine, EngineChoice, Hooks, TsUnit } from './types.js';

/** How {@link buildSnapshot} builds; whatever is left out is as on the command line. */
export interface BuildOptions
  extends Hooks,
    Partial<Omit<BuildRequest, 'snapshot' | 'returns' | 'windows' | 'bucket' | 'rules'>> {
  /** Lags of the returns: durations, or their texts such as `5m`. Default 30 s and 300 s. */
  returns?: readonly (string | Duration)[];
  /** Lengths of the flow windows. Default 60 s. */
  windows?: readonly (string | Duration)[];
  /** Length of the complete-set bucket. Default 10 s. */
  bucket?: string | Duration;
  /** Which prints a trade may see; by default the notebook's rules. Spec section 4. */
  rules?: RuleOptions;
  /** Which engine builds, or one that is loaded. Default `auto`. */
  engine?: EngineChoice | Engine;
}

const KNOWN = [
  'out',
  'order',
  'returns',
  'windows',
  'bucket',
  'sum',
  'columns',
  'labelAvailableAt',
  'tsUnit',
  'compression',
  'rules',
  'threads',
  'memory',
  'engine',
  'signal',
  'onProgress',
] as const satisfies readonly (keyof BuildOptions)[];

/**
 * Builds the features of a snapshot directory into a Parquet file: what `polyfeat-fast build` does. The file is
 * replaced whole or not at all; by default it is `features.parquet` in the snapshot, its rows by (token_id, ts).
 *
 * @example
 * ```ts
 * const report = await buildSnapshot('snapshots/alice-20260227', { windows: ['60s', '5m'] });
 * console.log(report.rows, report.regimes);
 * ```
 * @throws PolyfeatError, whatever goes wrong; then no file was written or changed. `INVALID_OPTION` for an option
 *   that there is not. An aborted `signal` rejects with its own reason.
 */
export async function buildSnapshot(snapshot: string, options: BuildOptions = {}): Promise<BuildReport> {
  refuseUnknown('buildSnapshot', options, KNOWN);
  const { engine: choice = 'auto', signal, onProgress, threads, memory } = options;
  refuseAborted('buildSnapshot', options);
  requireText('buildSnapshot', 'snapshot', snapshot);
  if (options.out !== undefined) requireText('buildSnapshot', 'out', options.out);
  const { labelAvailableAt } = options;
  if (labelAvailableAt !== undefined) requireBoolean('buildSnapshot', 'labelAvailableAt', labelAvailableAt);
  checkBounds(options);
  const request: BuildRequest = {
    snapshot,
    out: options.out ?? join(snapshot, 'features.parquet'),
    order: oneOf('order', options.order ?? 'token', ['token', 'input']),
    returns: durations('returns', options.returns ?? ['30s', '300s']),
    windows: durations('windows', options.windows ?? ['60s']),
    bucket: durations('bucket', [options.bucket ?? '10s'])[0]!,
    sum: oneOf('sum', options.sum ?? 'exact', ['exact', 'notebook']),
    columns: columnsOf(options.columns ?? 'all'),
    ...(labelAvailableAt !== undefined && { labelAvailableAt }),
    tsUnit: options.tsUnit == null ? null : oneOf<TsUnit>('tsUnit', options.tsUnit, ['s', 'ms', 'us', 'ns']),
    compression: oneOf('compression', options.compression ?? 'source', ['source', 'zstd', 'snappy', 'none']),
    ...(options.rules !== undefined && { rules: readRules('buildSnapshot: rules', options.rules) }),
    ...(threads !== undefined && { threads }),
    ...(memory !== undefined && { memory }),
  };
  const { engine, warning } = await engineOf('buildSnapshot', choice);
  try {
    const report = await engine.build(request, {
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    });
    return warning === undefined ? report : { ...report, warnings: [warning, ...report.warnings] };
  } catch (error) {
    // Whoever aborted knows why.
    signal?.throwIfAborted();
    throw error;
  }
}

function oneOf<T extends string>(name: string, value: T, known: readonly T[]): T {
  return requireOneOf('buildSnapshot', name, value, known);
}

/** The engine of a choice, or the one that is given. */
export async function engineOf(what: string, choice: EngineChoice | Engine): Promise<LoadedEngine> {
  if (typeof (choice as Partial<Engine> | null)?.build === 'function') return { engine: choice as Engine };
  return loadEngine(requireOneOf(what, 'engine', choice as EngineChoice, ['auto', 'native', 'ts']));
}

function durations(name: string, given: readonly (string | Duration)[]): Duration[] {
  return requireDurations(`buildSnapshot: ${name}`, given);
}

function columnsOf(choice: BuildRequest['columns']): BuildRequest['columns'] {
  if (choice === 'all' || choice === 'features' || choice === 'safe' || isNames(choice)) return choice;
  throw new PolyfeatError(
    'INVALID_OPTION',
    `buildSnapshot: columns is ${shown(choice)}, and must be all, features, safe or a list of column names`,
  );
}
