/**
 * What measuring needs of the native binary: snapshots to measure with, and the least that a build can take. For the
 * command line and the benchmarks; it may change with any version.
 */
import type { Binding } from '@polyfeat/native';
import { checkBounds } from './bounds.js';
import { nativeUnavailable } from './engine.js';
import { loadBinding } from './native-binding.js';
import { requestToJson } from './native-engine.js';
import { runNativeJob } from './native-job.js';
import type { BuildRequest, Hooks, TableName, Warning } from './types.js';

/** What to write. Everything but `out` has a default; those of `--help` are the native binary's. */
export interface GenerateRequest {
  /** A folder that is new or empty; the one around it must be there. */
  out: string;
  /** Trades × prints × tokens: 100k × 1M × 5k, 1M × 10M × 20k or 10M × 100M × 50k. */
  size?: 'S' | 'M' | 'L';
  trades?: number;
  /** Rows of the tape. */
  prints?: number;
  /** Tokens of the tape, two a market. */
  tokens?: number;
  days?: number;
  seed?: number;
  /** What stamps are multiples of. */
  stamps?: 'ms' | 's';
  /** Share of the trades that are prints of the tape. */
  own?: number;
  /** Share of SELLs among the trades. */
  sell?: number;
  /** Share of nulls in the columns that have some. */
  nulls?: number;
  /** Share of groups of four prints that are equal in token and stamp. */
  sweep?: number;
  /** The market of rank r is as popular as r^-skew. */
  skew?: number;
  /** Share of the rows of both tables that are on one token. */
  hot?: number;
  /** Rows by (token, time) in place of by time. */
  sorted?: boolean;
  /** Texts of many values without a dictionary. */
  plain?: boolean;
  /** A snapshot to repeat in place of a synthetic one; then none of the above may be given. */
  from?: string;
  /** How often it is repeated, one after another. */
  tileTime?: number;
  /** How often it is repeated, side by side. */
  tileTokens?: number;
  rowGroupRows?: number;
  /** Files of a table. */
  parts?: number;
  compression?: 'zstd' | 'snappy' | 'none';
  threads?: number;
}

/** A table that was written. */
export interface GeneratedTable {
  rows: number;
  columns: number;
  files: number;
  bytes: number;
}

/** What {@link generateSnapshot} wrote. */
export interface GenerateReport {
  out: string;
  tables: Record<TableName, GeneratedTable | null>;
  /** All that the bytes written depend on, as in the snapshot's `manifest.json`. */
  options: Record<string, unknown>;
  warnings: Warning[];
  timings_ms: Record<string, number>;
}

/** What {@link rooflineSnapshot} took. */
export interface RooflineReport {
  timings_ms: Record<string, number>;
}

/**
 * Writes a snapshot to measure with. The same request gives the same bytes, with any number of threads.
 *
 * @example
 * ```ts
 * const { tables } = await generateSnapshot({ out: 'S', size: 'S', seed: 7 });
 * ```
 * @throws PolyfeatError `INVALID_OPTION`, `OUT_NOT_WRITABLE` when `out` is not empty, `OUT_DIR_MISSING`, `DISK_FULL`,
 *   `CANCELLED`, `NATIVE_UNAVAILABLE`; those of reading the snapshot `from`. Nothing is left behind then.
 */
export async function generateSnapshot(request: GenerateRequest, hooks?: Hooks): Promise<GenerateReport> {
  const binding = await nativeBinding();
  return runNativeJob(binding, binding.generateSnapshot, JSON.stringify(request), hooks);
}

/**
 * Reads, re-orders and writes what a build would, and computes nothing: a build can come close to this, not below it.
 *
 * @throws PolyfeatError as a build does; `NATIVE_UNAVAILABLE`.
 */
export async function rooflineSnapshot(request: BuildRequest, hooks?: Hooks): Promise<RooflineReport> {
  checkBounds(request);
  const binding = await nativeBinding();
  return runNativeJob(binding, binding.rooflineSnapshot, requestToJson(request), hooks);
}

async function nativeBinding(): Promise<Binding> {
  try {
    return loadBinding();
  } catch (cause) {
    throw nativeUnavailable(cause);
  }
}
