import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateFolder } from './paths.mjs';

const stampFile = join(stateFolder, 'stamps.json');
const unwatched = new Set(['node_modules', 'target', '.git']);

/**
 * The files under a path: the path itself when it is a file, nothing when it does not exist. In no set order.
 * @param {string} path
 * @returns {string[]}
 */
export function filesUnder(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return [];
  if (!stat.isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    if (unwatched.has(entry.name)) return [];
    const inside = join(path, entry.name);
    return entry.isDirectory() ? filesUnder(inside) : [inside];
  });
}

/**
 * A fingerprint of files by name, size and modification time: cheap enough to take at every start. A false
 * alarm only costs a run of nx, which then decides by content.
 * @param {readonly string[]} files
 * @param {readonly string[]} [facts] anything else that the result depends on
 */
export function fingerprint(files, facts = []) {
  const hash = createHash('sha256');
  for (const file of [...files].sort()) {
    const stat = statSync(file, { throwIfNoEntry: false });
    hash.update(`${file}\0${stat ? `${stat.size} ${stat.mtimeMs}` : 'missing'}\n`);
  }
  for (const fact of facts) hash.update(`\0${fact}`);
  return hash.digest('hex');
}

/** @returns {Record<string, string>} */
function readStamps() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    // Missing or damaged: everything counts as changed, and the next step writes it anew.
    return {};
  }
}

/** Whether a step left exactly this fingerprint. @param {string} step @param {string} print */
export const isCurrent = (step, print) => readStamps()[step] === print;

/** Remembers what a step left. @param {string} step @param {string} print */
export function remember(step, print) {
  mkdirSync(stateFolder, { recursive: true });
  writeFileSync(stampFile, `${JSON.stringify({ ...readStamps(), [step]: print }, null, 2)}\n`);
}
