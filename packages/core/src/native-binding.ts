import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Binding } from '@polyfeat/native';

/**
 * Loads the native binary: directly where it lies beside `@polyfeat/native` for this platform, else as that package
 * finds it (musl, a binary in a package of its own, one that a variable `NAPI_RS_…` names). The generated loader
 * there is an ES module; where this module is part of a CommonJS bundle, as in the command line, Node's loader of
 * those is not even started, which saves a third of Node's own start.
 *
 * @throws Error when none loads; the cause is in the message.
 */
export async function loadBinding(): Promise<Binding> {
  const entry = nativeEntry();
  const direct = entry === undefined ? undefined : binaryBeside(entry);
  if (direct !== undefined) return direct;
  const { loadBinding: load } = (
    entry === undefined ? await import('@polyfeat/native') : await import(pathToFileURL(entry).href)
  ) as { loadBinding(): Promise<Binding> };
  return load();
}

/**
 * Loads the native binary without waiting, for functions that give their result at once: as {@link loadBinding}
 * does, but for a binary that only the generated loader finds.
 *
 * @throws Error when none is found.
 */
export function loadBindingSync(): Binding {
  const named = process.env['NAPI_RS_NATIVE_LIBRARY_PATH'];
  if (named !== undefined && named !== '') return createRequire(import.meta.url)(named) as Binding;
  const entry = nativeEntry();
  if (entry === undefined) throw new Error('@polyfeat/native is not installed');
  let failure: unknown;
  for (const name of binaryNames()) {
    try {
      return createRequire(entry)(join(dirname(entry), '..', name)) as Binding;
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure ?? new Error('there is no binary for this platform');
}

/** The binaries that may lie beside `@polyfeat/native`; on Linux, for either C library. */
function binaryNames(): string[] {
  const target = TARGETS[process.platform];
  if (target === undefined) return [];
  const targets = process.platform === 'linux' ? [target, `linux-${process.arch}-musl`] : [target];
  return targets.map((name) => `polyfeat.${name}.node`);
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

const TARGETS: Partial<Record<NodeJS.Platform, string>> = {
  linux: `linux-${process.arch}-gnu`,
  darwin: `darwin-${process.arch}`,
  win32: `win32-${process.arch}-msvc`,
};

function binaryBeside(entry: string): Binding | undefined {
  const target = TARGETS[process.platform];
  const decided = Object.keys(process.env).some((name) => name.startsWith('NAPI_RS_'));
  if (target === undefined || decided) return undefined;
  try {
    return createRequire(entry)(join(dirname(entry), '..', `polyfeat.${target}.node`)) as Binding;
  } catch {
    // The generated loader says why.
    return undefined;
  }
}
