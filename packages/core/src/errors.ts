/**
 * What can go wrong, as a closed set: the same strings are used by the Rust core, so that a caller
 * may switch on a code whatever engine did the work.
 */
export const ERROR_CODES = [
  /** A path that was named does not exist. */
  'NOT_FOUND',
  /** The snapshot directory has no trades.parquet. */
  'NO_TRADES',
  /** No snapshot under the snapshots root (for that username). */
  'NO_SNAPSHOT',
  /** The file is empty or does not carry the Parquet magic. */
  'NOT_PARQUET',
  /** The file is Parquet, but cut off or broken. */
  'CORRUPT',
  'MISSING_COLUMN',
  'WRONG_TYPE',
  /** Part files of one table disagree in their schemas. */
  'PARTS_DIFFER',
  /** Two columns of an output would have the same name. */
  'NAME_CLASH',
  /** A time does not fit 64-bit integers of the unit it is needed in. */
  'OVERFLOW',
  /** The bucket is no whole number of the unit of `ts`. */
  'BUCKET_UNIT',
  'OUT_DIR_MISSING',
  'OUT_NOT_WRITABLE',
  /** The output would overwrite one of the inputs. */
  'OUT_IS_INPUT',
  'DISK_FULL',
  /** The build's `memory` is less than this snapshot needs; the message says how much that is. */
  'OUT_OF_MEMORY',
  'IO',
  'CANCELLED',
  /** The input is beyond what the TypeScript engine takes. */
  'TOO_LARGE',
  'NATIVE_UNAVAILABLE',
  /** Columns of one table differ in length, or a buffer is shorter than its column. */
  'WRONG_LENGTH',
  /** The rows are not in the order that `assumeSorted` says they are in. */
  'NOT_SORTED',
  /** Rows of equal time, with `ties: 'error'`. */
  'DUPLICATE_TIME',
  /** The rows of a features file are not the trades of the snapshot. */
  'ROWS_DIFFER',
  /** A prepared tape is asked after it was disposed. */
  'DISPOSED',
  'INVALID_OPTION',
  'UNSUPPORTED',
  'INTERNAL',
] as const;

/**
 * What went wrong, by name. A new version may add codes; those that are here keep their meaning.
 *
 * | code | meaning |
 * |---|---|
 * | `MISSING_COLUMN` | a table lacks a column that is needed, or that an option names |
 * | `WRONG_TYPE` | a column's type cannot be what the column is needed for, or what was given is no table or column |
 * | `WRONG_LENGTH` | columns of one table differ in length, or a buffer is shorter than its column |
 * | `INVALID_OPTION` | an option that there is not, or a value that it does not take |
 * | `UNSUPPORTED` | Arrow or Parquet that is valid, and that this version does not read |
 * | `OVERFLOW` | a time does not fit 64-bit integers of the unit that it is needed in |
 * | `BUCKET_UNIT` | the bucket is no whole number of the unit of `ts` |
 * | `NOT_SORTED` | the rows are not in the order that `assumeSorted` says they are in |
 * | `DUPLICATE_TIME` | rows of equal time, with `ties: 'error'` |
 * | `ROWS_DIFFER` | the rows of a features file are not the trades of the snapshot |
 * | `DISPOSED` | a prepared tape is asked after it was disposed |
 * | `CANCELLED` | the work was stopped by other means than a signal, whose own reason is thrown |
 * | `OUT_OF_MEMORY` | there is not enough memory, or the `memory` of a build is less than it needs |
 * | `TOO_LARGE` | the input is beyond what the TypeScript engine takes |
 * | `NATIVE_UNAVAILABLE` | the native engine was asked for, and does not load here |
 * | `CORRUPT` | data that contradicts itself: a file that is cut off, an index beyond its dictionary |
 * | `NOT_PARQUET` | a file that is empty, or no Parquet file |
 * | `PARTS_DIFFER` | part files of one table disagree in their schemas |
 * | `NAME_CLASH` | two columns of an output would have the same name |
 * | `NOT_FOUND` | a path that was named does not exist |
 * | `NO_TRADES` | a snapshot directory has no `trades.parquet` |
 * | `NO_SNAPSHOT` | there is no snapshot (of that username) |
 * | `OUT_DIR_MISSING` | the directory of the output does not exist |
 * | `OUT_NOT_WRITABLE` | the output cannot be written |
 * | `OUT_IS_INPUT` | the output would overwrite one of the inputs |
 * | `DISK_FULL` | the disk of the output, or that of temporary files, is full |
 * | `IO` | reading or writing failed for another reason, which the message tells |
 * | `INTERNAL` | an error of this library; please report it |
 */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** An error as plain data: how it crosses from Rust and how `--json` prints it. */
export interface ErrorData {
  code: string;
  /** One line: what, where, what was expected, how to fix it. */
  message: string;
  file?: string;
  column?: string;
  /** Row number in the file, counted from 0. */
  row?: number;
}

/** Where an error happened, as far as that is known. */
export interface ErrorPlace {
  file?: string | undefined;
  column?: string | undefined;
  row?: number | undefined;
  cause?: unknown;
}

const KNOWN: ReadonlySet<string> = new Set(ERROR_CODES);

/**
 * The one error class that this library throws: what went wrong as a {@link ErrorCode | code}, where as far as that is
 * known, and a message of one line that says what was expected and how to mend it.
 *
 * @example
 * ```ts
 * try {
 *   computeFeatures(trades, marketTrades);
 * } catch (error) {
 *   if (error instanceof PolyfeatError && error.code === 'MISSING_COLUMN') console.error(error.column);
 * }
 * ```
 */
export class PolyfeatError extends Error {
  override readonly name = 'PolyfeatError';
  /** What went wrong. */
  readonly code: ErrorCode;
  /** The file, for jobs on files. */
  declare readonly file?: string;
  /** The column, by its name in the input. */
  declare readonly column?: string;
  /** The row, from 0. */
  declare readonly row?: number;

  constructor(code: ErrorCode, message: string, place: ErrorPlace = {}) {
    super(message, place.cause === undefined ? undefined : { cause: place.cause });
    this.code = code;
    if (place.file !== undefined) this.file = place.file;
    if (place.column !== undefined) this.column = place.column;
    if (place.row !== undefined) this.row = place.row;
  }

  /**
   * An error object of the native engine (or of a log) as an exception. Null and absent fields are
   * the same; a code that this version does not know becomes `INTERNAL`, with the code in the message.
   */
  static fromData(data: ErrorDataIn, cause?: unknown): PolyfeatError {
    const known = KNOWN.has(data.code);
    return new PolyfeatError(
      known ? (data.code as ErrorCode) : 'INTERNAL',
      known ? data.message : `${data.message} (unknown error code ${data.code})`,
      {
        file: data.file ?? undefined,
        column: data.column ?? undefined,
        row: data.row ?? undefined,
        cause,
      },
    );
  }

  /** The error as plain data; absent places are left out. */
  toJSON(): ErrorData {
    const data: ErrorData = { code: this.code, message: this.message };
    if (this.file !== undefined) data.file = this.file;
    if (this.column !== undefined) data.column = this.column;
    if (this.row !== undefined) data.row = this.row;
    return data;
  }
}

/**
 * Whether an error is a {@link PolyfeatError}, of this copy of the module or of another one: the command line
 * holds a copy of its own beside that of the TypeScript engine.
 */
export function isPolyfeatError(error: unknown): error is PolyfeatError {
  if (error instanceof PolyfeatError) return true;
  return error instanceof Error && error.name === 'PolyfeatError' && KNOWN.has((error as PolyfeatError).code);
}

/** What {@link PolyfeatError.fromData} accepts: Rust writes absent places as null. */
export interface ErrorDataIn {
  code: string;
  message: string;
  file?: string | null;
  column?: string | null;
  row?: number | null;
}

/**
 * Reads an answer of the native binding, `{"ok": value}` or `{"error": {…}}`, and throws the error.
 * This is the only place where native errors become exceptions.
 *
 * @throws PolyfeatError the error of the answer, or `INTERNAL` when the answer is neither.
 */
export function unwrapAnswer<T>(json: string): T {
  let answer: { ok?: T; error?: ErrorDataIn } | null;
  try {
    answer = JSON.parse(json) as { ok?: T; error?: ErrorDataIn } | null;
  } catch (cause) {
    throw new PolyfeatError('INTERNAL', 'the native engine answered with something that is not JSON', {
      cause,
    });
  }
  if (answer !== null && typeof answer === 'object') {
    if (answer.error !== undefined && answer.error !== null) throw PolyfeatError.fromData(answer.error);
    if ('ok' in answer) return answer.ok as T;
  }
  throw new PolyfeatError('INTERNAL', 'the native engine answered with neither "ok" nor "error"');
}
