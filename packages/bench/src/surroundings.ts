import { cpus, release, totalmem, type } from 'node:os';
import type { Peers } from './arms/peers.js';
import { method } from './measure.js';
import { version } from './paths.js';
import type { Machine, Results } from './results.js';

/** How a run measures. */
interface Given {
  readonly rounds: number;
  readonly patience: number;
  readonly threads: readonly number[];
  readonly peers: Peers;
}

/** What results say of the run itself. */
export function headingOf(
  command: string,
  { rounds, patience, threads, peers }: Given,
): Omit<Results, 'snapshots' | 'scaling' | 'start_up'> {
  return {
    schema: 1,
    measured_at: new Date().toISOString(),
    command,
    machine: machine(),
    versions: { 'polyfeat-fast': version(), Node: process.version.slice(1), ...versionsOf(peers) },
    method: { rounds, patience_s: patience, threads, measured_by: method },
  };
}

function machine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() || 'unknown processor',
    cores: cpus().length,
    memory_bytes: totalmem(),
    system: `${type()} ${release()}`,
  };
}

function versionsOf({ node, python }: Peers): Record<string, string> {
  const named = {
    '@duckdb/node-api': node.duckdb,
    'nodejs-polars': node.polars,
    'Polars for Python': python.polars,
    'DuckDB for Python': python.duckdb,
    pandas: python.pandas,
    pyarrow: python.pyarrow,
    chdb: python.chdb,
  };
  return Object.fromEntries(
    Object.entries(named).flatMap(([name, { version }]) => (version === undefined ? [] : [[name, version]])),
  );
}
