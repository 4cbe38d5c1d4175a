import { totalmem } from 'node:os';
import { PolyfeatError } from './errors.js';

const KIBI = 1024;
const KILO = 1000;
const POWERS = ['', 'k', 'm', 'g', 't'];

const GRAMMAR = /^(\d+(?:\.\d+)?) ?(?:([kmgt])(i?b)?|b)?$/i;
const HOW = 'write a positive number and a unit (K, M, G, T), such as 512M, 1.5G or 800MB';

/**
 * Reads a number of bytes such as `512M`, `1G`, `1.5GiB`, `800MB`.
 *
 * `K`, `M`, `G`, `T`, with or without `iB`, are powers of 1024; `KB`, `MB`, `GB`, `TB` powers of 1000; a number
 * alone, or with `B`, is bytes. Upper and lower case are the same, one space before the unit is allowed, and a
 * fraction of a byte is cut off.
 *
 * @example
 * ```ts
 * parseSize('1.5GiB'); // 1610612736
 * ```
 * @returns bytes: a whole number from 1 to 2^53 - 1.
 * @throws PolyfeatError `INVALID_OPTION` for anything else, zero and fractions of one byte included.
 */
export function parseSize(text: string): number {
  const match = GRAMMAR.exec(text);
  if (match === null) throw new PolyfeatError('INVALID_OPTION', `"${text}" is not a size of memory: ${HOW}`);
  const [, amount = '', prefix = '', suffix = ''] = match;
  const base = suffix.toLowerCase() === 'b' ? KILO : KIBI;
  const bytes = Math.floor(Number(amount) * base ** POWERS.indexOf(prefix.toLowerCase()));
  if (bytes < 1) throw new PolyfeatError('INVALID_OPTION', `"${text}" is less than one byte: ${HOW}`);
  if (!Number.isSafeInteger(bytes)) {
    throw new PolyfeatError('INVALID_OPTION', `"${text}" is too much: at most 8191T`);
  }
  return bytes;
}

/** The share of the memory that a run takes without being told: what is left is the file cache's and others'. */
const SHARE = 0.6;

/** What is known of a machine's memory, in bytes. */
export interface MachineMemory {
  total: number;
  /** The limit of the control group; 0 or undefined: unknown; beyond `total`: none. */
  constrained: number | undefined;
}

/**
 * The memory that a run may take when nothing is said: 60 % of the machine's RAM, or of the limit that the
 * process's control group (a container, a systemd slice) sets below it. In bytes, a whole number.
 *
 * @example
 * ```ts
 * await engine.build({ ...request, memory: defaultMemory() });
 * ```
 */
export function defaultMemory({ total, constrained }: MachineMemory = ofThisMachine()): number {
  // Without a limit systems answer 0, nothing, or a number beyond any machine, by their version.
  const limit = constrained !== undefined && constrained > 0 ? Math.min(constrained, total) : total;
  return Math.floor(SHARE * limit);
}

function ofThisMachine(): MachineMemory {
  return { total: totalmem(), constrained: process.constrainedMemory?.() };
}
