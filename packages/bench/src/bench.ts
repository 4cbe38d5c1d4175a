import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, release, tmpdir, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { loadEngine } from '@polyfeat/core/snapshot';
import type { Arm, ArmResult } from './arm.js';
import { computeArms } from './arms/compute.js';
import { limitArms } from './arms/limit.js';
import { type Memory, nativeArms, typescriptArms } from './arms/ours.js';
import { findPeers, type Peers, peerArms } from './arms/peers.js';
import { method } from './measure.js';
import { parquetFiles } from './parquet-file.js';
import { packageFile } from './paths.js';
import type { Machine, Results, SnapshotResult, StartUp } from './results.js';
import { type RoundsOptions, runRounds } from './rounds.js';
import { lookAt, type Snapshot } from './snapshot.js';
import { measureStartUp, type StartUpRequest } from './start-up.js';

/** What to measure, and how. */
export interface BenchRequest {
  /** Folders of snapshots, and how tables call them. */
  readonly snapshots: readonly { readonly folder: string; readonly name: string }[];
  /** How often each arm is timed. */
  readonly rounds: number;
  /** Seconds: an arm whose first run takes longer is not run again. */
  readonly patience: number;
  /** Numbers of threads of the native engine; the last one is everybody's. */
  readonly threads: readonly number[];
  /** Bounds of memory to try besides. */
  readonly memory: readonly Memory[];
  /** A Python that may have peers. */
  readonly python: string;
  /** Ids and groups of the arms to run; empty: all. */
  readonly arms: readonly string[];
  /** What start-up is measured with; null: it is not. */
  readonly startUp: StartUpRequest | null;
  /** What repeats the run, for the record. */
  readonly command: string;
}

/** How a run tells what goes on, and is stopped. */
export interface BenchHooks {
  /** Takes a line about what goes on. */
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Measures arms on snapshots.
 *
 * @returns what was measured; an arm that failed or is not there has its reason in place of runs.
 * @throws Error when a snapshot cannot be looked at, or `arms` names none; the signal's reason.
 */
export async function runBench(request: BenchRequest, { say, signal }: BenchHooks): Promise<Results> {
  const peers = await findPeers(request.python);
  const folder = mkdtempSync(join(tmpdir(), 'polyfeat-bench-'));
  try {
    const options = { ...request, folder, say, signal };
    const snapshots: SnapshotResult[] = [];
    for (const { folder: input, name } of request.snapshots) {
      snapshots.push(await benchSnapshot(await lookAt(input, name), request, peers, options));
    }
    return {
      ...heading(request, peers),
      snapshots,
      scaling: [],
      start_up: request.startUp && (await startUp(request.startUp, options)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startUp(request: StartUpRequest, options: Omit<RoundsOptions, 'inputs'>): Promise<StartUp> {
  options.say('start-up:');
  return await measureStartUp(request, options.folder, options.rounds);
}

async function benchSnapshot(
  snapshot: Snapshot,
  { threads, memory, arms: wanted }: BenchRequest,
  peers: Peers,
  options: Omit<RoundsOptions, 'inputs'>,
): Promise<SnapshotResult> {
  const most = threads.at(-1)!;
  const { name, folder, trades, prints, files } = snapshot;
  const all = [
    ...nativeArms(snapshot, threads, memory),
    ...typescriptArms(snapshot),
    ...limitArms(snapshot, most, peers),
    ...peerArms(snapshot, most, peers),
  ];
  const inMemory = (tokens: number) => computeArms({ trades, prints, tokens }, most);
  const onFiles = chosen(all, wanted);
  const computes = chosen(inMemory(0), wanted).some(({ unavailable }) => unavailable === undefined);
  if (onFiles.length === 0 && chosen(inMemory(0), wanted).length === 0) {
    const ids = [...all, ...inMemory(0)].map(({ id }) => id).join(', ');
    throw new Error(`no arm is called ${wanted.join(' or ')}; there are ${ids}`);
  }
  options.say(`${name}: ${trades} trades, ${prints} prints`);
  const tokens = computes ? await tokensOf(folder) : null;
  const results: ArmResult[] = await runRounds(onFiles, { ...options, inputs: parquetFiles(folder) });
  results.push(...(await runRounds(chosen(inMemory(tokens ?? 0), wanted), { ...options, inputs: [] })));
  return { name, trades, prints, tokens, files, arms: results };
}

const chosen = (arms: readonly Arm[], wanted: readonly string[]): Arm[] =>
  arms.filter(({ id, group }) => wanted.length === 0 || wanted.includes(id) || wanted.includes(group));

/** Distinct tokens of the tape, which tables in memory get as many of. */
async function tokensOf(folder: string): Promise<number | null> {
  const { engine } = await loadEngine('auto');
  const { tables } = await engine.inspect(folder, null);
  return tables.find(({ table }) => table === 'market_trades')?.tokens ?? null;
}

/** What results say of the run itself. */
export function heading(
  { rounds, patience, threads, command }: BenchRequest,
  peers: Peers,
): Omit<Results, 'snapshots' | 'scaling' | 'start_up'> {
  const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8'));
  return {
    schema: 1,
    measured_at: new Date().toISOString(),
    command,
    machine: machine(),
    versions: { 'polyfeat-fast': version, Node: process.version.slice(1), ...versionsOf(peers) },
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
