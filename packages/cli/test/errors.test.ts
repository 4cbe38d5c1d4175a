import { mkdir, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Float64, Int64, Utf8 } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { cli, SNAPSHOT } from './support/cli.js';
import { engines, quickest } from './support/engines.js';
import { contents, folder, snapshotCopy } from './support/folder.js';
import { canMount, cliWithMount } from './support/mount.js';
import { type Columns, GOLDEN_PRINTS, trades, writeSnapshot } from './support/tables.js';

const OLD = 'what was there before';

/** What an error looks like to a program. */
interface ErrorObject {
  code: string;
  message: string;
  file: string | null;
  column: string | null;
  row: number | null;
}

/** Fails to build over an old file; the error, after all that holds for every error was checked. */
async function failed(engine: string, snapshot: string, args: string[] = [], exit = 1): Promise<ErrorObject> {
  const target = await folder();
  const out = join(target, 'features.parquet');
  await writeFile(out, OLD);
  const call = ['build', snapshot, '--out', out, '--engine', engine, ...args];
  const [plain, json] = await Promise.all([cli(call), cli([...call, '--json'])]);
  expect(plain).toMatchObject({ code: exit, stdout: '' });
  expect(plain.stderr).toMatch(/^polyfeat-fast: error: [^\n]+\n$/);
  expect(plain.stderr).not.toMatch(/\n? {4}at |panicked|undefined|\[object/);
  expect(json).toMatchObject({ code: exit, stdout: '' });
  expect(await readFile(out, 'utf8')).toBe(OLD);
  expect(await contents(target)).toEqual(['features.parquet']);
  const { error } = JSON.parse(json.stderr) as { error: ErrorObject };
  expect(Object.keys(error)).toEqual(['code', 'message', 'file', 'column', 'row']);
  return error;
}

const withTrades = async (change: Columns) =>
  writeSnapshot(await folder(), {
    trades: {
      ...trades([
        [1, 'A'],
        [2, 'B'],
      ]),
      ...change,
    },
    market_trades: GOLDEN_PRINTS,
  });
const withTape = async (change: Columns) =>
  writeSnapshot(await folder(), {
    trades: trades([[1, 'A']]),
    market_trades: { ...GOLDEN_PRINTS, ...change },
  });

describe.each(quickest)('errors with the quicker engine, %s', (engine) => {
  it('no such directory', async () => {
    const path = join(await folder(), 'nowhere');
    const error = await failed(engine, path);
    expect(error.code).toBe('NOT_FOUND');
    expect(error.message).toContain(path);
  });

  it('a file in place of the directory', async () => {
    expect((await failed(engine, join(SNAPSHOT, 'trades.parquet'))).code).toMatch(
      /^(NOT_FOUND|NO_TRADES|IO)$/,
    );
  });

  it('no trades.parquet', async () => {
    const path = await snapshotCopy(await folder());
    await rm(join(path, 'trades.parquet'));
    const error = await failed(engine, path);
    expect(error.code).toBe('NO_TRADES');
    expect(error.message).toContain('trades.parquet');
  });

  it.each(['trades', 'market_trades'])('%s.parquet is empty', async (table) => {
    const path = await snapshotCopy(await folder());
    await truncate(join(path, `${table}.parquet`));
    const error = await failed(engine, path);
    expect(error).toMatchObject({ code: 'NOT_PARQUET', file: join(path, `${table}.parquet`) });
  });

  it.each(['trades', 'market_trades'])('%s.parquet is not Parquet', async (table) => {
    const path = await snapshotCopy(await folder());
    await writeFile(join(path, `${table}.parquet`), 'ts,token_id\n1,2\n'.repeat(100));
    expect(await failed(engine, path)).toMatchObject({
      code: 'NOT_PARQUET',
      file: join(path, `${table}.parquet`),
    });
  });

  it.each(['trades', 'market_trades'])('%s.parquet is cut off', async (table) => {
    const path = await snapshotCopy(await folder());
    const file = join(path, `${table}.parquet`);
    const handle = await open(file, 'r+');
    await handle.truncate(Math.floor((await handle.stat()).size / 2));
    await handle.close();
    const error = await failed(engine, path);
    expect(error.code).toMatch(/^(CORRUPT|NOT_PARQUET)$/);
    expect(error.file).toBe(file);
  });

  it.each(['trades', 'market_trades'])('%s.parquet is broken inside', async (table) => {
    const path = await snapshotCopy(await folder());
    const file = join(path, `${table}.parquet`);
    const handle = await open(file, 'r+');
    await handle.write(Buffer.alloc(200_000, 0xff), 0, 200_000, 4);
    await handle.close();
    expect(await failed(engine, path)).toMatchObject({ code: 'CORRUPT', file });
  });

  it.each(['ts', 'token_id', 'market_slug', 'side', 'outcome', 'size'])(
    'trades without %s',
    async (column) => {
      const { [column]: _left, ...rest } = trades([[1, 'A']]);
      const path = await writeSnapshot(await folder(), { trades: rest, market_trades: GOLDEN_PRINTS });
      const error = await failed(engine, path);
      expect(error).toMatchObject({ code: 'MISSING_COLUMN', column, file: join(path, 'trades.parquet') });
    },
  );

  it.each(['ts', 'token_id', 'price', 'size'])('market_trades without %s', async (column) => {
    const { [column]: _left, ...rest } = GOLDEN_PRINTS;
    const path = await writeSnapshot(await folder(), { trades: trades([[1, 'A']]), market_trades: rest });
    const error = await failed(engine, path);
    expect(error).toMatchObject({
      code: 'MISSING_COLUMN',
      column,
      file: join(path, 'market_trades.parquet'),
    });
  });

  it('a token id that is a double', async () => {
    const error = await failed(engine, await withTrades({ token_id: [new Float64(), [1, 2]] }));
    expect(error).toMatchObject({ code: 'WRONG_TYPE', column: 'token_id' });
  });

  it('a price that is a text', async () => {
    const error = await failed(engine, await withTape({ price: [new Utf8(), ['1', '2', '3', '4', '5']] }));
    expect(error).toMatchObject({ code: 'WRONG_TYPE', column: 'price' });
  });

  it('an integer time without its unit', async () => {
    const path = await withTrades({ ts: [new Int64(), [1n, 2n]] });
    const error = await failed(engine, path);
    expect(error).toMatchObject({ code: 'WRONG_TYPE', column: 'ts' });
    expect(error.message).toContain('--ts-unit');
    const out = join(path, 'f.parquet');
    expect(
      await cli(['build', path, '-o', out, '--engine', engine, '--ts-unit', 's', '--quiet']),
    ).toMatchObject({
      code: 0,
      stderr: '',
    });
  });

  it('a column to pass through that is not there', async () => {
    const error = await failed(engine, SNAPSHOT, ['--columns', 'ts,no_such_column']);
    expect(error).toMatchObject({ code: 'MISSING_COLUMN', column: 'no_such_column' });
  });

  it('a bucket that is no whole number of the unit', async () => {
    expect((await failed(engine, await withTrades({}), ['--bucket', '1500us'])).code).toBe('BUCKET_UNIT');
  });

  it('no snapshot for a username', async () => {
    const root = await folder();
    await mkdir(join(root, 'bob-1'));
    const call = ['build', '--snapshots-root', root, '--username', 'ann', '--engine', engine];
    const { code, stderr } = await cli(call);
    expect(code).toBe(1);
    expect(stderr).toContain('ann-*');
    expect(JSON.parse((await cli([...call, '--json'])).stderr).error.code).toBe('NO_SNAPSHOT');
  });

  it.each([
    ['an unknown option', ['--label-column', 'x']],
    ['no thread', ['--threads', '0']],
    ['more threads than anyone has', ['--threads', '1000000000']],
    ['a bad size of memory', ['--memory', '1X']],
    ['a bad duration', ['--windows', '60']],
    ['the same duration twice', ['--returns', '60s,1m']],
    ['an unknown choice', ['--sum', 'fast']],
  ])('%s', async (_what, args) => {
    expect((await failed(engine, SNAPSHOT, args, 2)).code).toBe('USAGE');
  });

  it('an output folder that is missing', async () => {
    const out = join(await folder(), 'missing', 'f.parquet');
    const { code, stderr } = await cli(['build', SNAPSHOT, '-o', out, '--engine', engine, '--json']);
    expect({ code, error: JSON.parse(stderr).error.code }).toEqual({ code: 1, error: 'OUT_DIR_MISSING' });
  });

  it('an output folder that is a file', async () => {
    const path = await folder();
    await writeFile(join(path, 'file'), OLD);
    const out = join(path, 'file', 'f.parquet');
    const { code, stderr } = await cli(['build', SNAPSHOT, '-o', out, '--engine', engine, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stderr).error.code).toMatch(/^OUT_(DIR_MISSING|NOT_WRITABLE)$/);
    expect(await contents(path)).toEqual(['file']);
  });

  it('an output file that is a folder', async () => {
    const path = await folder();
    const { code, stderr } = await cli(['build', SNAPSHOT, '-o', path, '--engine', engine, '--json']);
    expect({ code, error: JSON.parse(stderr).error.code }).toEqual({ code: 1, error: 'OUT_NOT_WRITABLE' });
    expect(await contents(path)).toEqual([]);
  });

  it.each(['trades', 'market_trades'])('an output that is the input %s', async (table) => {
    const path = await snapshotCopy(await folder());
    const file = join(path, `${table}.parquet`);
    const before = await readFile(file);
    const { code, stderr } = await cli(['build', path, '-o', file, '--engine', engine, '--json']);
    expect({ code, error: JSON.parse(stderr).error.code }).toEqual({ code: 1, error: 'OUT_IS_INPUT' });
    expect((await readFile(file)).equals(before)).toBe(true);
  });
});

describe.each(engines)('errors with the %s engine', (engine) => {
  it('no such directory', async () => {
    expect((await failed(engine, join(await folder(), 'nowhere'))).code).toBe('NOT_FOUND');
  });

  it('a file that is no Parquet', async () => {
    const path = await snapshotCopy(await folder());
    const file = join(path, 'trades.parquet');
    await writeFile(file, 'ts,token_id\n1,2\n'.repeat(100));
    expect(await failed(engine, path)).toMatchObject({ code: 'NOT_PARQUET', file });
  });

  it('a column of the wrong type', async () => {
    const path = await withTrades({ token_id: [new Float64(), [1, 2]] });
    expect(await failed(engine, path)).toMatchObject({ code: 'WRONG_TYPE', column: 'token_id' });
  });

  it.runIf(canMount)('a full disk', async () => {
    const disk = await folder();
    const out = join(disk, 'features.parquet');
    const call = ['build', SNAPSHOT, '--out', out, '--engine', engine];
    const { code, stdout, stderr } = await cliWithMount('rw', disk, `printf old > features.parquet`, call);
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'features.parquet\n' });
    expect(stderr).toMatch(/^polyfeat-fast: error: [^\n]+\n$/);
    const json = await cliWithMount('rw', disk, 'true', [...call, '--json']);
    expect(JSON.parse(json.stderr).error.code).toBe('DISK_FULL');
    expect(json.stdout).toBe('');
  });

  it.runIf(canMount)('an output folder that is read-only', async () => {
    const disk = await folder();
    const call = ['build', SNAPSHOT, '--out', join(disk, 'features.parquet'), '--engine', engine, '--json'];
    const { code, stdout, stderr } = await cliWithMount('ro', disk, 'printf old > features.parquet', call);
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'features.parquet\n' });
    expect(JSON.parse(stderr).error.code).toBe('OUT_NOT_WRITABLE');
  });
});

describe('--debug', () => {
  it('adds the stack, which is not shown otherwise', async () => {
    const { code, stderr } = await cli(['build', 'no/such/snapshot', '--engine', 'ts', '--debug']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^polyfeat-fast: error: [^\n]+\n(.*\n)* {4}at /);
  });
});
