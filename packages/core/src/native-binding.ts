import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Binding } from '@polyfeat/native';

/** A native binary that was loaded. */
export interface NativeBinary {
  readonly binding: Binding;
  /** The file that was loaded. */
  readonly file: string;
  /** The package that it came in, such as `@polyfeat/native-linux-x64-gnu`; undefined: it lies beside `@polyfeat/native`. */
  readonly packageName?: string;
}

/** There is no binary, as opposed to one that does not load. */
export class NoBinary extends Error {}

/** Names a binary in place of the one that would be looked for. */
const NAMED = 'NAPI_RS_NATIVE_LIBRARY_PATH';

/**
 * Loads the native binary of this platform: the file that the variable `NAPI_RS_NATIVE_LIBRARY_PATH` names, else one
 * that was built beside `@polyfeat/native`, else that of the package for this platform.
 *
 * It does by `require` what the generated loader of `@polyfeat/native` does as an ES module: where this module is part
 * of a CommonJS bundle, as in the command line, Node's loader of those is not even started, which saves a third of
 * Node's own start.
 *
 * @throws NoBinary when there is none, and Error when one does not load or is of another version; the message says why
 *   in a few words.
 */
export function loadNativeBinary(): NativeBinary {
  const entry = nativeEntry();
  const named = process.env[NAMED] ?? '';
  if (named !== '') return loaded(named, createRequire(import.meta.url), entry);
  if (entry === undefined) throw new NoBinary('the package @polyfeat/native is not installed');
  const targets = targetsOf(process);
  const require = createRequire(entry);
  let failure: unknown;
  for (const target of targets) {
    const beside = join(dirname(entry), '..', `polyfeat.${target}.node`);
    const packageName = `@polyfeat/native-${target}`;
    for (const request of [beside, packageName]) {
      const file = resolved(request, require);
      if (file === undefined) continue;
      try {
        return { ...loaded(file, require, entry), ...(request === packageName && { packageName }) };
      } catch (error) {
        failure ??= error;
      }
    }
  }
  throw failure ?? new NoBinary(missing(targets));
}

/**
 * What the native binary of this platform offers.
 *
 * @throws Error as {@link loadNativeBinary} does.
 */
export function loadBinding(): Binding {
  return loadNativeBinary().binding;
}

/**
 * What binaries for a platform are called. On Linux it is not known here for which C library: npm installs the
 * one that fits, and the other does not load.
 */
export function targetsOf({ platform, arch }: Pick<NodeJS.Process, 'platform' | 'arch'>): string[] {
  switch (platform) {
    case 'linux':
      return [`linux-${arch}-gnu`, `linux-${arch}-musl`];
    case 'darwin':
      return [`darwin-${arch}`];
    case 'win32':
      return [`win32-${arch}-msvc`];
    default:
      return [];
  }
}

/** What is missing where there is no binary. */
function missing(targets: readonly string[]): string {
  const target =
    targets.length < 2
      ? targets[0]
      : targets.find((name) => !name.endsWith(glibcVersion() !== undefined ? '-musl' : '-gnu'));
  if (target === undefined) return 'there is none for this platform';
  return `the package @polyfeat/native-${target} is not installed`;
}

/** The version of glibc that runs here, such as `2.36`; undefined where the C library is another one. */
export function glibcVersion(): string | undefined {
  // The report asks the network for names otherwise, which takes seconds.
  const report: { excludeNetwork?: boolean } & NodeJS.ProcessReport = process.report;
  report.excludeNetwork = true;
  const { header } = report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return header?.glibcVersionRuntime;
}

/** The file that `@polyfeat/native` resolves to; undefined where it is not installed or not built. */
function nativeEntry(): string | undefined {
  try {
    // By way of this package: a bundle of it lies in a package that does not depend on the native one.
    const core = createRequire(import.meta.url).resolve('@polyfeat/core');
    return createRequire(core).resolve('@polyfeat/native');
  } catch {
    return undefined;
  }
}

function resolved(request: string, require: NodeJS.Require): string | undefined {
  try {
    return require.resolve(request);
  } catch {
    return undefined;
  }
}

/** Loads a file. A binary of another version would be asked for what it does not know. */
function loaded(file: string, require: NodeJS.Require, entry: string | undefined): NativeBinary {
  const binding = require(file) as Binding;
  if (entry !== undefined) {
    const found = binding.version();
    const { version } = JSON.parse(readFileSync(join(dirname(entry), '..', 'package.json'), 'utf8')) as {
      version: string;
    };
    if (found !== version) {
      throw new Error(`it is of version ${found}, and @polyfeat/native of version ${version}`);
    }
  }
  return { binding, file };
}
