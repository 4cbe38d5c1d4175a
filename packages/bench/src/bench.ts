import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEngine, PolyfeatError } from '@polyfeat/core/snapshot';
import type { Arm, ArmResult } from './arm.js';
import { computeArms } from './arms/compute.js';
import { limitArms } from './arms/limit.js';
import { type Memory, nativeArms, typescriptArms } from './arms/ours.js';
import { findPeers, type Peers, peerArms } from './arms/peers.js';
import { measureBoundary } from './boundary/boundary.js';
import { SIZES, snapshotIn } from './data.js';
import { parquetFiles } from './parquet-file.js';
import { installPythonPeers, pythonOf, type ThrowAwayPython } from './python.js';
import { runReport } from './report/run.js';
import type { Results, SnapshotResult, StartUp } from './results.js';
import { type RoundsOptions, runRounds } from './rounds.js';
import { measureScaling } from './scaling.js';
import { lookAt, type Snapshot } from './snapshot.js';
import { measureStartUp, type StartUpRequest } from './start-up.js';
import { headingOf } from './surroundings.js';

/** What is measured: all arms; ours alone, by phases; the growth of cost; what a call from JavaScript costs. */
export type Mode = 'arms' | 'phases' | 'scaling' | 'boundary';

/** What to measure, and how. What is left out is as `polyfeat-fast bench --help` says. */
export interface BenchPlan {
  readonly mode?: Mode | undefined;
  /** The size of the snapshot that is made when none is named. */
  readonly size?: keyof typeof SIZES | undefined;
  /** What its stamps are multiples of. */
  readonly stamps?: 'ms' | 's' | undefined;
  /** Folders of snapshots to measure in its place. */
  readonly snapshots?: readonly string[] | undefined;
  /** Folder in which snapshots that are made are kept. */
  readonly data: string;
  /** How often each arm is timed. */
  readonly rounds?: number | undefined;
  /** Seconds: an arm whose first run takes longer is not run again. */
  readonly patience?: number | undefined;
  /** Numbers of threads of the native engine; the last one is everybody's. */
  readonly threads?: readonly number[] | undefined;
  /** Bounds of memory to try besides. */
  readonly memory?: readonly Memory[] | undefined;
  /** Ids and groups of the arms to run; empty: all. */
  readonly arms?: readonly string[] | undefined;
  /** A Python that may have peers. */
  readonly python?: string | undefined;
  /** A virtual environment that may have peers; it goes before `python`. */
  readonly venv?: string | undefined;
  /** Whether to install the peers for Python into an environment that is thrown away. */
  readonly installPythonPeers?: boolean | undefined;
  /** What start-up is measured with. */
  readonly startUp?: StartUpRequest | undefined;
  /** What repeats the run, for the record. */
  readonly command: string;
}

/** How a run tells what goes on, and is stopped. */
export interface BenchHooks {
  /** Takes a line about what goes on. */
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** What a run found. */
export interface BenchReport {
  /** Null for `boundary`, which gives tables alone. */
  readonly results: Results | null;
  /** Tables in Markdown. */
  readonly text: string;
}

/** Arms of large snapshots are run less often, and slow ones once. */
const PATIENCE = { S: 8, M: 60, L: 60 } as const;
const ROUNDS = { S: 5, M: 5, L: 2 } as const;

/**
 * Measures, and puts what was found into tables.
 *
 * An arm that fails, is wrong or is not there has its reason in place of runs; outputs go to the system's temporary
 * folder and are removed.
 *
 * @throws PolyfeatError when a snapshot cannot be made or looked at, or `arms` names none; the signal's reason.
 */
export async function bench(plan: BenchPlan, hooks: BenchHooks): Promise<BenchReport> {
  const size = plan.size ?? 'S';
  const rounds = plan.rounds ?? ROUNDS[size];
  if (plan.mode === 'boundary') {
    return { results: null, text: await measureBoundary(SIZES[size], rounds, hooks.say) };
  }
  const folder = mkdtempSync(join(tmpdir(), 'polyfeat-bench-'));
  let installed: ThrowAwayPython | null = null;
  try {
    const python = plan.venv === undefined ? (plan.python ?? 'python3') : pythonOf(plan.venv);
    if (plan.installPythonPeers) installed = await installPythonPeers(python, hooks);
    const cores = availableParallelism();
    const setting: Setting = {
      ...{ size, rounds, folder, say: hooks.say, signal: hooks.signal },
      patience: plan.patience ?? PATIENCE[size],
      threads: plan.threads ?? (cores > 1 ? [1, cores] : [1]),
      peers: await findPeers(installed?.python ?? python),
    };
    const results = await resultsOf(plan, setting);
    return { results, text: runReport(results, plan.mode ?? 'arms') };
  } finally {
    installed?.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A plan with its defaults filled in. */
interface Setting extends Omit<RoundsOptions, 'inputs'> {
  readonly size: keyof typeof SIZES;
  readonly threads: readonly number[];
  readonly peers: Peers;
}

async function resultsOf(plan: BenchPlan, setting: Setting): Promise<Results> {
  const { size, threads } = setting;
  const head = headingOf(plan.command, setting);
  if (plan.mode === 'scaling') {
    const request = { base: SIZES[size], name: size, data: plan.data, threads: threads.at(-1)! };
    return { ...head, snapshots: [], scaling: await measureScaling(request, setting), start_up: null };
  }
  const named = plan.snapshots ?? [];
  const folders = named.length > 0 ? named : [await generated(plan, setting)];
  const wanted = plan.mode === 'phases' ? ['ours', 'typescript', ...ROOFLINES] : (plan.arms ?? []);
  const snapshots: SnapshotResult[] = [];
  for (const folder of folders) {
    snapshots.push(await benchSnapshot(await lookAt(folder), wanted, plan.memory ?? [], setting));
  }
  const start_up = plan.startUp === undefined ? null : await startUp(plan.startUp, setting);
  return { ...head, snapshots, scaling: [], start_up };
}

/** The snapshot of the plan's size; that of whole seconds has a name of its own. */
function generated({ data, stamps = 'ms' }: BenchPlan, setting: Setting): Promise<string> {
  const { size } = setting;
  return snapshotIn(data, stamps === 's' ? `${size}-seconds` : size, { ...SIZES[size], stamps }, setting);
}

const ROOFLINES = ['roofline-token', 'roofline-input'];

async function startUp(request: StartUpRequest, options: Omit<RoundsOptions, 'inputs'>): Promise<StartUp> {
  options.say('start-up:');
  return await measureStartUp(request, options.folder, options.rounds);
}

async function benchSnapshot(
  snapshot: Snapshot,
  wanted: readonly string[],
  memory: readonly Memory[],
  options: Setting,
): Promise<SnapshotResult> {
  const { threads, peers } = options;
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
    throw new PolyfeatError('INVALID_OPTION', `no arm is called ${wanted.join(' or ')}; there are ${ids}`);
  }
  options.say(`${name}: ${trades} trades, ${prints} prints`);
  const tokens = computes ? await tokensOf(folder) : null;
  const results: ArmResult[] = await runRounds(onFiles, { ...options, inputs: parquetFiles(folder) });
  results.push(...(await runRounds(chosen(inMemory(tokens ?? 0), wanted), { ...options, inputs: [] })));
  return { name, trades, prints, tokens, files, arms: results };
}

/** The arms that were asked for; one that is run on demand only has that for a reason, unless it is named. */
function chosen(arms: readonly Arm[], wanted: readonly string[]): Arm[] {
  return arms
    .filter(({ id, group }) => wanted.length === 0 || wanted.includes(id) || wanted.includes(group))
    .map((arm) => {
      const unavailable = arm.unavailable ?? (wanted.includes(arm.id) ? undefined : arm.onDemand);
      return unavailable === undefined ? arm : { ...arm, unavailable };
    });
}

/** Distinct tokens of the tape, which tables in memory get as many of. */
async function tokensOf(folder: string): Promise<number | null> {
  const { engine } = await loadEngine('auto');
  const { tables } = await engine.inspect(folder, null);
  return tables.find(({ table }) => table === 'market_trades')?.tokens ?? null;
}
