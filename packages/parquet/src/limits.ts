/**
 * How large a file may be. parquet-wasm is 32-bit: files from about 270 MB or 10 million rows on end in a bare
 * `unreachable`, and its memory never shrinks. These limits lie below that with room for what is built from it.
 */
import { ParquetError } from './errors.js';

/** The largest file, in bytes, that is opened. */
export const MAX_FILE_BYTES = 256_000_000;

/** The most rows of one file that are read or written. */
export const MAX_ROWS = 5_000_000;

/** The most bytes of Arrow data that one file is written from. */
export const MAX_TABLE_BYTES = 1_000_000_000;

/** Throws `too-large` when `value` is above `limit`; the message names both and the unit. */
export function requireAtMost(limit: number, value: number, what: string, unit: string): void {
  if (value <= limit) return;
  throw new ParquetError(
    'too-large',
    `${what} has ${grouped(value)} ${unit}, and at most ${grouped(limit)} fit into WebAssembly's 32-bit memory`,
  );
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
