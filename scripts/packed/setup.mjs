// Packs every package once for all tests of the tarballs, and lays out a place to install them in.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stagePackages } from '../lib/pack/stage.mjs';
import { pack, sizesOf } from '../lib/pack/tarballs.mjs';
import { inRoot } from '../lib/paths.mjs';
import { say } from '../lib/run.mjs';

/**
 * What the tests are given.
 * @typedef {object} Packed
 * @property {string} folder a place for installed projects
 * @property {import('../lib/pack/tarballs.mjs').Tarball[]} tarballs
 * @property {boolean} native whether there is a package for this platform
 */

/** @param {import('vitest/node').TestProject} project */
export async function setup(project) {
  const folder = mkdtempSync(join(tmpdir(), 'polyfeat-packed-'));
  const binaries = inRoot('packages', 'native');
  const native = readdirSync(binaries).some((name) => name.endsWith('.node'));
  const tarballs = [];
  const options = { binaries, allPlatforms: false };
  mkdirSync(join(folder, 'stage'));
  for (const staged of await stagePackages(join(folder, 'stage'), options)) {
    tarballs.push(await pack(staged, join(folder, 'tarballs')));
  }
  rmSync(join(folder, 'stage'), { recursive: true });
  say(sizesOf(tarballs));
  if (!native) say('Warning: there is no native module, so the package of this platform is not tested.');
  project.provide('packed', { folder, tarballs, native });
  return () => rmSync(folder, { recursive: true, force: true });
}
