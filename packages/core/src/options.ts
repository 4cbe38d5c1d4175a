import { PolyfeatError } from './errors.js';
import { isPromise, shown } from './show.js';
import { suggest } from './suggest.js';
import type { Hooks } from './types.js';

/**
 * Refuses options that there are not, naming the one that was probably meant.
 *
 * @throws PolyfeatError `INVALID_OPTION`.
 */
export function refuseUnknown(what: string, options: object, known: readonly string[]): void {
  requireOptions(what, options);
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const near = suggest(name, known);
    const hint = near === undefined ? `it has ${[...known].sort().join(', ')}` : `did you mean ${near}?`;
    throw new PolyfeatError('INVALID_OPTION', `${what} has no option ${name}; ${hint}`);
  }
}

/**
 * Refuses a value that an option cannot have.
 *
 * @throws PolyfeatError `INVALID_OPTION`.
 */
export function requireOneOf<T extends string>(
  what: string,
  name: string,
  value: unknown,
  known: readonly T[],
): T {
  if ((known as readonly unknown[]).includes(value)) return value as T;
  const near = typeof value === 'string' ? suggest(value, known) : undefined;
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  throw new PolyfeatError(
    'INVALID_OPTION',
    `${what}: ${name} is ${shown(value)}, and must be one of ${known.join(', ')}${hint}`,
  );
}

/**
 * Refuses what is no object of options: a list, text, or a promise somebody forgot to await.
 *
 * @throws PolyfeatError `INVALID_OPTION`.
 */
function requireOptions(what: string, options: unknown): void {
  if (typeof options === 'object' && options !== null && !Array.isArray(options) && !isPromise(options))
    return;
  throw new PolyfeatError('INVALID_OPTION', `${what}: its options are ${shown(options)}; give an object`);
}

/**
 * Refuses what is no boolean.
 *
 * @throws PolyfeatError `INVALID_OPTION`.
 */
export function requireBoolean(what: string, name: string, value: unknown): void {
  if (typeof value === 'boolean') return;
  throw new PolyfeatError('INVALID_OPTION', `${what}: ${name} is ${shown(value)}, and must be true or false`);
}

/**
 * Refuses what is no text.
 *
 * @throws PolyfeatError `INVALID_OPTION`.
 */
export function requireText(what: string, name: string, value: unknown): void {
  if (typeof value === 'string') return;
  throw new PolyfeatError('INVALID_OPTION', `${what}: ${name} is ${shown(value)}, and must be text`);
}

/**
 * Refuses a listener that is neither left out nor a function, before anything happens that it should hear of.
 *
 * @throws PolyfeatError `INVALID_OPTION`.
 */
export function requireListener(what: string, name: string, value: unknown): void {
  if (value === undefined || typeof value === 'function') return;
  throw new PolyfeatError('INVALID_OPTION', `${what}: ${name} is ${shown(value)}, and must be a function`);
}

/** Whether a value is a list of names. */
export function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}

/**
 * Refuses to begin when the signal among the options is aborted, or is none.
 *
 * @throws PolyfeatError `INVALID_OPTION`; the reason of an aborted signal.
 */
export function refuseAborted(
  what: string,
  options: { readonly [Hook in keyof Hooks]?: Hooks[Hook] | undefined } | null | undefined,
): void {
  if (options == null) return;
  requireOptions(what, options);
  const { signal, onProgress } = options;
  requireListener(what, 'onProgress', onProgress);
  if (signal === undefined) return;
  const needed = ['throwIfAborted', 'addEventListener', 'removeEventListener'] as const;
  if (typeof signal !== 'object' || needed.some((name) => typeof signal?.[name] !== 'function')) {
    throw new PolyfeatError(
      'INVALID_OPTION',
      `${what}: signal is ${shown(signal)}, and must be an AbortSignal; give the signal of an AbortController`,
    );
  }
  signal.throwIfAborted();
}
