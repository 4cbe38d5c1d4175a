/**
 * `take`: the rows of a column in another order, for every Arrow type, by recursion over its buffers.
 *
 * ```text
 * chunks  [a b c] [d e]      indices 4 0 0      result  [e a a]
 * places  (0,0) (0,1) (0,2) (1,0) (1,1)
 * ```
 *
 * What is to know of apache-arrow's `Data`: after a slice, values, offsets, type ids and the children of structs and
 * fixed-size lists are cut, while the validity bitmap and the bits of booleans keep the bit offset `data.offset`;
 * the children of lists, and the buffers behind views, are left whole.
 */
import { Data, type DataType, Type, Vector } from 'apache-arrow';
import { PolyfeatError } from '../errors.js';
import { takeDictionary } from './take-dictionary.js';
import { takeFixedSizeList, takeList, takeStruct, takeUnion } from './take-nested.js';

/** Where each row of a result comes from: a chunk and a row in it; a row below 0 makes a null. */
export interface Places {
  readonly chunk: Int32Array;
  readonly row: Int32Array;
}

/** Chunks of one column. */
export type Chunks = readonly Data<DataType>[];

/**
 * The rows `indices` of a column, as one chunk.
 *
 * Values, nulls and the type stay as they are, with one exception: dictionaries of several chunks are merged, and
 * every dictionary type gets an id of its own, so that columns read one by one may stand in one table.
 *
 * Cost: linear in the rows taken and in their bytes.
 *
 * @param indices row numbers within the column, each below its length; they may repeat, and -1 makes a null.
 * @throws PolyfeatError `TOO_LARGE` when the taken strings or lists are beyond 2 GiB, more than 32-bit offsets can say.
 * @example
 * ```ts
 * take(vectorFromArray(['a', null, 'c'], new Utf8()), [2, 2, 1]).toJSON(); // ['c', 'c', null]
 * ```
 */
export function take(vector: Vector, indices: ArrayLike<number>): Vector {
  return new Vector([takePlaces(vector.data, locate(vector.data, indices))]);
}

/** The chunk and row of each index. */
export function locate(chunks: Chunks, indices: ArrayLike<number>): Places {
  const places = emptyPlaces(indices.length);
  const starts: number[] = [];
  let total = 0;
  for (const { length } of chunks) {
    starts.push(total);
    total += length;
  }
  let current = 0;
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i] as number;
    if (index === -1) {
      places.row[i] = -1;
      continue;
    }
    if (!(index >= 0 && index < total)) throw new RangeError(`row ${index} of a column of ${total}`);
    const start = starts[current] as number;
    if (index < start || index >= start + (chunks[current] as Data).length) current = chunkOf(starts, index);
    places.chunk[i] = current;
    places.row[i] = index - (starts[current] as number);
  }
  return places;
}

/** The last chunk that starts at or before `index`. */
function chunkOf(starts: readonly number[], index: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= index) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Places to be filled in. */
export function emptyPlaces(length: number): Places {
  return { chunk: new Int32Array(length), row: new Int32Array(length) };
}

/** {@link take} for rows that are located already. */
export function takePlaces(chunks: Chunks, places: Places): Data<DataType> {
  const type = (chunks[0] as Data<DataType>).type;
  switch (type.typeId) {
    case Type.Null:
      return new Data(type, 0, places.row.length, places.row.length);
    case Type.Bool:
      return build(type, chunks, places, { values: takeBits(chunks, places) });
    case Type.Utf8:
    case Type.Binary:
    case Type.LargeUtf8:
    case Type.LargeBinary:
      return build(type, chunks, places, takeBytes(chunks, places));
    case Type.Utf8View:
    case Type.BinaryView:
      return takeViews(type, chunks, places);
    case Type.Dictionary:
      return takeDictionary(chunks, places);
    case Type.List:
    case Type.LargeList:
    case Type.Map:
      return takeList(chunks, places);
    case Type.FixedSizeList:
      return takeFixedSizeList(chunks, places);
    case Type.Struct:
      return takeStruct(chunks, places);
    case Type.Union:
      return takeUnion(chunks, places);
    default:
      return build(type, chunks, places, { values: takeFixed(chunks, places) });
  }
}

/** The buffers of a result, as far as its type has them. */
export interface Buffers {
  readonly offsets?: Int32Array | BigInt64Array;
  readonly values?: ArrayBufferView;
  readonly children?: Data<DataType>[];
  readonly dictionary?: Vector;
  readonly variadic?: Uint8Array[];
}

/** Puts a chunk together from its buffers and the validity of the rows it was taken from. */
export function build(type: DataType, chunks: Chunks, places: Places, buffers: Buffers): Data<DataType> {
  const { bitmap, nulls } = takeValidity(chunks, places);
  const parts = [buffers.offsets, buffers.values, bitmap, undefined];
  const { children = [], dictionary, variadic = [] } = buffers;
  return new Data(type, 0, places.row.length, nulls, parts as never, children, dictionary, variadic);
}

/** Whether each chunk has nulls at all: asking `getValid` is slow. */
function bitmaps(chunks: Chunks): (Uint8Array | null)[] {
  return chunks.map((data) => (data.nullCount > 0 && data.nullBitmap?.length ? data.nullBitmap : null));
}

function takeValidity(chunks: Chunks, { chunk, row }: Places): { bitmap: Uint8Array; nulls: number } {
  const sources = bitmaps(chunks);
  const bitmap = new Uint8Array((row.length + 7) >> 3);
  let nulls = 0;
  for (let i = 0; i < row.length; i++) {
    const at = row[i] as number;
    const source = sources[chunk[i] as number];
    const bit = at + ((chunks[chunk[i] as number] as Data).offset ?? 0);
    if (at >= 0 && (source == null || ((source[bit >> 3] as number) >> (bit & 7)) & 1)) {
      bitmap[i >> 3] = (bitmap[i >> 3] as number) | (1 << (i & 7));
    } else nulls++;
  }
  return { bitmap: nulls > 0 ? bitmap : new Uint8Array(0), nulls };
}

function takeBits(chunks: Chunks, { chunk, row }: Places): Uint8Array {
  const bits = new Uint8Array((row.length + 7) >> 3);
  for (let i = 0; i < row.length; i++) {
    const at = row[i] as number;
    if (at < 0) continue;
    const data = chunks[chunk[i] as number] as Data;
    const bit = at + data.offset;
    if (((data.values[bit >> 3] as number) >> (bit & 7)) & 1)
      bits[i >> 3] = (bits[i >> 3] as number) | (1 << (i & 7));
  }
  return bits;
}

/** Numbers, dates, times, decimals, intervals, fixed-size binaries: `stride` array elements a row. */
function takeFixed(chunks: Chunks, { chunk, row }: Places): ArrayBufferView {
  const { values, stride } = chunks[0] as Data;
  const result = new values.constructor(row.length * stride);
  for (let i = 0; i < row.length; i++) {
    const at = row[i] as number;
    if (at < 0) continue;
    const source = (chunks[chunk[i] as number] as Data).values;
    for (let k = 0; k < stride; k++) result[i * stride + k] = source[at * stride + k];
  }
  return result;
}

function takeBytes(chunks: Chunks, places: Places): Buffers {
  const { chunk, row } = places;
  const { offsets, begin } = takeOffsets(chunks, places);
  const values = new Uint8Array(Number(offsets[row.length]));
  for (let i = 0; i < row.length; i++) {
    const from = begin[i] as number;
    const to = Number(offsets[i]);
    const length = Number(offsets[i + 1]) - to;
    if (length > 0) values.set((chunks[chunk[i] as number] as Data).values.subarray(from, from + length), to);
  }
  return { offsets, values };
}

/** The offsets of a result with variable lengths, and where each row begins in the chunk it comes from. */
export function takeOffsets(chunks: Chunks, { chunk, row }: Places) {
  const sources = chunks.map((data) => data.valueOffsets as Int32Array | BigInt64Array);
  const long = sources[0] instanceof BigInt64Array;
  const offsets = long ? new BigInt64Array(row.length + 1) : new Int32Array(row.length + 1);
  const begin = new Float64Array(row.length);
  const valid = bitmaps(chunks);
  let end = 0;
  for (let i = 0; i < row.length; i++) {
    const at = row[i] as number;
    const source = sources[chunk[i] as number] as Int32Array | BigInt64Array;
    const bitmap = valid[chunk[i] as number];
    const bit = at + (chunks[chunk[i] as number] as Data).offset;
    // A null row may have bytes of its own: they are left behind.
    if (at >= 0 && (bitmap == null || ((bitmap[bit >> 3] as number) >> (bit & 7)) & 1)) {
      begin[i] = Number(source[at]);
      end += Number(source[at + 1]) - (begin[i] as number);
    }
    if (end > 0x7fffffff) {
      throw new PolyfeatError(
        'TOO_LARGE',
        'a column has more than 2 GiB of text; use the native engine (--engine native)',
      );
    }
    if (long) offsets[i + 1] = BigInt(end);
    else offsets[i + 1] = end;
  }
  return { offsets, begin };
}

const VIEW_BYTES = 16;
const VIEW_INLINE = 12;

/** Views are copied; those that point into a buffer point into the same buffer, now one of all chunks' buffers. */
function takeViews(type: DataType, chunks: Chunks, places: Places): Data<DataType> {
  const { chunk, row } = places;
  const variadic: Uint8Array[] = [];
  const firstBuffer = chunks.map((data) => {
    const first = variadic.length;
    variadic.push(...data.variadicBuffers);
    return first;
  });
  const values = new Uint8Array(row.length * VIEW_BYTES);
  const view = new DataView(values.buffer);
  for (let i = 0; i < row.length; i++) {
    const at = row[i] as number;
    if (at < 0) continue;
    const source = (chunks[chunk[i] as number] as Data).values as Uint8Array;
    values.set(source.subarray(at * VIEW_BYTES, (at + 1) * VIEW_BYTES), i * VIEW_BYTES);
    if (view.getInt32(i * VIEW_BYTES, true) > VIEW_INLINE) {
      const buffer = view.getInt32(i * VIEW_BYTES + 8, true) + (firstBuffer[chunk[i] as number] as number);
      view.setInt32(i * VIEW_BYTES + 8, buffer, true);
    }
  }
  return build(type, chunks, places, { values, variadic });
}
