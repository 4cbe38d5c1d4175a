import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Arm, ArmResult, Check, Run } from './arm.js';
import { readChildReport } from './child-report.js';
import { compareOutputs } from './compare.js';
import { failure, type Measured, measure, warm } from './measure.js';
import { codecOf } from './parquet-file.js';

/** How arms are run. */
export interface RoundsOptions {
  /** Files that are read to the end before each run, so that the page cache is warm for all alike. */
  readonly inputs: readonly string[];
  /** Folder for outputs; nothing stays in it. */
  readonly folder: string;
  /** How often each arm is timed. */
  readonly rounds: number;
  /** Seconds: an arm whose first run takes longer is not run again, and that run is its only one. */
  readonly patience: number;
  /** Takes a line about what goes on. */
  readonly say: (line: string) => void;
  /** Ends the run and the program that is being measured; the promise then rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The largest share of wrong rows with which an arm that takes arbitrary ties is still measured. */
const MOST_WRONG = 0.5;

/** What is gathered about an arm while it is measured. */
interface State {
  readonly arm: Arm;
  readonly runs: Run[];
  unavailable: string | undefined;
  check: Check | null;
  codec: string | null;
  single: boolean;
}

/**
 * Runs every arm once to look at its output, and then all of them one after another, `rounds` times over: what
 * disturbs the machine for a while disturbs all alike. An arm that fails, or whose output is wrong, is not timed and
 * keeps the reason.
 */
export async function runRounds(arms: readonly Arm[], options: RoundsOptions): Promise<ArmResult[]> {
  const states = arms.map(
    (arm): State => ({
      arm,
      runs: [],
      unavailable: arm.unavailable,
      check: null,
      codec: null,
      single: false,
    }),
  );
  await checkAll(states, options);
  for (let round = 1; round <= options.rounds; round++) {
    for (const state of states) {
      if (state.unavailable !== undefined || state.single) continue;
      const { measured, out } = await runOnce(state.arm, options, false);
      options.say(`  ${round}/${options.rounds} ${state.arm.title}: ${measured.wall.toFixed(2)} s`);
      if (measured.code === 0) state.runs.push(runOf(state.arm, measured, out, round));
      else {
        state.unavailable = `it failed (${measured.code}): ${failure(measured)}`;
        state.runs.length = 0;
      }
      remove(out);
    }
  }
  return states.map(({ arm, runs, unavailable, check, codec }) => ({
    ...{ id: arm.id, title: arm.title, group: arm.group, threads: arm.threads, timed: arm.timed },
    ...(unavailable !== undefined && { unavailable }),
    ...{ check, codec, runs },
  }));
}

/** Runs each arm once and compares what it writes with what the first of its family wrote. */
async function checkAll(states: readonly State[], options: RoundsOptions): Promise<void> {
  const references = new Map<string, string>();
  try {
    for (const state of states) {
      if (state.unavailable !== undefined) continue;
      const { measured, out } = await runOnce(state.arm, options, true);
      const reference = state.arm.family === null ? undefined : references.get(state.arm.family);
      if (measured.code !== 0) state.unavailable = `it failed (${measured.code}): ${failure(measured)}`;
      else {
        state.codec = await codecOf(out);
        if (reference !== undefined) await checkOutput(state, reference, out);
      }
      const seen = state.unavailable ?? `checked, ${measured.wall.toFixed(2)} s`;
      options.say(`  ${state.arm.title}: ${seen}`);
      state.single = measured.wall > options.patience;
      if (state.single && state.unavailable === undefined) {
        state.runs.push(runOf(state.arm, measured, out, 0));
      }
      const isReference = state.arm.family !== null && reference === undefined;
      if (isReference && state.unavailable === undefined) references.set(state.arm.family, out);
      else remove(out);
    }
  } finally {
    for (const out of references.values()) remove(out);
  }
}

async function checkOutput(state: State, reference: string, out: string): Promise<void> {
  const compared = await compareOutputs(reference, out);
  if ('reason' in compared) {
    state.unavailable = compared.reason;
    return;
  }
  state.check = compared;
  const allowed = state.arm.arbitraryTies ? MOST_WRONG * compared.rows : 0;
  if (compared.wrong_rows > allowed) {
    const share = `${compared.wrong_rows} of ${compared.rows} rows`;
    state.unavailable = `its output is wrong: ${share} differ in ${compared.columns.join(', ')}`;
  }
}

async function runOnce(arm: Arm, { inputs, folder, signal }: RoundsOptions, checking: boolean) {
  const out = join(folder, `${arm.id}.parquet`);
  await warm(arm.inputs ?? inputs);
  const measured = await measure(arm.call(out, checking), signal);
  signal?.throwIfAborted();
  return { measured, out };
}

function runOf(arm: Arm, { wall, cpu, rss, stdout }: Measured, out: string, round: number): Run {
  const { seconds: job, phases } = readChildReport(stdout);
  const bytes = statSync(out, { throwIfNoEntry: false })?.size ?? 0;
  return {
    ...{ round, wall, seconds: arm.timed === 'job' && job !== null ? job : wall, job, cpu, rss, bytes },
    phases,
  };
}

/** Removes an output and what a peer may have left beside it. */
function remove(out: string): void {
  for (const path of [out, `${out}.tmp`]) rmSync(path, { recursive: true, force: true });
}
