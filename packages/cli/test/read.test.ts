import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, SNAPSHOT } from './support/cli.js';
import { engines, nativeAvailable, quickest } from './support/engines.js';
import { folder } from './support/folder.js';
import { GOLDEN_PRINTS, trades, writeSnapshot } from './support/tables.js';

const snapshot = async () =>
  writeSnapshot(await folder(), {
    trades: trades([
      [100, 'A'],
      [70, 'A'],
      [100, 'B'],
    ]),
    market_trades: GOLDEN_PRINTS,
  });

describe.each(engines)('summary with the %s engine', (engine) => {
  it('says of a file what build said of it', async () => {
    const out = join(await folder(), 'f.parquet');
    const built = JSON.parse(
      (await cli(['build', SNAPSHOT, '-o', out, '--engine', engine, '--json'])).stdout,
    );
    const { code, stdout, stderr } = await cli(['summary', out, '--engine', engine, '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { version, rows, regimes, pnl, warnings } = built;
    const { made, ...summed } = JSON.parse(stdout);
    expect(summed).toEqual({ version, engine, file: out, rows, regimes, pnl, warnings });
    expect(made).toMatchObject({ version, preset: 'notebook', inputs: [{ table: 'trades' }, {}] });
    const tables = await cli(['summary', out, '--engine', engine]);
    expect(tables.stdout).toMatch(/^regime +trades +share$/m);
    expect(tables.stdout).toMatch(/^made by polyfeat-fast\n {2}version {2}\d/m);
    expect(tables.stdout).toMatch(/^ {2}rules {4}the notebook's$/m);
    expect(tables.stdout).toMatch(/^ {2}input {4}trades\.parquet \(457\.7 kB\)$/m);
  });

  it('fails on a file that is not there', async () => {
    const { code, stderr } = await cli(['summary', 'no.parquet', '--engine', engine, '--json']);
    expect({ code, error: JSON.parse(stderr).error.code }).toEqual({ code: 1, error: 'NOT_FOUND' });
  });
});

describe.each(engines)('inspect with the %s engine', (engine) => {
  it('shows each file', async () => {
    const { code, stdout, stderr } = await cli(['inspect', SNAPSHOT, '--engine', engine]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^trades {2}[\d,]+ rows × 44 columns$/m);
    expect(stdout).toMatch(/^market_trades {2}[\d,]+ rows × 17 columns$/m);
    expect(stdout).toMatch(/^ {2}time +ts: 20\d\d-\S+ … 20\d\d-\S+/m);
    expect(stdout).toMatch(/^ {4,}?token_id|^ {2}token_id/m);
  });

  it('prints one object with --json', async () => {
    const path = await snapshot();
    const { code, stdout } = await cli(['inspect', path, '--engine', engine, '--json']);
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ engine, snapshot: path });
    expect(report.tables).toMatchObject([
      { table: 'trades', rows: 3, tokens: 2, markets: 1, missing: [], time: { column: 'ts', sorted: false } },
      { table: 'market_trades', rows: 5, tokens: 1, missing: [], time: { resolution: 's', sorted: true } },
    ]);
  });
});

/** The features of a snapshot, in a file of that name within it. */
async function built(engine: string, path: string, name: string, ...args: string[]): Promise<string> {
  const out = join(path, name);
  expect((await cli(['build', path, '-o', out, '--engine', engine, '--quiet', ...args])).code).toBe(0);
  return out;
}

describe.each(engines)('compare with the %s engine', (engine) => {
  it('exits with 0 for equal files and 1 for different ones', async () => {
    const path = await snapshot();
    const a = await built(engine, path, 'a.parquet', '--compression', 'none');
    const same = await built(engine, path, 'b.parquet', '--compression', 'zstd');
    const other = await built(engine, path, 'c.parquet', '--bucket', '1d');
    expect(await cli(['compare', a, same, '--engine', engine])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^equal: 3 rows × \d+ columns\n$/),
      stderr: '',
    });
    const different = await cli(['compare', a, other, '--engine', engine]);
    expect(different.code).toBe(1);
    expect(different.stdout).toMatch(/^bucket +\d/m);
    const json = await cli(['compare', a, other, '--engine', engine, '--json', '--rtol', '1e-9']);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({ engine, a, b: other, rtol: 1e-9, atol: 0, equal: false });
  });
});

describe.each(quickest)('compare by the quicker engine, %s', (engine) => {
  it('names the columns that only one has', async () => {
    const path = await snapshot();
    const a = await built(engine, path, 'a.parquet', '--windows', '60s');
    const b = await built(engine, path, 'b.parquet', '--windows', '10s');
    const { code, stdout } = await cli(['compare', a, b, '--engine', engine]);
    expect(code).toBe(1);
    expect(stdout).toContain('only in A: mt_trades_60s');
    expect(stdout).toContain('only in B: mt_trades_10s');
  });

  it('finds rows by a key where their order differs', async () => {
    const path = await snapshot();
    const a = await built(engine, path, 'a.parquet', '--order', 'token');
    const b = await built(engine, path, 'b.parquet', '--order', 'input');
    expect((await cli(['compare', a, b, '--engine', engine])).code).toBe(1);
    expect((await cli(['compare', a, b, '--engine', engine, '--key', 'event_key'])).code).toBe(0);
  });

  it('fails on a file that is not there', async () => {
    const path = await snapshot();
    const { code, stderr } = await cli([
      'compare',
      join(path, 'trades.parquet'),
      'no.parquet',
      '--engine',
      engine,
      '--json',
    ]);
    expect({ code, error: JSON.parse(stderr).error.code }).toEqual({ code: 1, error: 'NOT_FOUND' });
  });
});

describe.runIf(nativeAvailable)('verify', () => {
  it.each(['exact', 'notebook'])(
    'finds the engines equal on the bundled snapshot with %s sums',
    async (sum) => {
      const { code, stdout, stderr } = await cli(['verify', SNAPSHOT, '--sum', sum]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('the engines agree in every value');
    },
  );

  it('prints one object with --json', async () => {
    const path = await snapshot();
    const { code, stdout } = await cli(['verify', path, '--windows', '1s,1m', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      snapshot: path,
      equal: true,
      rows: 3,
      comparison: { equal: true, differences: [] },
      report_differences: [],
      options: { windows: ['1s', '60s'] },
    });
  });
});

describe('without a native binary', () => {
  // napi's loader takes the binary from this variable alone when it is set.
  const env = { NAPI_RS_NATIVE_LIBRARY_PATH: '/no/such/binary.node' };

  it('auto falls back to the TypeScript engine with a warning', async () => {
    const out = join(await folder(), 'f.parquet');
    const { code, stdout, stderr } = await cli(['build', await snapshot(), '-o', out], { env });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^polyfeat-fast: warning: the TypeScript engine is used.*\n$/);
    expect(stdout).toContain('(ts engine)');
    const json = await cli(['summary', out, '--json'], { env });
    expect(JSON.parse(json.stdout)).toMatchObject({
      engine: 'ts',
      warnings: [{ code: 'native_unavailable' }],
    });
  });

  it.each([
    ['build', ['--engine', 'native']],
    ['verify', []],
  ] as const)('%s that needs it is an error', async (name, args) => {
    const { code, stderr } = await cli([name, await snapshot(), ...args, '--json'], { env });
    expect({ code, error: JSON.parse(stderr).error.code }).toEqual({ code: 1, error: 'NATIVE_UNAVAILABLE' });
  });

  it('an engine of the environment that does not exist is a wrong call', async () => {
    const { code } = await cli(['inspect', await snapshot()], { env: { POLYFEAT_ENGINE: 'rust' } });
    expect(code).toBe(2);
  });
});
