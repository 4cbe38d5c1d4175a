/** What the file system and the Parquet reader say, as errors of ours: one line, naming the file. */
import { ParquetError, type ParquetErrorKind } from '@polyfeat/parquet';
import { type ErrorCode, PolyfeatError } from '../errors.js';

const KINDS: Readonly<Record<ParquetErrorKind, { code: ErrorCode; advice: string }>> = {
  empty: { code: 'NOT_PARQUET', advice: 'expected a file that begins with PAR1' },
  'not-parquet': { code: 'NOT_PARQUET', advice: 'expected a Parquet file' },
  corrupt: { code: 'CORRUPT', advice: 'write or copy the file again' },
  unsupported: { code: 'UNSUPPORTED', advice: 'write it in another form' },
  'too-large': { code: 'TOO_LARGE', advice: 'use the native engine (--engine native)' },
};

/** An error met while reading `file`. */
export function readingError(file: string, error: unknown): PolyfeatError {
  if (error instanceof PolyfeatError) return error;
  if (error instanceof ParquetError) {
    const { code, advice } = KINDS[error.kind];
    return new PolyfeatError(code, `${file}: ${oneLine(error.message)}; ${advice}`, { file, cause: error });
  }
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT')
    return new PolyfeatError('NOT_FOUND', `${file} does not exist`, { file, cause: error });
  return new PolyfeatError('IO', `${file} cannot be read: ${oneLine(message ?? String(error))}`, {
    file,
    cause: error,
  });
}

const WRITING: Readonly<Record<string, { code: ErrorCode; why: string }>> = {
  ENOSPC: { code: 'DISK_FULL', why: 'the disk is full: free some space or write elsewhere with --out' },
  EDQUOT: {
    code: 'DISK_FULL',
    why: 'the disk quota is used up: free some space or write elsewhere with --out',
  },
  EFBIG: { code: 'DISK_FULL', why: 'no file may get that large there: write elsewhere with --out' },
  EACCES: { code: 'OUT_NOT_WRITABLE', why: 'no permission to write there: write elsewhere with --out' },
  EPERM: { code: 'OUT_NOT_WRITABLE', why: 'no permission to write there: write elsewhere with --out' },
  EROFS: { code: 'OUT_NOT_WRITABLE', why: 'the file system is read-only: write elsewhere with --out' },
  EISDIR: { code: 'OUT_NOT_WRITABLE', why: 'it is a directory: name a file' },
  ENOENT: { code: 'OUT_DIR_MISSING', why: 'its directory does not exist: create it first' },
  ENOTDIR: { code: 'OUT_DIR_MISSING', why: 'its directory is a file: name another one' },
};

/** An error met while writing `file`. */
export function writingError(file: string, error: unknown): PolyfeatError {
  if (error instanceof PolyfeatError) return error;
  if (error instanceof ParquetError) return readingError(file, error);
  const { code, message } = error as NodeJS.ErrnoException;
  const known = WRITING[code ?? ''];
  const why = known?.why ?? oneLine(message ?? String(error));
  return new PolyfeatError(known?.code ?? 'IO', `${file} cannot be written: ${why}`, { file, cause: error });
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
