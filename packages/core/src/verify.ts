import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { loadEngine } from './engine.js';
import type { BuildReport, BuildRequest, CompareReport, Engine, Hooks } from './types.js';

/** What to verify: a build, without where and how its file is written. */
export type VerifyRequest = Omit<BuildRequest, 'out' | 'compression'>;

/** Whether both engines made the same of a snapshot. */
export interface VerifyReport {
  snapshot: string;
  /** Every value of every column agrees, and so do both reports. */
  equal: boolean;
  rows: number;
  columns: number;
  /** a is the native engine's file, b the TypeScript engine's. */
  comparison: CompareReport;
  /** Parts of the build reports that differ, such as `regimes` or `dropped`. */
  report_differences: string[];
  /** Wall time of each build and of the comparison, in milliseconds. */
  timings_ms: { native: number; ts: number; compare: number; total: number };
}

/** The two engines under comparison. */
export interface EnginePair {
  native: Engine;
  ts: Engine;
}

/**
 * Builds a snapshot with the native and with the TypeScript engine into a temporary directory and
 * compares every value of every column, without tolerance. The comparison is the TypeScript engine's:
 * a file that the native engine wrote wrongly must not be judged by the code that wrote it.
 * Cost: both builds, and twice the size of the output in the temporary directory.
 *
 * @throws PolyfeatError `NATIVE_UNAVAILABLE` when there is no native binary, and whatever a build throws.
 */
export async function verifySnapshot(
  request: VerifyRequest,
  hooks: Hooks = {},
  engines?: EnginePair,
): Promise<VerifyReport> {
  const { native, ts } = engines ?? {
    native: (await loadEngine('native')).engine,
    ts: (await loadEngine('ts')).engine,
  };
  const directory = await mkdtemp(join(tmpdir(), 'polyfeat-verify-'));
  try {
    const started = performance.now();
    const a = join(directory, 'native.parquet');
    const b = join(directory, 'ts.parquet');
    const built = await native.build({ ...request, out: a, compression: 'none' }, prefixed(hooks, 'native'));
    const builtNative = performance.now();
    const twin = await ts.build({ ...request, out: b, compression: 'none' }, prefixed(hooks, 'ts'));
    const builtTs = performance.now();
    const comparison = await ts.compare({ a, b, rtol: 0, atol: 0, key: [] }, prefixed(hooks, 'compare'));
    const ended = performance.now();
    const reportDifferences = differingParts(built, twin);
    return {
      snapshot: request.snapshot,
      equal: comparison.equal && !comparison.order_differs && reportDifferences.length === 0,
      rows: built.rows,
      columns: built.columns,
      comparison,
      report_differences: reportDifferences,
      timings_ms: {
        native: builtNative - started,
        ts: builtTs - builtNative,
        compare: ended - builtTs,
        total: ended - started,
      },
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Names of the parts of two build reports that say something about the data and differ. */
function differingParts(a: BuildReport, b: BuildReport): string[] {
  const parts = ['rows', 'columns', 'tables', 'regimes', 'pnl', 'dropped'] as const;
  const differing: string[] = parts.filter((part) => !isDeepStrictEqual(a[part], b[part]));
  const codes = (report: BuildReport) => report.warnings.map((warning) => warning.code).sort();
  // Only the codes: the sentences are for people and may be worded by each engine.
  if (!isDeepStrictEqual(codes(a), codes(b))) differing.push('warnings');
  return differing;
}

/** The same hooks, with the step's name before each phase. */
function prefixed(hooks: Hooks, step: string): Hooks {
  const { onProgress } = hooks;
  if (onProgress === undefined) return hooks;
  return {
    ...hooks,
    onProgress: (progress) => onProgress({ ...progress, phase: `${step}: ${progress.phase}` }),
  };
}
