import type { ArmResult, Run } from '../../src/arm.js';
import type { Results, SnapshotResult } from '../../src/results.js';

/** A run that took so many seconds. */
export const run = (seconds: number, more: Partial<Run> = {}): Run => ({
  ...{ round: 1, wall: seconds, seconds, job: seconds / 2, cpu: 2 * seconds, rss: 5e6, bytes: 1e6 },
  phases: { read: 100 * seconds, write: 400 * seconds },
  ...more,
});

/** An arm with runs of so many seconds. */
export function arm(id: string, seconds: number[], more: Partial<ArmResult> = {}): ArmResult {
  return {
    ...{ id, title: `the ${id}`, group: 'ours', threads: 2, timed: 'process', check: null, codec: 'ZSTD' },
    runs: seconds.map((value, i) => run(value, { round: i + 1 })),
    ...more,
  };
}

/** A snapshot with these arms. */
export const snapshot = (arms: ArmResult[], more: Partial<SnapshotResult> = {}): SnapshotResult => ({
  ...{ name: 'S', trades: 1_000, prints: 10_000, tokens: 50 },
  files: [{ name: 'trades.parquet', bytes: 2_500_000, rows: 1_000, codec: 'ZSTD' }],
  ...{ arms, ...more },
});

/** A run of the benchmark over these snapshots. */
export const results = (snapshots: SnapshotResult[], more: Partial<Results> = {}): Results => ({
  ...{ schema: 1, measured_at: '2026-11-23T14:00:00.000Z', command: 'npx polyfeat-fast bench' },
  machine: { cpu: 'a processor', cores: 2, memory_bytes: 8 * 2 ** 30, system: 'Linux 6' },
  versions: { 'polyfeat-fast': '0.1.0', Node: '20.0.0' },
  method: { rounds: 2, patience_s: 4, threads: [1, 2], measured_by: 'GNU time' },
  ...{ snapshots, scaling: [], start_up: null },
  ...more,
});
