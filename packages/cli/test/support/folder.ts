import { chmod, cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { SNAPSHOT } from './cli.js';

const made: string[] = [];

afterEach(async () => {
  await Promise.all(made.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

/** A new folder that is removed after the test. */
export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'polyfeat-cli-'));
  made.push(path);
  return path;
}

/** A writable copy of the real snapshot in a folder. */
export async function snapshotCopy(parent: string, name = 'snapshot'): Promise<string> {
  const path = join(parent, name);
  await cp(SNAPSHOT, path, { recursive: true });
  await chmod(path, 0o755);
  for (const file of await readdir(path)) await chmod(join(path, file), 0o644);
  return path;
}

/** What is in a folder, by name. */
export async function contents(path: string): Promise<string[]> {
  return (await readdir(path)).sort();
}
