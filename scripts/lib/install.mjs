import { existsSync, readFileSync } from 'node:fs';
import { inRoot } from './paths.mjs';
import { runNpm, say } from './run.mjs';

/**
 * @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean, devOptional?: boolean }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> }} Lock
 */

/**
 * Why what is installed is not what the lock file says, or null when it is. npm writes down what it
 * installed in `node_modules/.package-lock.json`; a package for another platform may be missing there.
 * @param {Lock} wanted package-lock.json
 * @param {Lock} installed node_modules/.package-lock.json
 * @returns {string | null}
 */
export function installDifference(wanted, installed) {
  const want = wanted.packages ?? {};
  const have = installed.packages ?? {};
  for (const [path, locked] of Object.entries(want)) {
    if (!path.includes('node_modules/')) continue;
    const found = have[path];
    if (!found) {
      if (locked.optional || locked.devOptional) continue;
      return `${path} is missing`;
    }
    if (found.version !== locked.version || found.integrity !== locked.integrity) return `${path} differs`;
  }
  const extra = Object.keys(have).find((path) => path.includes('node_modules/') && !(path in want));
  return extra ? `${extra} is not in package-lock.json` : null;
}

/**
 * Why `npm ci` is needed, or null.
 * @returns {string | null}
 */
function reasonToInstall() {
  const record = inRoot('node_modules', '.package-lock.json');
  if (!existsSync(record)) return 'node_modules is missing';
  /** @param {string} file */
  const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
  return installDifference(read(inRoot('package-lock.json')), read(record));
}

/**
 * Installs the npm packages when they are not those of package-lock.json.
 * @returns {Promise<boolean>} false when npm failed
 */
export async function ensureInstalled() {
  const reason = reasonToInstall();
  if (!reason) return true;
  say(`Installing npm packages (${reason}).`);
  return (await runNpm(['ci', '--loglevel=error'], { stdout: 'stderr' })).code === 0;
}
