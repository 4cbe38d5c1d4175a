import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type GenerateRequest, generateSnapshot } from '@polyfeat/core/bench';
import { version } from './paths.js';

/** What to make; see `polyfeat-fast bench generate --help`. */
export type Wanted = Omit<GenerateRequest, 'out' | 'threads'>;

/** How the making of a snapshot is followed and stopped. */
export interface DataHooks {
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A generated snapshot: the one that the folder has from an earlier run, or a new one. What an earlier run left half
 * done or made of other options is made anew.
 *
 * @param data folder in which snapshots are kept; made when it is missing
 * @param name the snapshot's folder in it
 * @returns the snapshot's folder
 * @throws PolyfeatError when it cannot be made: `NATIVE_UNAVAILABLE`, `DISK_FULL`, …
 */
export async function snapshotIn(
  data: string,
  name: string,
  wanted: Wanted,
  { say, signal }: DataHooks,
): Promise<string> {
  const folder = join(data, name);
  if (isMadeOf(folder, wanted)) return folder;
  say(`making the snapshot ${folder} …`);
  mkdirSync(data, { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  await generateSnapshot({ ...wanted, out: folder }, { ...(signal && { signal }) });
  return folder;
}

/** The sizes that have a name. */
export const SIZES = {
  S: { trades: 100_000, prints: 1_000_000, tokens: 5_000 },
  M: { trades: 1_000_000, prints: 10_000_000, tokens: 20_000 },
  L: { trades: 10_000_000, prints: 100_000_000, tokens: 50_000 },
} as const satisfies Record<string, Wanted>;

/** Whether a folder's manifest says that this version made it of these options. */
function isMadeOf(folder: string, wanted: Wanted): boolean {
  const file = join(folder, 'manifest.json');
  if (!existsSync(file)) return false;
  const { made_by, options } = JSON.parse(readFileSync(file, 'utf8'));
  const same = Object.entries(wanted).every(([name, value]) => options?.[name] === value);
  return same && made_by === `polyfeat-fast ${version()}`;
}
