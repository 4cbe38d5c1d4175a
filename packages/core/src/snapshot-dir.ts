import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PolyfeatError } from './errors.js';

/** Where to look for a snapshot. */
export interface SnapshotSearch {
  /** The directory that holds the snapshots. */
  root: string;
  /** Whose; absent: anybody's. */
  username?: string | undefined;
}

/**
 * The newest snapshot under a root: the directory `<username>-*` with the latest modification time,
 * or without a username the latest of all directories that hold a trades table. Of equally new ones it
 * is the first by name, as in the notebook (`max` over the sorted names).
 *
 * @throws PolyfeatError `NO_SNAPSHOT` when the root is missing or holds none.
 */
export async function findNewestSnapshot({ root, username }: SnapshotSearch): Promise<string> {
  const names = await directoryNames(root);
  const found: { path: string; modified: bigint }[] = [];
  for (const name of names) {
    if (username !== undefined && !name.startsWith(`${username}-`)) continue;
    const path = join(root, name);
    const modified = await modifiedIfDirectory(path);
    if (modified === null) continue;
    if (username === undefined && !(await holdsTrades(path))) continue;
    found.push({ path, modified });
  }
  const [first, ...rest] = found;
  if (first === undefined) {
    const what = username === undefined ? 'directory with a trades.parquet' : `directory ${username}-*`;
    throw new PolyfeatError(
      'NO_SNAPSHOT',
      `no snapshot in ${root}: expected a ${what}; name a snapshot directory, or another snapshots root`,
      { file: root },
    );
  }
  return rest.reduce((newest, next) => (next.modified > newest.modified ? next : newest), first).path;
}

/** The names in the root, by bytes. */
async function directoryNames(root: string): Promise<string[]> {
  try {
    const names = await readdir(root);
    return names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const why =
      code === 'ENOENT'
        ? 'does not exist'
        : code === 'ENOTDIR'
          ? 'is not a directory'
          : `cannot be read (${code})`;
    throw new PolyfeatError(
      'NO_SNAPSHOT',
      `the snapshots root ${root} ${why}: name a snapshot directory, or another snapshots root`,
      { file: root, cause },
    );
  }
}

async function modifiedIfDirectory(path: string): Promise<bigint | null> {
  try {
    const stats = await stat(path, { bigint: true });
    return stats.isDirectory() ? stats.mtimeNs : null;
  } catch {
    // A dangling link, or a directory removed meanwhile: no candidate.
    return null;
  }
}

/** Whether a directory has trades.parquet (a file or a folder of parts) or trades/*.parquet. */
async function holdsTrades(path: string): Promise<boolean> {
  let entries: Dirent[];
  try {
    entries = await readdir(path, { withFileTypes: true });
  } catch {
    return false;
  }
  if (entries.some((entry) => entry.name === 'trades.parquet')) return true;
  if (!entries.some((entry) => entry.name === 'trades')) return false;
  try {
    const parts = await readdir(join(path, 'trades'));
    return parts.some((part) => part.endsWith('.parquet') && !part.startsWith('.'));
  } catch {
    return false;
  }
}
