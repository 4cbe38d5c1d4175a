import { join } from 'node:path';
import { checkBounds } from './bounds.js';
import { PolyfeatError } from './errors.js';
import { readValues, runOn, type ValueOptions } from './file-job.js';
import {
  isNames,
  refuseAborted,
  refuseUnknown,
  requireBoolean,
  requireOneOf,
  requireText,
} from './options.js';
import { shown } from './show.js';
import type { BuildReport, BuildRequest, Engine, EngineChoice, Hooks } from './types.js';

/** How {@link buildSnapshot} builds; whatever is left out is as on the command line. */
export interface BuildOptions
  extends Hooks,
    ValueOptions,
    Partial<Omit<BuildRequest, 'snapshot' | 'returns' | 'windows' | 'bucket' | 'rules'>> {
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
  const { engine = 'auto', threads, memory } = options;
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
    ...readValues('buildSnapshot', options),
    columns: columnsOf(options.columns ?? 'all'),
    ...(labelAvailableAt !== undefined && { labelAvailableAt }),
    compression: oneOf('compression', options.compression ?? 'source', ['source', 'zstd', 'snappy', 'none']),
    ...(threads !== undefined && { threads }),
    ...(memory !== undefined && { memory }),
  };
  return runOn('buildSnapshot', engine, options, (engine, hooks) => engine.build(request, hooks));
}

function oneOf<T extends string>(name: string, value: T, known: readonly T[]): T {
  return requireOneOf('buildSnapshot', name, value, known);
}

function columnsOf(choice: BuildRequest['columns']): BuildRequest['columns'] {
  if (choice === 'all' || choice === 'features' || choice === 'safe' || isNames(choice)) return choice;
  throw new PolyfeatError(
    'INVALID_OPTION',
    `buildSnapshot: columns is ${shown(choice)}, and must be all, features, safe or a list of column names`,
  );
}
