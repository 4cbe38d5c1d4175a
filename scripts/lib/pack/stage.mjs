import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from '../paths.mjs';
import { runPackage } from '../run.mjs';

/** The package whose binaries are packages of their own. */
const NATIVE = '@polyfeat/native';

/** What a staged folder never needs of a package's own: sources, tests, configuration of builds, local binaries. */
const LEFT = /^(src|test|node_modules|npm|project\.json|tsconfig\.json|.*\.node)$/;

/** @param {string} file */
const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/**
 * @typedef {object} Package
 * @property {string} name
 * @property {string} folder below `packages`
 * @property {string[]} needs the names of everything that it depends on
 */

/** The packages that are published: all but the private ones. @returns {Package[]} */
export function publicPackages() {
  return readdirSync(inRoot('packages'))
    .filter((folder) => existsSync(inRoot('packages', folder, 'package.json')))
    .map((folder) => ({ folder, ...readJson(inRoot('packages', folder, 'package.json')) }))
    .filter((manifest) => manifest.private !== true)
    .map(({ name, folder, dependencies = {} }) => ({ name, folder, needs: Object.keys(dependencies) }));
}

/** Packages after those that they depend on. @param {readonly Package[]} packages */
function inOrder(packages) {
  /** @type {Set<Package>} */
  const ordered = new Set();
  /** @param {Package} one */
  const add = (one) => {
    for (const other of packages) if (one.needs.includes(other.name)) add(other);
    ordered.add(one);
  };
  packages.forEach(add);
  return [...ordered];
}

/** The native modules in a folder. @param {string} folder */
const binariesIn = (folder) => readdirSync(folder).filter((name) => name.endsWith('.node'));

/**
 * Lays the packages out as they are published: built files, licence, and of the native package one more for each
 * platform whose binary is there, which it takes as optional dependencies of its own version.
 *
 * The committed package.json does not name those: they exist only once they are published, and npm would look for
 * them at every `npm ci` until then. `napi pre-publish` adds them, as in other projects with napi-rs.
 *
 * @param {string} into an empty folder
 * @param {{ binaries: string, allPlatforms: boolean }} options binaries: the folder with the native modules;
 *   allPlatforms: it is an error when that of a platform is missing
 * @returns {Promise<string[]>} the folders to pack, in the order in which they are published
 */
export async function stagePackages(into, { binaries, allPlatforms }) {
  const folders = [];
  for (const { name, folder } of inOrder(publicPackages())) {
    const target = join(into, folder);
    copyPackage(inRoot('packages', folder), target);
    if (name === NATIVE) folders.push(...(await addPlatforms(target, { binaries, allPlatforms })));
    folders.push(target);
  }
  for (const folder of folders) cpSync(inRoot('LICENSE'), join(folder, 'LICENSE'));
  return folders;
}

/** @param {string} from @param {string} to */
function copyPackage(from, to) {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (!LEFT.test(name)) cpSync(join(from, name), join(to, name), { recursive: true });
  }
}

/** @param {string} native the staged folder @param {{ binaries: string, allPlatforms: boolean }} options */
async function addPlatforms(native, { binaries, allPlatforms }) {
  const file = join(native, 'package.json');
  const manifest = readJson(file);
  if (!allPlatforms) {
    const names = binariesIn(binaries);
    manifest.napi.targets = manifest.napi.targets.filter((/** @type {string} */ target) =>
      names.includes(`${manifest.napi.binaryName}.${platformOf(target)}.node`),
    );
    writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
  }
  await napi(['create-npm-dirs', '--cwd', native]);
  await napi(['artifacts', '--cwd', native, '--output-dir', binaries, '--npm-dir', 'npm']);
  await napi(['pre-publish', '--cwd', native, '--skip-optional-publish', '--no-gh-release', '-t', 'npm']);
  const platforms = join(native, 'npm');
  return readdirSync(platforms).map((name) => join(platforms, name));
}

/** @param {string[]} args */
async function napi(args) {
  const { code } = await runPackage('@napi-rs/cli', args, { stdout: 'stderr' });
  if (code !== 0) throw new Error(`napi ${args[0]} failed; see its output above`);
}

/**
 * What a Rust target is called in the names of files and packages: `x86_64-unknown-linux-gnu` is `linux-x64-gnu`.
 * @param {string} target
 */
export function platformOf(target) {
  const [cpu = '', , system = '', library = ''] = target.split('-');
  const arch = { x86_64: 'x64', aarch64: 'arm64' }[cpu] ?? cpu;
  const platform = { windows: 'win32' }[system] ?? system;
  return [platform, arch, library].filter(Boolean).join('-');
}
