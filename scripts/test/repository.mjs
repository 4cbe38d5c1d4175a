import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import { inRoot } from '../lib/paths.mjs';
import { run } from '../lib/run.mjs';

/** @param {string} path in the repository */
export const readText = (path) => readFileSync(inRoot(path), 'utf8');

/** @param {string} path in the repository */
export const readJson = (path) => JSON.parse(readText(path));

/** The folders in a folder that hold a file of this name. @param {string} folder @param {string} file */
function foldersWith(folder, file) {
  return readdirSync(inRoot(folder))
    .map((name) => `${folder}/${name}`)
    .filter((path) => existsSync(inRoot(path, file)))
    .sort();
}

/** Folders of the npm packages, such as `packages/core`. */
export const packageFolders = () => foldersWith('packages', 'package.json');

/** Folders of the crates, such as `crates/polyfeat`. */
export const crateFolders = () => foldersWith('crates', 'Cargo.toml');

/**
 * A Cargo.toml. The type names only what these tests ask for.
 * @typedef {Record<string, unknown>} Table
 * @typedef {{ package?: Table, workspace?: { package?: Table } } & Table} CargoManifest
 * @param {string} text
 * @returns {CargoManifest}
 */
export const parseManifest = (text) => parse(text);

/** The files that git tracks or would, without what is ignored; null outside a git repository. */
export async function trackedFiles() {
  if (!existsSync(inRoot('.git'))) return null;
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { code, stdout } = await run('git', args, { stdout: 'collect', silent: true });
  if (code !== 0) return null;
  return stdout.split('\0').filter((path) => path !== '' && existsSync(inRoot(path)));
}
