import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeParquet } from '@polyfeat/parquet';
import { makeVector, Table, vectorFromArray } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Arm } from './arm.js';
import { runRounds } from './rounds.js';

let folder: string;
let outputs: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'polyfeat-bench-test-'));
  outputs = mkdtempSync(join(folder, 'out-'));
  const write = async (name: string, prices: number[], regimes: string[]) => {
    const table = new Table({
      mt_last_price: makeVector(Float64Array.from(prices)),
      regime: vectorFromArray(regimes),
    });
    writeFileSync(join(folder, name), await writeParquet(table));
  };
  const words = ['OTHER', 'DIRECTIONAL', 'OTHER', 'OTHER'];
  await write('right.parquet', [0.1, 0.2, 0.3, 0.4], words);
  await write('last-digit.parquet', [0.1, 0.2, 0.1 + 0.2, 0.4], words);
  await write('wrong.parquet', [0.1, 0.2, 0.3, 0.5], words);
  await write('mostly-wrong.parquet', [1, 2, 3, 0.4], words);
  await write('short.parquet', [0.1, 0.2], words.slice(0, 2));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An arm that copies a prepared file to its output, and reports. */
function copies(id: string, file: string, more: Partial<Arm> = {}): Arm {
  const script = `require('fs').copyFileSync(process.argv[1], process.argv[2]);
    require('fs').appendFileSync(process.argv[3], process.argv[4] + '\\n');
    console.log('{"seconds":0.25,"timings_ms":{"read":7,"total":9}}')`;
  return {
    ...{ id, title: `the ${id}`, group: 'peer', threads: 1, timed: 'process', family: 'token' },
    call: (out) => ({
      command: process.execPath,
      args: ['-e', script, join(folder, file), out, join(folder, 'order.txt'), id],
    }),
    ...more,
  };
}

const run = (arms: Arm[], more: { rounds?: number; patience?: number; signal?: AbortSignal } = {}) =>
  runRounds(arms, { inputs: [], folder: outputs, rounds: 2, patience: 60, say: () => {}, ...more });

// Each of them starts some processes, which takes its time on a busy machine.
describe('rounds', { timeout: 300_000 }, () => {
  it('time what is right, arms in turn, and leave nothing behind', async () => {
    rmSync(join(folder, 'order.txt'), { force: true });
    const [first, second] = await run([
      copies('ours', 'right.parquet'),
      copies('peer', 'last-digit.parquet'),
    ]);
    expect(readFileSync(join(folder, 'order.txt'), 'utf8').split('\n').slice(2, 6)).toEqual([
      'ours',
      'peer',
      'ours',
      'peer',
    ]);
    expect(first).toMatchObject({ id: 'ours', check: null, codec: expect.any(String) });
    expect(second).toMatchObject({ check: { rows: 4, wrong_rows: 0, columns: [] } });
    expect(second?.runs.map(({ round }) => round)).toEqual([1, 2]);
    const [one] = second!.runs;
    expect(one).toMatchObject({ job: 0.25, phases: { read: 7 } });
    expect(one?.seconds).toBe(one?.wall);
    expect(one?.bytes).toBeGreaterThan(100);
    expect(readdirSync(outputs)).toEqual([]);
  });

  it('catch a broken peer before it is timed', async () => {
    const [, wrong, short] = await run([
      copies('ours', 'right.parquet'),
      copies('broken', 'wrong.parquet'),
      copies('short', 'short.parquet'),
    ]);
    expect(wrong).toMatchObject({
      runs: [],
      check: { wrong_rows: 1, columns: ['mt_last_price'] },
      unavailable: 'its output is wrong: 1 of 4 rows differ in mt_last_price',
    });
    expect(short).toMatchObject({ runs: [], unavailable: 'its output has 2 rows in place of 4' });
  });

  it('count the wrong rows of one that takes arbitrary ties, and catch it when most are wrong', async () => {
    const arbitrary = { arbitraryTies: true };
    const [, some, most] = await run([
      copies('ours', 'right.parquet'),
      copies('some', 'wrong.parquet', arbitrary),
      copies('most', 'mostly-wrong.parquet', arbitrary),
    ]);
    expect(some?.runs).toHaveLength(2);
    expect(some?.check).toMatchObject({ rows: 4, wrong_rows: 1 });
    expect(most).toMatchObject({ runs: [], check: { wrong_rows: 3 } });
  });

  it('keep the reason of one that fails, or whose output is none', async () => {
    const fails = `console.error('Traceback\\nValueError: no way\\n'); process.exitCode = 3`;
    const call = () => ({ command: process.execPath, args: ['-e', fails] });
    writeFileSync(join(folder, 'garbage.parquet'), 'no Parquet');
    const [, bad, garbage, absent] = await run([
      copies('ours', 'right.parquet'),
      copies('bad', '', { call }),
      copies('garbage', 'garbage.parquet'),
      copies('absent', '', { unavailable: 'not here' }),
    ]);
    expect(bad).toMatchObject({ runs: [], unavailable: 'it failed (3): ValueError: no way' });
    expect(garbage?.unavailable).toMatch(/^its output cannot be compared: .*garbage\.parquet/);
    expect(absent).toMatchObject({ runs: [], unavailable: 'not here' });
  });

  it('run a slow one once, and that run counts', async () => {
    const [slow] = await run([copies('slow', 'right.parquet', { timed: 'job' })], { patience: 1e-6 });
    expect(slow?.runs).toMatchObject([{ round: 0, seconds: 0.25 }]);
  });

  it('end with the signal, the running program too', async () => {
    const stop = new AbortController();
    const call = () => {
      setTimeout(() => stop.abort(new Error('enough')), 200);
      return { command: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'] };
    };
    await expect(run([copies('endless', '', { call })], { signal: stop.signal })).rejects.toThrow('enough');
    expect(readdirSync(outputs)).toEqual([]);
  });
});
