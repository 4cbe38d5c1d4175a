import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

const LIST = 'tarballs.json';

/**
 * Writes beside the tarballs what they are, in the order in which they are published: those of platforms first, and
 * none before what it depends on.
 * @param {string} folder
 * @param {readonly import('./tarballs.mjs').Tarball[]} tarballs
 */
export function writeList(folder, tarballs) {
  const list = tarballs.map(({ name, file, size }) => ({ name, file: basename(file), size }));
  writeFileSync(join(folder, LIST), `${JSON.stringify(list, null, 2)}\n`);
}

/**
 * The tarballs of a folder, in the order in which they are published.
 * @param {string} folder
 * @returns {{ name: string, file: string, size: number }[]}
 */
export function readList(folder) {
  /** @type {{ name: string, file: string, size: number }[]} */
  const list = JSON.parse(readFileSync(join(folder, LIST), 'utf8'));
  return list.map(({ file, ...rest }) => ({ ...rest, file: resolve(folder, file) }));
}
