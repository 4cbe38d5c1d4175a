import { PolyfeatError } from './errors.js';
import type { Engine, EngineChoice, EngineName, Warning } from './types.js';

/** Environment variable that decides for `auto`. */
export const ENGINE_VARIABLE = 'POLYFEAT_ENGINE';

/** An engine, and why it is not the one that was hoped for. */
export interface LoadedEngine {
  engine: Engine;
  warning?: Warning;
}

/**
 * Loads an engine: `native`, `ts`, or with `auto` the native one where its binary loads and else the
 * TypeScript one with the warning `native_unavailable`. The environment variable `POLYFEAT_ENGINE`
 * decides in place of `auto`. Nothing of the other engine is imported: the native path loads neither
 * apache-arrow nor parquet-wasm.
 *
 * @example
 * ```ts
 * const { engine, warning } = await loadEngine('auto');
 * if (warning) console.warn(warning.message);
 * ```
 * @throws PolyfeatError `NATIVE_UNAVAILABLE` when `native` was asked for and its binary does not load;
 *   `INVALID_OPTION` when the variable holds another name.
 */
export async function loadEngine(want: EngineChoice): Promise<LoadedEngine> {
  switch (want === 'auto' ? fromEnvironment() : want) {
    case 'native':
      return { engine: await loadNative() };
    case 'ts':
      return { engine: await loadTs() };
    case 'auto':
      return loadBest();
  }
}

async function loadBest(): Promise<LoadedEngine> {
  try {
    return { engine: await loadNative() };
  } catch (error) {
    if (!(error instanceof PolyfeatError)) throw error;
    const message = `the TypeScript engine is used, which gives the same values but is slower: ${error.message}`;
    return { engine: await loadTs(), warning: { code: 'native_unavailable', message } };
  }
}

async function loadNative(): Promise<Engine> {
  const { loadBinding } = await import('./native-binding.js');
  let binding: ReturnType<typeof loadBinding>;
  try {
    binding = loadBinding();
  } catch (cause) {
    throw nativeUnavailable(cause);
  }
  const { NativeEngine } = await import('./native-engine.js');
  return new NativeEngine(binding);
}

async function loadTs(): Promise<Engine> {
  const { createTsEngine } = await import('./ts/index.js');
  return createTsEngine();
}

/** What there is of the native engine. */
export type NativeState =
  | { state: 'loaded'; file: string; packageName: string | null }
  | { state: 'missing' | 'broken'; reason: string };

/** Which engine a job would run on that asks for one, and why. */
export interface EngineState {
  /** What was asked for, with the environment variable heeded. */
  choice: EngineChoice;
  /** Null: the one that was asked for does not load. */
  engine: EngineName | null;
  native: NativeState;
}

/**
 * Finds out which engine {@link loadEngine} would give, and what there is of the native one.
 *
 * @example
 * ```ts
 * const { engine, native } = await engineState('auto');
 * if (engine === 'ts' && native.state !== 'loaded') console.log(native.reason);
 * ```
 * @throws PolyfeatError `INVALID_OPTION` when the environment variable `POLYFEAT_ENGINE` holds another name.
 */
export async function engineState(want: EngineChoice): Promise<EngineState> {
  const choice = want === 'auto' ? fromEnvironment() : want;
  const native = await nativeState();
  const best = native.state === 'loaded' ? 'native' : choice === 'native' ? null : 'ts';
  return { choice, engine: choice === 'ts' ? 'ts' : best, native };
}

async function nativeState(): Promise<NativeState> {
  const { loadNativeBinary, NoBinary } = await import('./native-binding.js');
  try {
    const { file, packageName = null } = loadNativeBinary();
    return { state: 'loaded', file, packageName };
  } catch (error) {
    return { state: error instanceof NoBinary ? 'missing' : 'broken', reason: reason(error) };
  }
}

/** What `auto` means: the environment variable's engine, when it names one. */
export function fromEnvironment(): EngineChoice {
  const value = process.env[ENGINE_VARIABLE] ?? '';
  if (value === '') return 'auto';
  if (value === 'auto' || value === 'native' || value === 'ts') return value;
  throw new PolyfeatError(
    'INVALID_OPTION',
    `the environment variable ${ENGINE_VARIABLE} is "${value}": it must be auto, native or ts`,
  );
}

/** The error of a binary that does not load. */
export function nativeUnavailable(cause: unknown): PolyfeatError {
  return new PolyfeatError(
    'NATIVE_UNAVAILABLE',
    `no native binary loads on ${process.platform}-${process.arch} (${reason(cause)}); ` +
      'install again with optional dependencies (in a clone, run npm start), or use the engine ts',
    { cause },
  );
}

/** Why a module did not load, in a few words: Node lists every path that it tried over many lines. */
function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return (cause.message.split('\n')[0] ?? '').trim().replace(/[.:]$/, '') || cause.name;
}
