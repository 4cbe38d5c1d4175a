import { isPolyfeatError } from '@polyfeat/core/snapshot';
import { type Io, printable } from './io.js';
import { UsageError } from './usage-error.js';

/** How an error is shown. */
export interface FailureStyle {
  json: boolean;
  debug: boolean;
}

/** The exit code of an error: 2 a wrong call, 130 stopped, 1 anything else. */
export function exitCodeOf(error: unknown): 1 | 2 | 130 {
  if (error instanceof UsageError) return 2;
  if (!isPolyfeatError(error)) return 1;
  if (error.code === 'INVALID_OPTION') return 2;
  return error.code === 'CANCELLED' ? 130 : 1;
}

/**
 * Writes an error to standard error: one line, or with `json` the object `{error: {…}}` whose absent
 * places are null; the stack only with `debug`.
 */
export function reportFailure(error: unknown, io: Pick<Io, 'stderr'>, style: FailureStyle): void {
  const data = failureData(error);
  if (style.json) {
    const stack = style.debug ? { stack: stackOf(error) } : {};
    io.stderr.write(`${JSON.stringify({ error: { ...data, ...stack } })}\n`);
    return;
  }
  io.stderr.write(`polyfeat-fast: error: ${printable(lineOf(data))}\n`);
  if (style.debug) io.stderr.write(`${stackOf(error)}\n`);
}

interface FailureData {
  code: string;
  message: string;
  file: string | null;
  column: string | null;
  row: number | null;
}

function failureData(error: unknown): FailureData {
  if (isPolyfeatError(error)) {
    const { code, message, file, column, row } = error;
    return { code, message, file: file ?? null, column: column ?? null, row: row ?? null };
  }
  const nowhere = { file: null, column: null, row: null };
  if (error instanceof UsageError) return { code: error.code, message: error.message, ...nowhere };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'INTERNAL', message: `an internal error: ${message}`, ...nowhere };
}

/** The message, with those of its places that it does not name itself. */
function lineOf({ message, file, column, row }: FailureData): string {
  const missing: string[] = [];
  if (file !== null && !mentions(message, file)) missing.push(`file ${file}`);
  if (column !== null && !mentions(message, column)) missing.push(`column ${column}`);
  if (row !== null && !mentions(message, `row ${row}`)) missing.push(`row ${row}`);
  return missing.length === 0 ? message : `${message} (${missing.join(', ')})`;
}

/** Whether a text contains words as such, and not as a part of longer ones. */
function mentions(message: string, words: string): boolean {
  for (let at = message.indexOf(words); at >= 0; at = message.indexOf(words, at + 1)) {
    const around = [message[at - 1], message[at + words.length]];
    if (around.every((char) => char === undefined || !/[\p{L}\p{N}_]/u.test(char))) return true;
  }
  return false;
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error.stack ?? error.message;
  return error.cause === undefined ? stack : `${stack}\nCaused by: ${stackOf(error.cause)}`;
}
