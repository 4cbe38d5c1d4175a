import { join } from 'node:path';
import { type Duration, readDurations } from './duration.js';
import { loadEngine } from './engine.js';
import { refuseUnknown } from './options.js';
import type { BuildReport, BuildRequest, Engine, EngineChoice, Hooks } from './types.js';

/** How {@link buildSnapshot} builds; whatever is left out is as on the command line. */
export interface BuildOptions
  extends Hooks,
    Partial<Omit<BuildRequest, 'snapshot' | 'returns' | 'windows' | 'bucket'>> {
  /** Lags of the returns: durations, or their texts such as `5m`. Default 30 s and 300 s. */
  returns?: readonly (string | Duration)[];
  /** Lengths of the flow windows. Default 60 s. */
  windows?: readonly (string | Duration)[];
  /** Length of the complete-set bucket. Default 10 s. */
  bucket?: string | Duration;
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
  'tsUnit',
  'compression',
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
  signal?.throwIfAborted();
  const request: BuildRequest = {
    snapshot,
    out: options.out ?? join(snapshot, 'features.parquet'),
    order: options.order ?? 'token',
    returns: readDurations(options.returns ?? ['30s', '300s'], 'returns'),
    windows: readDurations(options.windows ?? ['60s'], 'windows'),
    bucket: readDurations([options.bucket ?? '10s'], 'bucket')[0]!,
    sum: options.sum ?? 'exact',
    columns: options.columns ?? 'all',
    tsUnit: options.tsUnit ?? null,
    compression: options.compression ?? 'source',
    ...(threads !== undefined && { threads }),
    ...(memory !== undefined && { memory }),
  };
  const { engine, warning = undefined } =
    typeof choice === 'string' ? await loadEngine(choice) : { engine: choice };
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
