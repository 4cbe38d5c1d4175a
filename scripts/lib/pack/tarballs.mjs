import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runNpm } from '../run.mjs';

/**
 * @typedef {object} Tarball
 * @property {string} name of the package
 * @property {string} file the tarball
 * @property {number} size in bytes
 * @property {number} unpackedSize in bytes
 * @property {string[]} files what it holds
 */

/**
 * Packs a folder as `npm publish` would.
 * @param {string} folder
 * @param {string} into where the tarball goes
 * @returns {Promise<Tarball>}
 */
export async function pack(folder, into) {
  mkdirSync(into, { recursive: true });
  const args = ['pack', folder, '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', into];
  const { code, stdout } = await runNpm(args, { stdout: 'collect' });
  if (code !== 0) throw new Error(`npm pack ${folder} failed; see its output above`);
  // An array, or from npm 12 on an object by package.
  const [packed] = Object.values(JSON.parse(stdout));
  const files = packed.files.map((/** @type {{ path: string }} */ { path }) => path);
  const { name, filename, size, unpackedSize } = packed;
  return { name, file: join(into, filename), size, unpackedSize, files };
}

/** A table of tarballs and their sizes. @param {readonly Tarball[]} tarballs */
export function sizesOf(tarballs) {
  /** @param {number} bytes */
  const kilobytes = (bytes) => `${(bytes / 1000).toLocaleString('en-US', { maximumFractionDigits: 1 })} kB`;
  const rows = tarballs.map(({ name, size, unpackedSize, files }) => [
    name.padEnd(34),
    kilobytes(size).padStart(12),
    kilobytes(unpackedSize).padStart(12),
    String(files.length).padStart(7),
  ]);
  const head = ['package'.padEnd(34), 'tarball'.padStart(12), 'unpacked'.padStart(12), 'files'.padStart(7)];
  return [head, ...rows].map((cells) => cells.join(' ')).join('\n');
}
