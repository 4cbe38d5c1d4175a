/** Something to read byte ranges from, such as an open file: only what is asked for gets into memory. */
export interface ByteSource {
  /** Length in bytes. */
  readonly size: number;
  /** The bytes start … end - 1, which lie within the source. */
  read(start: number, end: number): Promise<Uint8Array>;
}

/** What a Parquet file may be given as. */
export type ParquetInput = Uint8Array | Blob | ByteSource;

/** Any input as a {@link ByteSource}. */
export function toByteSource(input: ParquetInput): ByteSource {
  if (input instanceof Uint8Array) {
    return { size: input.byteLength, read: async (start, end) => input.subarray(start, end) };
  }
  if (typeof Blob !== 'undefined' && input instanceof Blob) {
    return {
      size: input.size,
      read: async (start, end) => new Uint8Array(await input.slice(start, end).arrayBuffer()),
    };
  }
  return input as ByteSource;
}

/**
 * The part of the `Blob` interface that parquet-wasm uses, over a {@link ByteSource}. A failure of the source is
 * kept, because on its way through WebAssembly it would lose everything but its text.
 */
export class BlobView {
  readonly #source: ByteSource;
  readonly #start: number;
  readonly #failed: (error: unknown) => void;
  readonly size: number;

  constructor(source: ByteSource, failed: (error: unknown) => void, start = 0, end = source.size) {
    this.#source = source;
    this.#failed = failed;
    this.#start = start;
    this.size = Math.max(end - start, 0);
  }

  /** A range of this view, in the same manner as `Blob.slice` for ends that are not negative. */
  slice(start = 0, end = this.size): BlobView {
    const limit = this.#start + this.size;
    const from = Math.min(this.#start + start, limit);
    return new BlobView(this.#source, this.#failed, from, Math.min(this.#start + end, limit));
  }

  /** The bytes of this view. */
  async arrayBuffer(): Promise<ArrayBuffer> {
    try {
      const bytes = await this.#source.read(this.#start, this.#start + this.size);
      const { buffer, byteOffset, byteLength } = bytes;
      return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
    } catch (error) {
      this.#failed(error);
      throw error;
    }
  }
}
