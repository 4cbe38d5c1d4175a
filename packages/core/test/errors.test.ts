/** Whatever goes wrong, both engines say the same of it. */
import { mkdir, readdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Bool, Field, Int64, List, TimeUnit, Utf8, vectorFromArray } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { parseDuration } from '../src/duration.js';
import { PolyfeatError } from '../src/errors.js';
import type { BuildRequest, Engine } from '../src/types.js';
import { raw64, stamps } from './support/columns.js';
import { bothEngines, native } from './support/engines.js';
import {
  type Columns,
  goldenTape,
  goldenTrades,
  numbers,
  request,
  scratch,
  texts,
  writeColumns,
  writeSnapshot,
} from './support/snapshot.js';

const folder = await scratch();
let count = 0;
const fresh = () => join(folder, `s${++count}`);
const OLD = 'what was there before';

/** A snapshot that is in order but for these columns, with a features file of old. */
async function snapshot(trades: Columns = {}, tape: Columns = {}): Promise<string> {
  const directory = await writeSnapshot(fresh(), {
    trades: { ...goldenTrades(), ...trades },
    market_trades: { ...goldenTape(), ...tape },
  });
  await writeFile(join(directory, 'features.parquet'), OLD);
  return directory;
}

const without = (columns: Columns, name: string): Columns =>
  Object.fromEntries(Object.entries(columns).filter(([column]) => column !== name));

/** A snapshot with one file changed by hand. */
async function damaged(table: string, change: (file: string, bytes: Buffer) => Promise<unknown>) {
  const directory = await snapshot();
  const file = join(directory, `${table}.parquet`);
  await change(file, await readFile(file));
  return directory;
}

type Run = (engine: Engine) => Promise<unknown>;

/** What a failing job says. */
async function failure(run: Run, engine: Engine): Promise<PolyfeatError> {
  const error = await run(engine).then(
    () => expect.unreachable(`the ${engine.name} engine went well`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof PolyfeatError)) throw error;
  return error;
}

/** Runs a job that has to fail by both engines, and compares what they say. */
async function sameFailure(run: Run, expected: Partial<PolyfeatError>): Promise<void> {
  const { native, ts } = bothEngines();
  const [one, other] = [await failure(run, native), await failure(run, ts)];
  const facts = ({ code, file, column, row }: PolyfeatError) => ({ code, file, column, row });
  expect.soft(facts(one)).toMatchObject(expected);
  expect.soft(facts(one)).toEqual(facts(other));
  for (const { message, file, column, row } of [one, other]) {
    expect(message).not.toMatch(/\n|undefined|panicked|\[object/);
    // The message says where, also to those who see nothing else.
    for (const part of [file, column, row]) if (part !== undefined) expect(message).toContain(String(part));
  }
}

/** The same for a build, which also leaves everything as it was. */
async function failsToBuild(directory: string, expected: object, changes: Partial<BuildRequest> = {}) {
  await sameFailure((engine) => engine.build(request(directory, changes)), expected);
  const old = join(directory, 'features.parquet');
  expect(await readFile(old, 'utf8').catch(() => OLD)).toBe(OLD);
  const left = await readdir(directory).catch(() => []);
  expect(left.filter((name) => name.startsWith('.'))).toEqual([]);
}

describe.skipIf(native === null)('both engines say the same of', () => {
  it('a directory that is not there, or is a file', async () => {
    const directory = fresh();
    await failsToBuild(directory, { code: 'NOT_FOUND', file: directory });
    await writeFile(directory, '');
    await failsToBuild(directory, { code: 'NOT_FOUND', file: directory });
  });

  it('a snapshot without trades', async () => {
    const directory = await writeSnapshot(fresh(), { market_trades: goldenTape() });
    await failsToBuild(directory, { code: 'NO_TRADES', file: directory });
    await mkdir(join(directory, 'trades.parquet'));
    await failsToBuild(directory, { code: 'NO_TRADES' });
  });

  describe.each(['trades', 'market_trades'])('%s.parquet that', (table) => {
    const place = (directory: string) => ({ file: join(directory, `${table}.parquet`) });

    it('is empty', async () => {
      const directory = await damaged(table, (file) => truncate(file));
      await failsToBuild(directory, { code: 'NOT_PARQUET', ...place(directory) });
    });

    it.each(['P', 'PAR1', 'ts,token_id\n1,2\n', 'x'.repeat(10_000)])('is no Parquet: %.20s', async (text) => {
      const directory = await damaged(table, (file) => writeFile(file, text));
      await failsToBuild(directory, place(directory));
    });

    it.each([1, 4, 9, 200, 1000])('lacks its last %i bytes', async (bytes) => {
      const directory = await damaged(table, (file, all) => truncate(file, all.length - bytes));
      await failsToBuild(directory, { code: 'CORRUPT', ...place(directory) });
    });

    it('is damaged inside', async () => {
      const directory = await damaged(table, (file, all) => writeFile(file, all.fill(0xff, 4, 200)));
      await failsToBuild(directory, { code: 'CORRUPT', ...place(directory) });
    });

    it('has a damaged footer', async () => {
      const directory = await damaged(table, (file, all) =>
        writeFile(file, all.fill(0xff, all.length - 60, all.length - 8)),
      );
      await failsToBuild(directory, { code: 'CORRUPT', ...place(directory) });
    });
  });

  it.each(['ts', 'token_id', 'market_slug', 'side', 'outcome', 'size'])(
    'trades without %s',
    async (column) => {
      const directory = await writeSnapshot(fresh(), {
        trades: without(goldenTrades(), column),
        market_trades: goldenTape(),
      });
      const file = join(directory, 'trades.parquet');
      await failsToBuild(directory, { code: 'MISSING_COLUMN', file, column });
    },
  );

  it.each(['ts', 'token_id', 'price', 'size'])('a tape without %s', async (column) => {
    const directory = await writeSnapshot(fresh(), {
      trades: goldenTrades(),
      market_trades: without(goldenTape(), column),
    });
    const file = join(directory, 'market_trades.parquet');
    await failsToBuild(directory, { code: 'MISSING_COLUMN', file, column });
  });

  const four = {
    doubles: () => numbers([1, 2, 3, 4]),
    longs: () => raw64(new Int64(), [1n, 2n, 3n, 4n]),
    flags: () => vectorFromArray([true, false, true, null], new Bool()),
    texts: () => texts(['1', '2', '3', '4']),
    lists: () => vectorFromArray([['a'], ['b'], ['c'], ['d']], new List(new Field('item', new Utf8(), true))),
  };

  it.each([
    ['token_id', 'doubles'],
    ['token_id', 'longs'],
    ['token_id', 'lists'],
    ['market_slug', 'flags'],
    ['side', 'doubles'],
    ['outcome', 'lists'],
    ['size', 'texts'],
    ['size', 'flags'],
    ['ts', 'doubles'],
    ['ts', 'flags'],
    ['ts', 'longs'],
  ] as const)('a column %s of %s', async (column, values) => {
    const directory = await snapshot({ [column]: four[values]() });
    await failsToBuild(directory, { code: 'WRONG_TYPE', file: join(directory, 'trades.parquet'), column });
  });

  it.each(['price', 'size'])('a %s in the tape that is text', async (column) => {
    const directory = await snapshot({}, { [column]: texts(['1', '2', '3', '4', '5']) });
    await failsToBuild(directory, {
      code: 'WRONG_TYPE',
      file: join(directory, 'market_trades.parquet'),
      column,
    });
  });

  it('times that do not fit', async () => {
    const far = 10n ** 16n;
    const tape = { ts: stamps([0n, 1n, 2n, 3n, 4n], TimeUnit.NANOSECOND) };
    const trades = { ts: stamps([0n, 1n, far, null], TimeUnit.MILLISECOND) };
    const overflow = { code: 'OVERFLOW', column: 'ts' } as const;
    await failsToBuild(await snapshot(trades, tape), { ...overflow, row: 2 });
    const ints = await snapshot({ ts: raw64(new Int64(), [0n, far, 1n, 2n]) });
    await failsToBuild(ints, { ...overflow, row: 1 }, { tsUnit: 's' });
    const early = await snapshot({ ts: stamps([0n, -(2n ** 63n) + 1n, 1n, 2n], TimeUnit.MILLISECOND) });
    await failsToBuild(early, { ...overflow, row: 1 });
    const both = { ts: stamps([0n, 1n, 2n, far, 4n], TimeUnit.MILLISECOND) };
    const ns = { ts: stamps([0n, 1n, 2n, 3n], TimeUnit.NANOSECOND) };
    await failsToBuild(await snapshot(ns, both), { ...overflow, row: 3 });
  });

  it('parts that differ', async () => {
    const directory = await snapshot();
    await rm(join(directory, 'trades.parquet'));
    const part = (k: number) => join(directory, 'trades.parquet', `part-${k}.parquet`);
    await writeColumns(part(0), goldenTrades());
    await writeColumns(part(1), { ...goldenTrades(), size: texts(['1', '2', '3', '4']) });
    await failsToBuild(directory, { code: 'PARTS_DIFFER', file: part(1), column: 'size' });
    await writeColumns(part(1), without(goldenTrades(), 'side'));
    await failsToBuild(directory, { code: 'PARTS_DIFFER', file: part(1), column: 'side' });
    await writeColumns(part(1), { ...goldenTrades(), more: numbers([1, 2, 3, 4]) });
    await failsToBuild(directory, { code: 'PARTS_DIFFER', file: part(1), column: 'more' });
  });

  it('options that do not fit the data', async () => {
    const directory = await snapshot();
    await failsToBuild(directory, { code: 'BUCKET_UNIT', column: 'ts' }, { bucket: parseDuration('1500us') });
    const column = 'no_such_column';
    await failsToBuild(directory, { code: 'MISSING_COLUMN', column }, { columns: ['ts', column] });
  });

  it('an output that cannot be', async () => {
    const directory = await snapshot();
    const at = (...parts: string[]) => ({ out: join(directory, ...parts) });
    await failsToBuild(directory, { code: 'OUT_DIR_MISSING' }, at('no', 'f.parquet'));
    await failsToBuild(directory, { code: 'OUT_DIR_MISSING' }, at('features.parquet', 'f.parquet'));
    await mkdir(join(directory, 'folder'));
    await failsToBuild(directory, { code: 'OUT_NOT_WRITABLE' }, at('folder'));
    await failsToBuild(directory, { code: 'OUT_IS_INPUT' }, at('folder', '..', 'trades.parquet'));
    await failsToBuild(directory, { code: 'OUT_IS_INPUT' }, at('market_trades.parquet'));
    await symlink(join(directory, 'market_trades.parquet'), join(directory, 'link'));
    await failsToBuild(directory, { code: 'OUT_IS_INPUT' }, at('link'));
    // A new part of a folder that is read, by another way than its own path.
    await mkdir(join(directory, 'market_trades'));
    await rename(join(directory, 'market_trades.parquet'), join(directory, 'market_trades', '0.parquet'));
    await symlink(join(directory, 'market_trades'), join(directory, 'parts'));
    await failsToBuild(directory, { code: 'OUT_IS_INPUT' }, at('parts', 'new.parquet'));
    expect((await readFile(join(directory, 'trades.parquet'))).subarray(0, 4).toString()).toBe('PAR1');
  });

  it('a run that was stopped before it began', async () => {
    const directory = await snapshot();
    const signal = AbortSignal.abort();
    await sameFailure((engine) => engine.build(request(directory), { signal }), { code: 'CANCELLED' });
  });

  it('files to inspect, to sum up and to compare', async () => {
    const [nowhere, empty] = [fresh(), fresh()];
    await mkdir(empty);
    const file = join(await snapshot(), 'trades.parquet');
    const both = (a: string, b: string, key: string[] = []): Run => {
      return (engine) => engine.compare({ a, b, rtol: 0, atol: 0, key });
    };
    await sameFailure((engine) => engine.inspect(nowhere, null), { code: 'NOT_FOUND' });
    await sameFailure((engine) => engine.inspect(empty, null), { code: 'NO_TRADES' });
    await sameFailure((engine) => engine.summarize(nowhere), { code: 'NOT_FOUND', file: nowhere });
    await sameFailure((engine) => engine.summarize(file), { code: 'MISSING_COLUMN', column: 'regime', file });
    await sameFailure(both(nowhere, file), { code: 'NOT_FOUND', file: nowhere });
    await sameFailure(both(file, nowhere), { code: 'NOT_FOUND', file: nowhere });
    await sameFailure(both(file, file, ['z']), { code: 'MISSING_COLUMN', column: 'z', file });
    await writeFile(nowhere, 'text');
    await sameFailure((engine) => engine.summarize(nowhere), { code: 'NOT_PARQUET', file: nowhere });
    await sameFailure(both(file, nowhere), { code: 'NOT_PARQUET', file: nowhere });
  });
});
