/** Writing the output: beside its place under a hidden name, flushed to the disk, then renamed over it. */
import { constants } from 'node:fs';
import { access, type FileHandle, open, readdir, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { PolyfeatError } from '../errors.js';
import { writingError } from './io-errors.js';
import { kindOf } from './table.js';

/**
 * Checks that the output can be written, before any work is done.
 *
 * @param inputs files and folders of parts that are read: to write over or into them is refused.
 * @returns where to write: a link is followed, so that the file it names is replaced and the link stays.
 * @throws PolyfeatError `OUT_IS_INPUT`, `OUT_DIR_MISSING`, `OUT_NOT_WRITABLE`.
 */
export async function checkOut(out: string, inputs: readonly string[]): Promise<string> {
  const directory = dirname(out);
  if ((await kindOf(directory)) !== 'directory') {
    const message = `no directory ${directory} to write ${out} into: create it first`;
    throw new PolyfeatError('OUT_DIR_MISSING', message, { file: directory });
  }
  const target = await realpath(out).catch(async () => join(await realpath(directory), basename(out)));
  for (const input of inputs) {
    const path = await realpath(input);
    if (target === path || target.startsWith(path + sep)) {
      throw new PolyfeatError('OUT_IS_INPUT', `${out} is an input of this run: choose another --out`, {
        file: out,
      });
    }
  }
  if ((await kindOf(target)) === 'directory') {
    throw new PolyfeatError('OUT_NOT_WRITABLE', `${out} is a directory: name a file with --out`, {
      file: out,
    });
  }
  try {
    await access(dirname(target), constants.W_OK);
  } catch (error) {
    throw writingError(out, error);
  }
  return target;
}

/**
 * Replaces the file `out` by `bytes`, whole or not at all: whatever goes wrong, the old file stays and no temporary
 * one is left. Temporary files of runs that were killed are removed.
 *
 * @param check is asked for the last time before the rename, and throws to stop.
 * @throws PolyfeatError `DISK_FULL`, `OUT_NOT_WRITABLE`, `OUT_DIR_MISSING`, `IO`, and what `check` throws.
 */
export async function replaceFile(out: string, bytes: Uint8Array, check: () => void): Promise<void> {
  const directory = dirname(out);
  const prefix = `.${basename(out)}.polyfeat-`;
  await removeStale(directory, prefix);
  let temp: string | undefined;
  try {
    const created = await createTemp(join(directory, prefix));
    temp = created.path;
    try {
      await writeAll(created.file, bytes, check);
      await created.file.sync();
    } finally {
      await created.file.close();
    }
    check();
    await rename(temp, out);
  } catch (error) {
    if (temp !== undefined) await rm(temp, { force: true });
    throw writingError(out, error);
  }
  await syncDirectory(directory);
}

/** The same names as the native engine's, so that each clears up after the other. */
async function createTemp(prefix: string): Promise<{ file: FileHandle; path: string }> {
  for (let n = 0; ; n++) {
    const path = `${prefix}${process.pid}-${n}.tmp`;
    try {
      return { file: await open(path, 'wx'), path };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

const WRITE_AT_ONCE = 8 << 20;

async function writeAll(file: FileHandle, bytes: Uint8Array, check: () => void): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    check();
    const { bytesWritten } = await file.write(bytes, done, Math.min(bytes.length - done, WRITE_AT_ONCE));
    done += bytesWritten;
  }
}

async function removeStale(directory: string, prefix: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(prefix)) continue;
    const pid = /^(\d+)-\d+\.tmp$/.exec(name.slice(prefix.length))?.[1];
    if (pid !== undefined && !isRunning(Number(pid)))
      await rm(join(directory, name), { force: true }).catch(() => {});
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Makes the rename survive a power cut, where the system can. */
async function syncDirectory(directory: string): Promise<void> {
  try {
    const handle = await open(directory, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // Not every system can open or flush a directory; the file itself is on the disk.
  }
}
