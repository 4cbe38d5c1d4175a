// How `nx release` changes the version: all packages and crates have one, so one project of nx stands for them all.
import { VersionActions } from 'nx/release';
import { bumped } from '../lib/release/bump.mjs';

/** @typedef {import('nx/src/devkit-exports').Tree} Tree */

/** Files with the version beside the package.json of every package. */
const SINGLE = [
  'package.json',
  'docs/examples/package.json',
  'package-lock.json',
  'packages/native/binding.js',
  'Cargo.toml',
  'Cargo.lock',
  'CHANGELOG.md',
  'README.md',
];

export default class OneVersion extends VersionActions {
  validManifestFilenames = ['package.json'];

  /** @param {Tree} tree */
  async readCurrentVersionFromSourceManifest(tree) {
    return { currentVersion: versionIn(tree), manifestPath: 'package.json' };
  }

  async readCurrentVersionFromRegistry() {
    return null;
  }

  async readCurrentVersionOfDependency() {
    return { currentVersion: null, dependencyCollection: null };
  }

  /** @param {Tree} tree @param {string} newVersion */
  async updateProjectVersion(tree, newVersion) {
    const folders = tree.children('packages').filter((name) => tree.exists(`packages/${name}/package.json`));
    const manifests = folders.map((name) => `packages/${name}/package.json`);
    const bump = {
      from: versionIn(tree),
      to: newVersion,
      date: new Date().toISOString().slice(0, 10),
      packages: manifests.map((path) => JSON.parse(textOf(tree, path)).name),
      crates: tree.children('crates').filter((name) => tree.exists(`crates/${name}/Cargo.toml`)),
    };
    const paths = [...SINGLE, ...manifests];
    for (const path of paths) tree.write(path, bumped(path, textOf(tree, path), bump));
    return [`✍️  New version ${newVersion} written to ${paths.length} files`];
  }

  async updateProjectDependencies() {
    return [];
  }
}

/** @param {Tree} tree @param {string} path */
function textOf(tree, path) {
  const text = tree.read(path, 'utf8');
  if (text === null) throw new Error(`${path} is missing`);
  return text;
}

/** @param {Tree} tree */
const versionIn = (tree) => JSON.parse(textOf(tree, 'package.json')).version;
