import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findNewestSnapshot } from './snapshot-dir.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'polyfeat-snapshots-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** A directory under the root with these files, modified at this second. */
async function directory(
  name: string,
  second: number,
  files: string[] = ['trades.parquet'],
): Promise<string> {
  const path = join(root, name);
  await mkdir(path);
  for (const file of files) {
    await mkdir(join(path, file, '..'), { recursive: true });
    await writeFile(join(path, file), '');
  }
  await utimes(path, second, second);
  return path;
}

describe('findNewestSnapshot', () => {
  it('takes the latest modification, not the latest name', async () => {
    await directory('ann-20260102', 100);
    const newest = await directory('ann-20260101', 300);
    await directory('ann-20260103', 200);
    expect(await findNewestSnapshot({ root, username: 'ann' })).toBe(newest);
  });

  it('takes the first name of equally new ones, as the notebook', async () => {
    await directory('ann-2', 100);
    const first = await directory('ann-1', 100);
    expect(await findNewestSnapshot({ root, username: 'ann' })).toBe(first);
  });

  it('looks only at the directories of that username', async () => {
    const mine = await directory('ann-1', 100);
    await directory('anna-1', 200);
    await directory('bob-1', 300);
    await writeFile(join(root, 'ann-note.txt'), '');
    expect(await findNewestSnapshot({ root, username: 'ann' })).toBe(mine);
  });

  it('takes a username as it is, not as a pattern', async () => {
    await directory('ann-1', 100);
    await expect(findNewestSnapshot({ root, username: 'a*' })).rejects.toMatchObject({ code: 'NO_SNAPSHOT' });
  });

  it('with a username takes the newest even without trades: the build then says what is missing', async () => {
    await directory('ann-1', 100);
    const empty = await directory('ann-2', 200, []);
    expect(await findNewestSnapshot({ root, username: 'ann' })).toBe(empty);
  });

  it('without a username takes directories that hold trades, whole or in parts', async () => {
    await directory('notes', 900, ['readme.txt']);
    await directory('hidden', 800, ['trades/.part.parquet']);
    await directory('a', 100);
    const parts = await directory('b', 300, ['trades/0.parquet']);
    await directory('c', 200, ['trades.parquet/0.parquet']);
    expect(await findNewestSnapshot({ root })).toBe(parts);
  });

  it('follows links to directories and passes dangling ones over', async () => {
    const target = await directory('target', 100);
    await symlink(target, join(root, 'ann-link'));
    await symlink(join(root, 'nowhere'), join(root, 'ann-dangling'));
    expect(await findNewestSnapshot({ root, username: 'ann' })).toBe(join(root, 'ann-link'));
  });

  it('says who has no snapshot, and where', async () => {
    await directory('bob-1', 100);
    await expect(findNewestSnapshot({ root, username: 'ann' })).rejects.toMatchObject({
      code: 'NO_SNAPSHOT',
      file: root,
      message: expect.stringContaining('ann-*'),
    });
    await rm(join(root, 'bob-1'), { recursive: true });
    await expect(findNewestSnapshot({ root })).rejects.toMatchObject({ code: 'NO_SNAPSHOT' });
  });

  it('says when the root is missing or a file', async () => {
    const missing = join(root, 'missing');
    await expect(findNewestSnapshot({ root: missing })).rejects.toMatchObject({
      code: 'NO_SNAPSHOT',
      message: expect.stringContaining('does not exist'),
    });
    await writeFile(missing, '');
    await expect(findNewestSnapshot({ root: missing })).rejects.toMatchObject({
      code: 'NO_SNAPSHOT',
      message: expect.stringContaining('not a directory'),
    });
  });
});
