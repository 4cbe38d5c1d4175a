/** Values in messages. */

const LONGEST = 60;

/**
 * A value as a message names it: in few words, on one line, whatever it is. Text is quoted and cut; of an object only
 * its kind is told, for its own words may be long, or an exception.
 */
export function shown(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value);
    case 'bigint':
      return `${value}n`;
    case 'symbol':
      return 'a symbol';
    case 'function':
      return 'a function';
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array';
      return isPromise(value) ? 'a promise (await it first)' : 'an object';
    default:
      return String(value);
  }
}

/** Whether a value is a promise: what is given in place of a table or options where `await` was forgotten. */
export function isPromise(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  );
}
