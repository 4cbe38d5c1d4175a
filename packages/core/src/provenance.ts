/** How a features file was made, as it says itself: the keys `polyfeat.*` of its metadata. */
import type { Role } from './column-roles.js';

/** Keys of what is said begin with this. */
export const PREFIX = 'polyfeat.';

/** A file that a run read. */
export interface MadeInput {
  readonly table: string;
  /** Its name within the snapshot. */
  readonly file: string;
  readonly bytes: number;
  /** XXH64 of its footer, in hexadecimal. */
  readonly footer_xxh64: string;
}

/** How a file was made. What a version does not write is absent. */
export interface Made {
  readonly version?: string;
  readonly preset?: string;
  /** The rules of visibility, with what was found out from the files; null where a rule is off. */
  readonly rules?: Readonly<Record<string, unknown>>;
  /** What bears on values or layout; durations by their labels. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly inputs?: readonly MadeInput[];
  /** The role of each column. */
  readonly roles?: Readonly<Record<string, Role>>;
}

/** Reads what a file's metadata says; null where it says nothing. */
export function readMade(metadata: ReadonlyMap<string, string>): Made | null {
  const found: Record<string, unknown> = {};
  for (const [key, text] of metadata) {
    if (key.startsWith(PREFIX)) found[key.slice(PREFIX.length)] = parsed(text);
  }
  return Object.keys(found).length === 0 ? null : (found as Made);
}

/** Lists and objects are JSON; all else is text. */
function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'number' ? text : value;
  } catch {
    return text;
  }
}
