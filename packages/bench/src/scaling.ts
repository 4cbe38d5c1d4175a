import { PolyfeatError } from '@polyfeat/core/snapshot';
import type { Arm, ArmResult } from './arm.js';
import { nativeArm } from './arms/ours.js';
import { snapshotIn, type Wanted } from './data.js';
import { parquetFiles } from './parquet-file.js';
import type { ScalingResult } from './results.js';
import { type RoundsOptions, runRounds } from './rounds.js';
import { lookAt, type Snapshot } from './snapshot.js';
import type { TableSizes } from './tables.js';

/** What is measured for the growth of cost. */
export interface ScalingRequest {
  /** The amounts around which one varies. */
  readonly base: TableSizes;
  /** What the snapshot of these amounts is called. */
  readonly name: string;
  /** Folder in which snapshots are kept. */
  readonly data: string;
  /** The most threads; all but the growth with threads is measured with them. */
  readonly threads: number;
}

/** Multiples of the size's own amounts. */
const FACTORS = [0.25, 0.5, 1, 2];
/** Tokens vary more: their number is what sizes differ in least. */
const TOKEN_FACTORS = [0.1, 0.5, 1, 4, 10];
const WINDOWS = [1, 2, 4, 8, 16];

type Of = ScalingResult['of'];

/** One amount of one thing: the arm that has it, by its id. */
interface Point {
  readonly of: Of;
  readonly amount: number;
  readonly arm: Arm;
}

/**
 * Measures how a native build in token order grows with prints, trades, tokens, windows and threads, each around one
 * size with everything else fixed. Arms go in turn, as all do. Their time is that of the job, without its start.
 *
 * @throws PolyfeatError when a snapshot cannot be made; `IO` when an arm fails.
 */
export async function measureScaling(
  request: ScalingRequest,
  options: Omit<RoundsOptions, 'inputs'>,
): Promise<ScalingResult[]> {
  const points = await pointsOf(request, options);
  const results = await runRounds(
    points.map(({ arm }) => arm),
    { ...options, inputs: [] },
  );
  const failed = results.find(({ unavailable }) => unavailable !== undefined);
  if (failed !== undefined) throw new PolyfeatError('IO', `${failed.title}: ${failed.unavailable}`);
  const all = { ...request.base, windows: 1, threads: request.threads };
  return (['prints', 'trades', 'tokens', 'windows', 'threads'] as const).map((of) => {
    const others = Object.entries(all).filter(([name]) => name !== of);
    const fixed = others.map(([name, amount]) => `${amount.toLocaleString('en-US')} ${name}`);
    const own = points.filter((point) => point.of === of);
    return { of, fixed: fixed.join(', '), points: own.map((point) => pointResult(point, results)) };
  });
}

async function pointsOf(
  { base, name: own, data, threads }: ScalingRequest,
  hooks: Pick<RoundsOptions, 'say' | 'signal'>,
): Promise<Point[]> {
  const snapshot = async (change: Wanted = {}) => {
    const wanted = { ...base, stamps: 'ms' as const, ...change };
    const name =
      Object.keys(change).length === 0 ? own : `${wanted.trades}x${wanted.prints}x${wanted.tokens}`;
    return await lookAt(await snapshotIn(data, name, wanted, hooks));
  };
  const point = (of: Of, amount: number, input: Snapshot, options: Record<string, unknown> = {}): Point => ({
    ...{ of, amount },
    arm: {
      ...nativeArm(input, {
        ...{ id: `${of}-${amount}`, title: `${amount.toLocaleString('en-US')} ${of}` },
        ...{ threads: of === 'threads' ? amount : threads, options },
      }),
      ...{ family: null, timed: 'job', inputs: parquetFiles(input.folder) },
    },
  });
  const points: Point[] = [];
  for (const of of ['prints', 'trades', 'tokens'] as const) {
    for (const factor of of === 'tokens' ? TOKEN_FACTORS : FACTORS) {
      const amount = Math.round(base[of] * factor);
      points.push(point(of, amount, await snapshot(factor === 1 ? {} : { [of]: amount })));
    }
  }
  const same = await snapshot();
  for (const windows of WINDOWS) {
    const lengths = Array.from({ length: windows }, (_, i) => `${60 * (i + 1)}s`);
    points.push(point('windows', windows, same, { windows: lengths }));
  }
  for (let n = 1; n < threads; n *= 2) points.push(point('threads', n, same));
  points.push(point('threads', threads, same));
  return points;
}

function pointResult({ amount, arm }: Point, results: readonly ArmResult[]) {
  const runs = results.find(({ id }) => id === arm.id)?.runs ?? [];
  return { amount, seconds: runs.map(({ seconds }) => seconds), cpu: runs.map(({ cpu }) => cpu) };
}
