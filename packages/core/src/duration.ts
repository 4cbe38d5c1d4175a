import { PolyfeatError } from './errors.js';
import { shown } from './show.js';

/** A positive length of time. */
export interface Duration {
  /** Nanoseconds; at least 1, at most 2^63 - 1. */
  readonly nanos: bigint;
  /** How columns are named by it: `300s`, `250ms`, `10us`, `7ns`. */
  readonly label: string;
}

const UNITS = {
  ns: 1n,
  us: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
} as const;

const GRAMMAR = /^(\d+)(ns|us|ms|s|m|h|d)$/;
const MAX_NANOS = 2n ** 63n - 1n;
const HOW = 'write a positive whole number and a unit (ns, us, ms, s, m, h, d), such as 10s, 250ms or 5m';

/**
 * Reads a duration such as `10s`, `250ms`, `5m`, `1h`, `1d`.
 *
 * @example
 * ```ts
 * parseDuration('5m'); // { nanos: 300000000000n, label: '300s' }
 * ```
 * @throws PolyfeatError `INVALID_OPTION` for anything else, zero and lengths beyond 2^63 - 1 ns included.
 */
export function parseDuration(text: string): Duration {
  const match = GRAMMAR.exec(text);
  const digits = match?.[1];
  const unit = match?.[2] as keyof typeof UNITS | undefined;
  if (digits === undefined || unit === undefined) {
    throw new PolyfeatError('INVALID_OPTION', `"${text}" is not a duration: ${HOW}`);
  }
  const nanos = BigInt(digits) * UNITS[unit];
  if (nanos === 0n) throw new PolyfeatError('INVALID_OPTION', `"${text}" is a duration of zero: ${HOW}`);
  if (nanos > MAX_NANOS) {
    throw new PolyfeatError(
      'INVALID_OPTION',
      `"${text}" is too long: at most ${MAX_NANOS} ns (about 292 years)`,
    );
  }
  return { nanos, label: durationLabel(nanos) };
}

/** The name of a length in column names: in the coarsest of s, ms, us, ns that it is a whole number of. */
export function durationLabel(nanos: bigint): string {
  for (const unit of ['s', 'ms', 'us'] as const) {
    if (nanos % UNITS[unit] === 0n) return `${nanos / UNITS[unit]}${unit}`;
  }
  return `${nanos}ns`;
}

/**
 * Reads a comma-separated list of durations, in the order given.
 *
 * @example
 * ```ts
 * parseDurations('30s,5m').map((d) => d.label); // ['30s', '300s']
 * ```
 * @throws PolyfeatError `INVALID_OPTION` for an empty list or entry, a bad duration, or the same length
 *   twice (`60s,1m`): it would name two columns alike.
 */
export function parseDurations(text: string): Duration[] {
  const parts = text.split(',').map((entry) => entry.trim());
  if (parts.includes('')) {
    throw new PolyfeatError('INVALID_OPTION', `"${text}" has an empty entry: list durations as in 30s,300s`);
  }
  return readDurations(parts, `"${text}"`);
}

/**
 * Reads durations that are given as texts or as what {@link parseDuration} gives.
 *
 * @param what begins the message when two are the same length.
 * @throws PolyfeatError `INVALID_OPTION`.
 */
export function readDurations(given: readonly (string | Duration)[], what: string): Duration[] {
  const seen = new Map<bigint, string>();
  return given.map((one) => {
    const duration = typeof one === 'string' ? parseDuration(one) : checked(one);
    const name = typeof one === 'string' ? one : duration.label;
    const earlier = seen.get(duration.nanos);
    if (earlier !== undefined) {
      const same = earlier === name ? `${name} twice` : `${earlier} and ${name}, which are the same length`;
      throw new PolyfeatError('INVALID_OPTION', `${what} names ${same}: give each duration once`);
    }
    seen.set(duration.nanos, name);
    return duration;
  });
}

/**
 * Reads the durations of an option.
 *
 * @param where the function and its option, which begin every message.
 * @throws PolyfeatError `INVALID_OPTION`.
 */
export function requireDurations(where: string, given: unknown): Duration[] {
  if (!Array.isArray(given)) {
    throw new PolyfeatError(
      'INVALID_OPTION',
      `${where} is ${shown(given)}, and must be a list of durations such as ['30s', '5m']`,
    );
  }
  try {
    return readDurations(given as (string | Duration)[], 'the list');
  } catch (error) {
    if (!(error instanceof PolyfeatError)) throw error;
    throw new PolyfeatError(error.code, `${where}: ${error.message}`);
  }
}

/**
 * Reads a length that may be zero, such as `0s`.
 *
 * @param where the function and its option, which begin every message.
 * @throws PolyfeatError `INVALID_OPTION`.
 */
export function requireLength(where: string, given: unknown): Duration {
  return isZero(given) ? ZERO : requireDurations(where, [given])[0]!;
}

/** Reads a duration that may be zero; else as {@link parseDuration}. */
export function parseLength(text: string): Duration {
  return isZero(text) ? ZERO : parseDuration(text);
}

const ZERO: Duration = { nanos: 0n, label: '0s' };

function isZero(given: unknown): boolean {
  if (typeof given === 'string') return /^0+(ns|us|ms|s|m|h|d)$/.test(given);
  return (given as Duration | null)?.nanos === 0n;
}

/** A duration that somebody made: its label is the one that columns are named by. */
function checked(given: Duration): Duration {
  const nanos: unknown = (given as Duration | null)?.nanos;
  if (typeof nanos !== 'bigint' || nanos <= 0n || nanos > MAX_NANOS) {
    const what = shown(typeof nanos === 'bigint' ? nanos : given);
    throw new PolyfeatError('INVALID_OPTION', `${what} is no duration: ${HOW}`);
  }
  return { nanos, label: durationLabel(nanos) };
}
