import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { armsOf } from '../lib/bench/arms.mjs';
import { measure } from '../lib/bench/measure.mjs';
import { parseOptions } from '../lib/bench/options.mjs';
import { median, ratiosOf, snapshotReport, startUpReport } from '../lib/bench/report.mjs';
import { runRounds } from '../lib/bench/rounds.mjs';

/** @type {string[]} */
const made = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder with one small file. */
function folder() {
  const path = mkdtempSync(join(tmpdir(), 'polyfeat-bench-'));
  made.push(path);
  writeFileSync(join(path, 'trades.parquet'), 'bytes');
  return path;
}

const options = /** @type {import('../lib/bench/options.mjs').Options} */ (
  parseOptions(['--threads', '1,4', '--memory', '2G'])
);

/** @param {string} id @param {number[]} walls @returns {import('../lib/bench/rounds.mjs').Result} */
const result = (id, ...walls) => ({
  arm: { id, title: `the ${id}`, codec: 'zstd', call: () => ['', []] },
  runs: walls.map((wall) => ({ wall, cpu: 2 * wall, rss: 5e6, bytes: 1e6, phases: { all: wall * 1000 } })),
});

describe('options', () => {
  it('have defaults, and are read', () => {
    expect(parseOptions([])).toMatchObject({ snapshots: [], rounds: 3, threads: [1, 2], json: null });
    expect(parseOptions(['/a', '/b', '--rounds', '1', '--threads=8', '--memory', ''])).toMatchObject({
      ...{ snapshots: ['/a', '/b'], rounds: 1, threads: [8], memory: [] },
    });
    expect(parseOptions(['--help'])).toBeNull();
  });

  it.each([[['--rounds', '0']], [['--threads', '1,x']], [['--no-such']]])('%j is refused', (args) => {
    expect(() => parseOptions(args)).toThrow();
  });
});

describe('the arms', () => {
  const peers = { polars: { version: '2.1.0' }, duckdb: { missing: 'no Python with duckdb' } };
  const arms = armsOf(folder(), options, { roofline: false, peers });

  it('are those that ratios name', () => {
    const all = arms.map(({ id }) => result(id, 1));
    for (const { what, ratio } of ratiosOf(all, options)) expect({ what, ratio }).toEqual({ what, ratio: 1 });
  });

  it('say why they cannot be run', () => {
    const missing = arms.flatMap(({ id, unavailable }) => (unavailable ? [[id, unavailable]] : []));
    expect(Object.fromEntries(missing)).toEqual({
      'roofline-token': 'no native binary loads',
      'roofline-input': 'no native binary loads',
      'duckdb-code': 'no Python with duckdb',
    });
  });
});

describe('rounds', () => {
  /** An arm that runs a line of JavaScript. @param {string} id @param {string} script */
  const arm = (id, script) => ({
    ...{ id, title: id, codec: 'none' },
    call: (/** @type {string} */ out) =>
      /** @type {[string, string[]]} */ ([process.execPath, ['-e', script, out]]),
  });

  it('measure what runs, and keep the reason of what does not', async () => {
    const writes = `require('fs').writeFileSync(process.argv[1], '12345'); console.log('{"write":7}')`;
    const fails = `console.error('no\\nway'); process.exitCode = 3`;
    const [input, outputs] = [folder(), folder()];
    const arms = [arm('good', writes), arm('bad', fails)];
    const [good, bad] = await runRounds(arms, input, outputs, 2);
    expect(good?.runs).toHaveLength(2);
    expect(good?.runs[0]).toMatchObject({ bytes: 5, phases: { write: 7 } });
    expect(bad).toMatchObject({ runs: [], unavailable: 'it failed (3): way' });
  });
});

describe('a measurement', () => {
  it('has time, memory and both outputs of the process alone', async () => {
    const script = `Buffer.alloc(64e6, 1); console.log('out'); console.error('err'); setTimeout(() => {}, 100)`;
    const { code, wall, rss, cpu, stdout, stderr } = await measure(process.execPath, ['-e', script]);
    expect({ code, stdout, stderr: stderr.trim() }).toEqual({ code: 0, stdout: 'out\n', stderr: 'err' });
    expect(wall).toBeGreaterThan(0.1);
    if (process.platform !== 'linux') return;
    expect(rss).toBeGreaterThan(64e6);
    expect(cpu).toBeGreaterThan(0);
  });

  it('of a program that is not there fails', async () => {
    expect((await measure('no-such-program', [])).code).not.toBe(0);
  });
});

describe('the report', () => {
  it('takes medians', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });

  it('shows ratios, arms, phases, and what is missing', () => {
    const polars = result('polars-streaming', 8);
    const duckdb = { ...result('duckdb-code'), unavailable: 'not here' };
    const text = snapshotReport('S', [result('token', 2, 1, 9), polars, duckdb], options);
    expect(text).toContain('| best Polars ÷ build, token order | 4.00 |');
    expect(text).toContain('| best DuckDB ÷ build, token order | – |');
    expect(text).toContain('| the token | zstd | 2.00 | 1.00 | 4.00 | 5 | 1.0 | – |');
    expect(text).toContain('| the token | all 2000 |');
    expect(text).toContain('- the duckdb-code: not here');
    expect(startUpReport({ node: 0.04, build: 0.1 })).toContain('| 100 | 2.50 |');
  });
});
