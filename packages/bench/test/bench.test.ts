import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSnapshot } from '@polyfeat/core/bench';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPeers } from '../src/arms/peers.js';
import { bench } from '../src/bench.js';
import { snapshotIn } from '../src/data.js';
import { readResults } from '../src/results.js';
import { measureScaling } from '../src/scaling.js';

const hasNative = readdirSync(new URL('../../native', import.meta.url)).some((name) =>
  name.endsWith('.node'),
);
const quiet = { say: () => {} };
/** A patience so short that the run that checks an arm is its only one. */
const ONCE = 1e-6;
const FEW = { rounds: 1, threads: [1], patience: ONCE };

// Dozens of processes are started, which takes its time on a busy machine.
describe.runIf(hasNative)('a small run', { timeout: 600_000 }, () => {
  let folder: string;
  let small: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'polyfeat-bench-test-'));
    small = join(folder, 'small');
    await generateSnapshot({ out: small, trades: 500, prints: 5_000, tokens: 20 });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const plan = () => ({ data: folder, snapshots: [small], ...FEW, command: 'test' });

  it('measures all arms that are there, and every one that is agrees', async () => {
    const { results, text } = await bench({ ...plan(), python: 'no-such-python' }, quiet);
    const [snapshot] = results!.snapshots;
    const state = Object.fromEntries(
      snapshot!.arms.map(({ id, runs, unavailable }) => [id, unavailable ?? runs.length]),
    );
    const missing = expect.stringContaining('no Python with');
    const { node } = await findPeers('no-such-python');
    const ofNode = (library: { missing?: string }) => library.missing ?? 1;
    expect(state).toEqual({
      ...{ token: 1, input: 1, 'token-notebook': 1, 'token-snappy': 1, 'typed-arrays': 1, 'row-objects': 1 },
      ...{ 'roofline-token': 1, 'roofline-input': 1, 'rewrite-pyarrow': missing, copy: 1 },
      ...{ 'rewrite-duckdb': ofNode(node.duckdb), 'duckdb-node': ofNode(node.duckdb) },
      ...{ 'duckdb-any': ofNode(node.duckdb), 'polars-node': ofNode(node.polars) },
      ...{ polars: missing, 'polars-streaming': missing, duckdb: missing, chdb: missing, notebook: missing },
      ...{ 'compute-native': 1, 'compute-ts': 1, 'compute-rows': 1 },
    });
    expect(snapshot).toMatchObject({ name: 'small', trades: 500, prints: 5_000, tokens: 20 });
    expect(readResults(JSON.stringify(results), 'results')).toEqual(results);
    expect(text).toContain('| native ÷ roofline, token order |');
  });

  it('measures phases of our own arms', async () => {
    const { results, text } = await bench({ ...plan(), mode: 'phases' }, quiet);
    expect(results?.snapshots[0]?.arms.every(({ group }) => group !== 'peer')).toBe(true);
    expect(text).toMatch(/\| arm \| .*tape.* \|/);
  });

  it('measures how cost grows, on snapshots that it makes once', async () => {
    const base = { trades: 200, prints: 2_000, tokens: 20 };
    const said: string[] = [];
    const options = { folder, rounds: 1, patience: ONCE, say: (line: string) => said.push(line) };
    const request = { base, name: 'base', data: join(folder, 'data'), threads: 2 };
    const scaling = await measureScaling(request, options);
    const amounts = scaling.map(({ of, points }) => [of, points.map(({ amount }) => amount)]);
    expect(Object.fromEntries(amounts)).toEqual({
      ...{ prints: [500, 1_000, 2_000, 4_000], trades: [50, 100, 200, 400], tokens: [2, 10, 20, 80, 200] },
      ...{ windows: [1, 2, 4, 8, 16], threads: [1, 2] },
    });
    for (const { points } of scaling) for (const { seconds } of points) expect(seconds).toHaveLength(1);
    expect(said.filter((line) => line.startsWith('making'))).toHaveLength(11);
    expect(scaling[0]?.fixed).toBe('200 trades, 20 tokens, 1 windows, 2 threads');
  });

  it('refuses arms that there are not, and folders without a snapshot', async () => {
    await expect(bench({ ...plan(), arms: ['duck'] }, quiet)).rejects.toThrow(
      /^no arm is called duck; there are token, input, /,
    );
    await expect(bench({ ...plan(), snapshots: [folder] }, quiet)).rejects.toThrow(
      /has no trades\.parquet, which is needed to measure$/,
    );
  });

  it('says in one line when the peers for Python cannot be installed', async () => {
    const more = { python: 'no-such-python', installPythonPeers: true };
    await expect(bench({ ...plan(), ...more }, quiet)).rejects.toThrow(
      /^the peers for Python cannot be installed: .*no-such-python.*$/,
    );
  });

  it('keeps snapshots that it makes, and makes them anew for other options', async () => {
    const said: string[] = [];
    const hooks = { say: (line: string) => said.push(line) };
    const make = (seed: number) =>
      snapshotIn(join(folder, 'kept'), 'tiny', { trades: 10, prints: 100, tokens: 2, seed }, hooks);
    const made = await make(1);
    expect(existsSync(join(made, 'trades.parquet'))).toBe(true);
    await make(1);
    expect(said).toHaveLength(1);
    await make(2);
    expect(said).toHaveLength(2);
  });
});
