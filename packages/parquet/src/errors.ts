/** Why a file could not be read or written. */
export type ParquetErrorKind =
  /** Not a single byte. */
  | 'empty'
  /** The first bytes are not those of a Parquet file. */
  | 'not-parquet'
  /** It begins as Parquet, but is cut off or damaged. */
  | 'corrupt'
  /** Encrypted, or something else that parquet-wasm does not know. */
  | 'unsupported'
  /** Beyond what the 32-bit WebAssembly memory takes; see `limits.ts`. */
  | 'too-large';

/** An error of this package; `kind` is for programs, the message says what to do. */
export class ParquetError extends Error {
  override readonly name = 'ParquetError';

  constructor(
    readonly kind: ParquetErrorKind,
    message: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
  }
}
