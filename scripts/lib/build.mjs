import { readdirSync } from 'node:fs';
import { inRoot } from './paths.mjs';
import { runPackage, say, stopwatch } from './run.mjs';
import { filesUnder, fingerprint, isCurrent, remember } from './stamps.mjs';

const native = inRoot('packages', 'native');

/** What both builds read: the lock file fixes the versions of their tools, nx.json how they run. */
const shared = ['package-lock.json', 'nx.json'].map((file) => inRoot(file));

/** The files of nx's `rust` inputs, and the napi configuration. */
export function nativeInputs() {
  const crates = filesUnder(inRoot('crates')).filter((file) => /\.(rs|toml|json)$/.test(file));
  const single = ['Cargo.toml', 'Cargo.lock', 'rust-toolchain.toml', '.cargo/config.toml'];
  const config = ['packages/native/package.json', 'packages/native/project.json'];
  return [...crates, ...[...single, ...config].map((file) => inRoot(file)), ...shared];
}

/** The native modules built here, such as `polyfeat.linux-x64-gnu.node`. */
function nativeModules() {
  return readdirSync(native).filter((name) => name.endsWith('.node'));
}

/** Whether a native module is there, current or not. */
export const hasNativeModule = () => nativeModules().length > 0;

function nativeOutputs() {
  return [...nativeModules(), 'binding.js', 'binding.d.ts'].map((name) => inRoot('packages/native', name));
}

/** @returns {[inputs: string[], outputs: string[]]} */
function typescriptFiles() {
  const packages = readdirSync(inRoot('packages')).map((name) => inRoot('packages', name));
  const inputs = packages.flatMap((folder) => [
    ...filesUnder(`${folder}/src`),
    ...filesUnder(`${folder}/bin`),
    ...['package.json', 'project.json', 'tsconfig.json'].map((file) => `${folder}/${file}`),
  ]);
  inputs.push(inRoot('tsconfig.base.json'), inRoot('packages/native/binding.d.ts'), ...shared);
  return [inputs, packages.flatMap((folder) => filesUnder(`${folder}/dist`))];
}

/**
 * @typedef {object} Step
 * @property {string} name under which its fingerprint is remembered
 * @property {string} title what is built
 * @property {string} project whose `build` target nx runs
 * @property {() => string} print fingerprint of inputs and outputs
 */

/**
 * Runs a build step through nx unless inputs and outputs are as the last run left them.
 * @param {Step} step
 * @returns {Promise<boolean>} false when the build failed
 */
async function ensureBuilt({ name, title, project, print }) {
  if (isCurrent(name, print())) return true;
  say(`Building ${title} …`);
  const time = stopwatch();
  const args = ['run', `${project}:build`, '--output-style=stream-without-prefixes'];
  if ((await runPackage('nx', args, { stdout: 'stderr' })).code !== 0) return false;
  remember(name, print());
  say(`Built in ${time()}.`);
  return true;
}

/**
 * Builds the native module when a Rust source, a manifest, the toolchain or the module itself changed.
 * @param {string} rustVersion what `rustc -vV` prints
 */
export function ensureNative(rustVersion) {
  const title = hasNativeModule()
    ? 'the native module'
    : 'the native module, which takes minutes the first time';
  const print = () => nativePrint(rustVersion);
  return ensureBuilt({ name: 'native', title, project: 'native', print });
}

/** @param {string} rustVersion */
function nativePrint(rustVersion) {
  const facts = [rustVersion, process.env['RUSTFLAGS'] ?? '', process.platform, process.arch];
  // Without a module the outputs are not what any run left, whatever the files say.
  return fingerprint([...nativeInputs(), ...nativeOutputs()], [...facts, String(hasNativeModule())]);
}

/** Builds the TypeScript packages when a source, a configuration or an output changed. */
export function ensureTypeScript() {
  const print = () => fingerprint(typescriptFiles().flat());
  return ensureBuilt({ name: 'typescript', title: 'the TypeScript packages', project: 'cli', print });
}
