/**
 * Columns as the engines take them: views of Arrow's own buffers, chunk by chunk, nothing copied. Plain objects,
 * so that a table of any copy of apache-arrow, and plain typed arrays, look the same from here on.
 */
import type { TsUnit } from '../types.js';

/** The integer types of Arrow. */
export type IntType = 'i8' | 'i16' | 'i32' | 'i64' | 'u8' | 'u16' | 'u32' | 'u64';

/** The types that an engine reads. */
export type ViewType =
  | IntType
  | 'null'
  | 'bool'
  | 'f16'
  | 'f32'
  | 'f64'
  | 'decimal32'
  | 'decimal64'
  | 'decimal128'
  | 'decimal256'
  | 'timestamp'
  | 'date32'
  | 'date64'
  | 'utf8'
  | 'large_utf8'
  | 'utf8_view'
  | 'dictionary';

/** One chunk of a column. */
export interface ChunkView {
  /** Rows. */
  readonly length: number;
  /**
   * Fixed width: from the chunk's first element on. Bits of booleans: `bitOffset` bits before. utf8 and large_utf8:
   * the bytes that `offsets` address. utf8_view: views of 16 bytes. dictionary: the indices.
   */
  readonly values: Uint8Array;
  /** Arrow's bitmap, the lowest bit first; absent: no nulls. */
  readonly validity?: Uint8Array;
  /** Where row 0 is in `validity`, and in the bits of booleans. */
  readonly bitOffset?: number;
  /** One more than rows: int32 for utf8, int64 for large_utf8. */
  readonly offsets?: Uint8Array;
  /** What long utf8_view values point into. */
  readonly buffers?: Uint8Array[];
  /** The values of a dictionary; the same object for the same dictionary, so that it is read once. */
  readonly dictionary?: ColumnView;
}

/** A column. */
export interface ColumnView {
  /** For messages. */
  readonly name: string;
  readonly type: ViewType;
  /** Of a timestamp. */
  readonly unit?: TsUnit;
  /** Of a decimal. */
  readonly scale?: number;
  /** Of a dictionary. */
  readonly indexType?: IntType;
  readonly chunks: readonly ChunkView[];
}

/** The number of rows of a column. */
export function rowsOf({ chunks }: ColumnView): number {
  return chunks.reduce((sum, { length }) => sum + length, 0);
}

/** Whether a row of a chunk is not null. */
export function isValid({ validity, bitOffset = 0 }: ChunkView, row: number): boolean {
  if (validity === undefined) return true;
  const bit = row + bitOffset;
  return ((validity[bit >> 3]! >> (bit & 7)) & 1) === 1;
}

type Words<T> = {
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
  readonly BYTES_PER_ELEMENT: number;
};

/** Bytes as elements of another width; copied only where they do not lie on a multiple of it. */
export function typed<T>(Type: Words<T>, bytes: Uint8Array, length: number): T {
  const width = Type.BYTES_PER_ELEMENT;
  const aligned = bytes.byteOffset % width === 0 ? bytes : bytes.slice(0, length * width);
  return new Type(aligned.buffer, aligned.byteOffset, length);
}

/** A column's integers in place, one chunk at a time. 64 bits come as pairs of 32-bit words: see `int64.ts`. */
export type NarrowInts = Int8Array | Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array;

/** The integers of a chunk of at most 32 bits; null for those of 64. */
export function narrowInts(type: IntType, bytes: Uint8Array, length: number): NarrowInts | null {
  switch (type) {
    case 'i8':
      return typed(Int8Array, bytes, length);
    case 'i16':
      return typed(Int16Array, bytes, length);
    case 'i32':
      return typed(Int32Array, bytes, length);
    case 'u8':
      return typed(Uint8Array, bytes, length);
    case 'u16':
      return typed(Uint16Array, bytes, length);
    case 'u32':
      return typed(Uint32Array, bytes, length);
    default:
      return null;
  }
}

/** The indices of a dictionary chunk: small integers, whatever their type. */
export function indicesOf(chunk: ChunkView, type: IntType): NarrowInts | Float64Array {
  const narrow = narrowInts(type, chunk.values, chunk.length);
  if (narrow !== null) return narrow;
  const words = typed(Uint32Array, chunk.values, chunk.length * 2);
  // The low words are the index, unless the high ones say that it points outside of any dictionary.
  return Float64Array.from({ length: chunk.length }, (_, i) => words[2 * i]! + words[2 * i + 1]! * 2 ** 32);
}

const WIDTHS: Partial<Record<ViewType, number>> = {
  i8: 1,
  u8: 1,
  i16: 2,
  u16: 2,
  i32: 4,
  u32: 4,
  i64: 8,
  u64: 8,
  utf8_view: 16,
};

/**
 * A text column in parts of at most `rows` rows, for work that is done in steps: views of the same buffers.
 */
export function* textParts(column: ColumnView, rows: number): Generator<ColumnView> {
  const { type } = column;
  const width = WIDTHS[type === 'dictionary' ? column.indexType! : type] ?? 0;
  const offsetWidth = type === 'utf8' ? 4 : 8;
  for (const chunk of column.chunks) {
    for (let from = 0; from < chunk.length; from += rows) {
      const length = Math.min(rows, chunk.length - from);
      const { values, offsets, bitOffset = 0 } = chunk;
      const part: ChunkView = {
        ...chunk,
        length,
        // Texts lie where their offsets say.
        values: width === 0 ? values : values.subarray(from * width, (from + length) * width),
        bitOffset: bitOffset + from,
        ...(offsets !== undefined && {
          offsets: offsets.subarray(from * offsetWidth, (from + length + 1) * offsetWidth),
        }),
      };
      yield { ...column, chunks: [part] };
    }
  }
}
