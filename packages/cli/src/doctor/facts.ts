import { access, constants, statfs } from 'node:fs/promises';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { basename } from 'node:path';
import {
  defaultMemory,
  type EngineChoice,
  type EngineName,
  engineState,
  findNewestSnapshot,
  PolyfeatError,
} from '@polyfeat/core/snapshot';
import { CONFIG_FILE, readConfig } from '../args/config.js';
import type { Values } from '../args/option.js';
import { DOCTOR_OPTIONS } from '../args/options.js';
import { snapshotsRootOf } from '../commands/shared.js';
import type { Io } from '../io.js';
import { UsageError } from '../usage-error.js';
import { manifest } from '../version.js';
import { installedVersions } from './packages.js';

/** What was found on this machine. */
export interface Facts {
  version: string;
  node: { version: string; needed: string };
  platform: string;
  engine: {
    choice: EngineChoice | null;
    engine: EngineName | null;
    /** The binary by its name and its package: where on the disk they are is nobody's business. */
    native: { state: string; file: string | null; package: string | null; reason: string | null };
  };
  /** Versions by package; null: not installed. */
  packages: Record<string, string | null>;
  cores: number;
  memory: { total_bytes: number; limit_bytes: number | null; build_bytes: number };
  config: { file: string; error: string | null };
  snapshots: { root: string; newest: string | null; error: string | null };
  /** Null: it cannot be told. */
  free_bytes: { temporary: number | null; here: number | null };
  /** What keeps builds from working, or from working as was asked. */
  problems: string[];
  /** What makes them slower, or may become a problem. */
  warnings: string[];
}

/** Less than this left on a disk is worth a warning. */
const LITTLE_SPACE = 1e9;

type Given = Values<typeof DOCTOR_OPTIONS>;

/** Looks at everything that a build depends on. Never rejects: what cannot be found out is a problem or null. */
export async function gatherFacts(given: Given, io: Io): Promise<Facts> {
  const problems: string[] = [];
  const warnings: string[] = [];
  const { version, engines } = manifest();
  const node = { version: process.versions.node, needed: engines.node };
  if (!isAtLeast(node.version, node.needed)) {
    problems.push(`Node ${node.version} is too old: ${node.needed} is needed`);
  }
  const { config, values } = await findConfig(given, io);
  if (config.error !== null) problems.push(config.error);
  const engine = await findEngine(values.engine ?? 'auto', problems, warnings);
  const packages = installedVersions();
  for (const [name, found] of Object.entries(packages)) {
    if (found === null) problems.push(`${name} is not installed: install polyfeat-fast again`);
    else if (name.startsWith('@polyfeat/') && found !== version) {
      problems.push(`${name} is of version ${found}, and not ${version}: install polyfeat-fast again`);
    }
  }
  const free_bytes = { temporary: await freeBytes(tmpdir()), here: await freeBytes(io.cwd) };
  await checkSpace(free_bytes, problems, warnings);
  return {
    ...{ version, node, platform: `${process.platform}-${process.arch}`, engine, packages },
    cores: availableParallelism(),
    memory: findMemory(),
    config,
    snapshots: await findSnapshots(values, io),
    ...{ free_bytes, problems, warnings },
  };
}

/** Whether a version is at least that of a range such as `>=20.17`. */
export function isAtLeast(version: string, range: string): boolean {
  const numbers = (text: string) => (text.match(/\d+/g) ?? []).map(Number);
  const [have, need] = [numbers(version), numbers(range)];
  for (const [i, wanted] of need.entries()) {
    const found = have[i] ?? 0;
    if (found !== wanted) return found > wanted;
  }
  return true;
}

async function findConfig(given: Given, io: Io): Promise<{ config: Facts['config']; values: Given }> {
  const file = given.config ?? CONFIG_FILE;
  try {
    const read = await readConfig(given.config, io.cwd, DOCTOR_OPTIONS);
    return { config: { file, error: null }, values: { ...read, ...given } };
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof PolyfeatError)) throw error;
    return { config: { file, error: error.message }, values: given };
  }
}

async function findEngine(
  want: EngineChoice,
  problems: string[],
  warnings: string[],
): Promise<Facts['engine']> {
  const nothing = { file: null, package: null, reason: null };
  try {
    const { choice, engine, native } = await engineState(want);
    if (native.state === 'loaded') {
      const { state, file, packageName } = native;
      const found = { state, file: basename(file), package: packageName ?? '@polyfeat/native', reason: null };
      return { choice, engine, native: found };
    }
    const message = `the native engine does not load: ${native.reason}`;
    if (engine === null || native.state === 'broken') problems.push(message);
    else if (choice === 'auto') warnings.push(`${message}; builds run on the TypeScript engine, more slowly`);
    return { choice, engine, native: { ...nothing, ...native } };
  } catch (error) {
    if (!(error instanceof PolyfeatError)) throw error;
    problems.push(error.message);
    return { choice: null, engine: null, native: { ...nothing, state: 'unknown' } };
  }
}

function findMemory(): Facts['memory'] {
  const [total, constrained] = [totalmem(), process.constrainedMemory?.() ?? 0];
  const limited = constrained > 0 && constrained < total;
  return { total_bytes: total, limit_bytes: limited ? constrained : null, build_bytes: defaultMemory() };
}

async function findSnapshots(values: Given, io: Io): Promise<Facts['snapshots']> {
  const root = snapshotsRootOf(values, io.env);
  try {
    const newest = await findNewestSnapshot({ root, username: values.username });
    return { root, newest: basename(newest), error: null };
  } catch (error) {
    if (!(error instanceof PolyfeatError)) throw error;
    return { root, newest: null, error: error.message };
  }
}

async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

async function checkSpace(free: Facts['free_bytes'], problems: string[], warnings: string[]): Promise<void> {
  const writable = await access(tmpdir(), constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!writable) problems.push('the folder for temporary files cannot be written to (it is that of TMPDIR)');
  if (free.temporary !== null && free.temporary < LITTLE_SPACE) {
    warnings.push('there is less than 1 GB free for temporary files');
  }
  if (free.here !== null && free.here < LITTLE_SPACE) warnings.push('there is less than 1 GB free here');
}
