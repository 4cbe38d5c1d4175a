import { PolyfeatError } from './errors.js';
import { suggest } from './suggest.js';

/**
 * Refuses options that there are not, naming the one that was probably meant.
 *
 * @throws PolyfeatError `INVALID_OPTION`.
 */
export function refuseUnknown(what: string, options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw new PolyfeatError('INVALID_OPTION', `${what}: its options are ${String(options)}; give an object`);
  }
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
    `${what}: ${name} is ${JSON.stringify(value)}, and must be one of ${known.join(', ')}${hint}`,
  );
}
