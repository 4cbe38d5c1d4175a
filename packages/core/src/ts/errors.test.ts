import { access, chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Int64, TimeUnit, type Vector } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { raw64, stamps } from '../../test/support/columns.js';
import {
  type Columns,
  goldenTape,
  goldenTrades,
  numbers,
  request,
  scratch,
  texts,
  writeSnapshot,
} from '../../test/support/snapshot.js';
import { parseDuration } from '../duration.js';
import type { BuildRequest } from '../types.js';
import { createTsEngine } from './index.js';
import { writingError } from './io-errors.js';
import { replaceFile } from './write.js';

const engine = createTsEngine();
const folder = await scratch();
let count = 0;

/** A snapshot with an old features file, which no failure may touch. */
async function snapshot(trades: Columns = goldenTrades(), market_trades: Columns = goldenTape()) {
  const directory = await writeSnapshot(join(folder, `s${++count}`), { trades, market_trades });
  await writeFile(join(directory, 'features.parquet'), 'old');
  return directory;
}

async function fails(directory: string, expected: object, changes: Partial<BuildRequest> = {}) {
  const error: Error = await engine.build(request(directory, changes)).then(
    () => expect.unreachable('the build went well'),
    (reason) => reason,
  );
  expect(error).toMatchObject({ name: 'PolyfeatError', ...expected });
  expect(error.message).not.toContain('\n');
  expect(await readFile(join(directory, 'features.parquet'), 'utf8')).toBe('old');
  expect((await readdir(directory)).filter((name) => name.startsWith('.'))).toEqual([]);
}

describe('what is wrong with the input', () => {
  it('a directory that is not there, or is a file', async () => {
    await expect(engine.build(request(join(folder, 'nowhere')))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await writeFile(join(folder, 'file'), '');
    await expect(engine.build(request(join(folder, 'file')))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('no trades', async () => {
    const directory = await writeSnapshot(join(folder, `s${++count}`), { market_trades: goldenTape() });
    await writeFile(join(directory, 'features.parquet'), 'old');
    await fails(directory, { code: 'NO_TRADES', file: directory });
  });

  it('a file that is empty, no Parquet, cut off or damaged', async () => {
    for (const table of ['trades', 'market_trades']) {
      const directory = await snapshot();
      const file = join(directory, `${table}.parquet`);
      const good = await readFile(file);
      await writeFile(file, '');
      await fails(directory, { code: 'NOT_PARQUET', file });
      await writeFile(file, 'ts,token_id\n');
      await fails(directory, { code: 'NOT_PARQUET', file });
      await writeFile(file, good.subarray(0, good.length - 9));
      await fails(directory, { code: 'CORRUPT', file });
      await writeFile(file, Buffer.from(good).fill(0xff, 4, 200));
      await fails(directory, { code: 'CORRUPT', file });
    }
  });

  it.each(['ts', 'token_id', 'market_slug', 'side', 'outcome', 'size'])(
    'no column %s in trades',
    async (column) => {
      const { [column]: _, ...trades } = goldenTrades();
      const directory = await snapshot(trades);
      await fails(directory, { code: 'MISSING_COLUMN', column, file: join(directory, 'trades.parquet') });
    },
  );

  it.each(['ts', 'token_id', 'price', 'size'])('no column %s in the tape', async (column) => {
    const { [column]: _, ...tape } = goldenTape();
    const directory = await snapshot(goldenTrades(), tape);
    await fails(directory, {
      code: 'MISSING_COLUMN',
      column,
      file: join(directory, 'market_trades.parquet'),
    });
  });

  it('columns of the wrong type', async () => {
    const trades = await snapshot({ ...goldenTrades(), token_id: numbers([1, 2, 3, 4]) });
    await fails(trades, {
      code: 'WRONG_TYPE',
      column: 'token_id',
      message: expect.stringContaining('77-digit'),
    });
    const tape = await snapshot(goldenTrades(), { ...goldenTape(), price: texts(['1', '2', '3', '4', '5']) });
    await fails(tape, {
      code: 'WRONG_TYPE',
      column: 'price',
      message: expect.stringContaining('is string; expected a number'),
    });
    const doubles = await snapshot({ ...goldenTrades(), ts: numbers([1, 2, 3, 4]) });
    await fails(doubles, {
      code: 'WRONG_TYPE',
      column: 'ts',
      message: expect.stringContaining('is double; expected a timestamp'),
    });
  });

  it('times that do not fit', async () => {
    const far = 10n ** 16n;
    const ms = stamps([0n, 1n, far, null], TimeUnit.MILLISECOND);
    const ns = stamps([0n, 1n, 2n, 3n, 4n], TimeUnit.NANOSECOND);
    const directory = await snapshot({ ...goldenTrades(), ts: ms }, { ...goldenTape(), ts: ns });
    await fails(directory, { code: 'OVERFLOW', column: 'ts', row: 2 });
    const ints = await snapshot({ ...goldenTrades(), ts: raw64(new Int64(), [0n, far, 1n, 2n]) as Vector });
    await fails(ints, { code: 'OVERFLOW', row: 1 }, { tsUnit: 's' });
    const first = await snapshot({
      ...goldenTrades(),
      ts: stamps([0n, -(2n ** 63n) + 1n, 1n, 2n], TimeUnit.MILLISECOND),
    });
    await fails(first, { code: 'OVERFLOW', row: 1 });
  });

  it('a bucket that is no whole number of the unit', async () => {
    await fails(await snapshot(), { code: 'BUCKET_UNIT' }, { bucket: parseDuration('1500us') });
  });
});

describe('what is wrong with the output', () => {
  it('no directory, a directory, an input', async () => {
    const directory = await snapshot();
    await fails(directory, { code: 'OUT_DIR_MISSING' }, { out: join(directory, 'no', 'features.parquet') });
    await mkdir(join(directory, 'folder'));
    await fails(directory, { code: 'OUT_NOT_WRITABLE' }, { out: join(directory, 'folder') });
    await fails(
      directory,
      { code: 'OUT_IS_INPUT' },
      { out: join(directory, 'folder', '..', 'trades.parquet') },
    );
    await symlink(join(directory, 'market_trades.parquet'), join(directory, 'link'));
    await fails(directory, { code: 'OUT_IS_INPUT' }, { out: join(directory, 'link') });
    expect((await readFile(join(directory, 'trades.parquet'))).subarray(0, 4).toString()).toBe('PAR1');
  });

  it.skipIf(process.getuid?.() === 0)('a folder without permission', async () => {
    const directory = await snapshot();
    const locked = join(directory, 'locked');
    await mkdir(locked);
    await chmod(locked, 0o500);
    await fails(directory, { code: 'OUT_NOT_WRITABLE' }, { out: join(locked, 'f.parquet') });
  });

  it('a link as output stays a link', async () => {
    const directory = await snapshot();
    const target = join(directory, 'target.parquet');
    await writeFile(target, 'old');
    await symlink(target, join(directory, 'link.parquet'));
    await engine.build(request(directory, { out: join(directory, 'link.parquet') }));
    expect((await readFile(target)).subarray(0, 4).toString()).toBe('PAR1');
  });
});

describe('stopping', () => {
  it('beforehand', async () => {
    const directory = await snapshot();
    const run = engine.build(request(directory), { signal: AbortSignal.abort() });
    await expect(run).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('in any phase leaves the old file and no other', async () => {
    const phases = new Set<string>();
    await engine.build(request(await snapshot()), { onProgress: ({ phase }) => phases.add(phase) });
    expect([...phases]).toEqual(['open', 'keys', 'tape', 'features', 'summary', 'assemble', 'write']);
    for (const stop of phases) {
      const directory = await snapshot();
      const controller = new AbortController();
      const onProgress = ({ phase }: { phase: string }) => {
        if (phase === stop) controller.abort();
      };
      const run = engine.build(request(directory), { signal: controller.signal, onProgress });
      await expect(run).rejects.toMatchObject({ code: 'CANCELLED' });
      expect(await readFile(join(directory, 'features.parquet'), 'utf8')).toBe('old');
      expect((await readdir(directory)).filter((name) => name.startsWith('.'))).toEqual([]);
    }
  });
});

describe('errors of the file system', () => {
  it.each([
    ['ENOSPC', 'DISK_FULL'],
    ['EDQUOT', 'DISK_FULL'],
    ['EROFS', 'OUT_NOT_WRITABLE'],
    ['EACCES', 'OUT_NOT_WRITABLE'],
    ['ENOENT', 'OUT_DIR_MISSING'],
    ['EIO', 'IO'],
  ])('%s while writing is %s', (code, ours) => {
    const error = writingError('f.parquet', Object.assign(new Error('it\nbroke'), { code }));
    expect(error).toMatchObject({ code: ours, file: 'f.parquet' });
    expect(error.message).toMatch(/^f\.parquet cannot be written: [^\n]+$/);
  });
});

describe('replaceFile', () => {
  it('removes the temporary file when it is stopped half-way', async () => {
    const out = join(folder, 'half.parquet');
    await writeFile(out, 'old');
    let asked = 0;
    const check = () => {
      if (++asked === 2) throw new Error('stop');
    };
    await expect(replaceFile(out, new Uint8Array(20 << 20), check)).rejects.toMatchObject({ code: 'IO' });
    expect(await readFile(out, 'utf8')).toBe('old');
    expect((await readdir(folder)).filter((name) => name.startsWith('.half'))).toEqual([]);
  });

  it('removes what killed runs left, not what a running one writes', async () => {
    const out = join(folder, 'stale.parquet');
    const [dead, alive] = [
      `${out.replace(/stale/, '.stale')}.polyfeat-999999999-0.tmp`,
      `${out.replace(/stale/, '.stale')}.polyfeat-${process.pid}-0.tmp`,
    ];
    await writeFile(dead, '');
    await writeFile(alive, '');
    await replaceFile(out, new Uint8Array(3), () => {});
    await expect(access(dead)).rejects.toThrow();
    await access(alive);
    expect((await readFile(out)).length).toBe(3);
  });
});
