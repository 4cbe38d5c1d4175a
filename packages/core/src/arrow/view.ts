/** Arrow columns as the engines take them: views of the same buffers, chunk by chunk. */
import { NANOS } from '@polyfeat/reference';
import type { ChunkView, ColumnView, IntType, ViewType } from '../kernels/view.js';
import type { TsUnit } from '../types.js';
import { type ArrowData, type ArrowType, type ArrowVector, TYPE } from './shape.js';

const UNITS = Object.keys(NANOS).sort((a, b) =>
  Number(NANOS[b as TsUnit] - NANOS[a as TsUnit]),
) as readonly TsUnit[];

/**
 * A column as a view; null for a type that no engine reads (lists, structs, binaries and such).
 *
 * Nothing is copied. A chunk whose memory is shared between threads is: another thread might write while it is read.
 */
export function viewOf(name: string, vector: ArrowVector): ColumnView | null {
  return columnOf(name, vector, new Map());
}

function columnOf(
  name: string,
  { type, data }: ArrowVector,
  dictionaries: Map<ArrowVector, ColumnView>,
): ColumnView | null {
  const kind = viewType(type);
  if (kind === null) return null;
  const view: { -readonly [K in keyof ColumnView]: ColumnView[K] } = { name, type: kind, chunks: [] };
  if (kind === 'timestamp') view.unit = UNITS[type.unit ?? 3] as TsUnit;
  if (kind.startsWith('decimal')) view.scale = type.scale ?? 0;
  if (kind === 'dictionary') {
    const indices = intType(type.indices!);
    if (indices === null || viewType(type.dictionary!) === null) return null;
    view.indexType = indices;
  }
  view.chunks = data
    .filter(({ length }) => length > 0)
    .map((chunk) => chunkOf(name, kind, chunk, dictionaries));
  return view;
}

function chunkOf(
  name: string,
  kind: ViewType,
  data: ArrowData,
  dictionaries: Map<ArrowVector, ColumnView>,
): ChunkView {
  const chunk: { -readonly [K in keyof ChunkView]: ChunkView[K] } = {
    length: data.length,
    values: bytesOf(data.values),
  };
  const nulls =
    kind !== 'null' && data.nullCount > 0 && data.nullBitmap != null && data.nullBitmap.length > 0;
  if (nulls) chunk.validity = bytesOf(data.nullBitmap);
  if (nulls || kind === 'bool') chunk.bitOffset = data.offset;
  if (kind === 'utf8' || kind === 'large_utf8') chunk.offsets = bytesOf(data.valueOffsets);
  if (kind === 'utf8_view') chunk.buffers = (data.variadicBuffers ?? []).map((buffer) => bytesOf(buffer));
  if (kind === 'dictionary') {
    const dictionary = data.dictionary!;
    let values = dictionaries.get(dictionary);
    if (values === undefined) {
      values = columnOf(name, dictionary, dictionaries) ?? { name, type: 'null', chunks: [] };
      dictionaries.set(dictionary, values);
    }
    chunk.dictionary = values;
  }
  return chunk;
}

/** The bytes of a buffer, in place unless other threads can write them. */
function bytesOf(view: ArrayBufferView | null | undefined): Uint8Array {
  if (view == null) return new Uint8Array(0);
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const shared = typeof SharedArrayBuffer !== 'undefined' && view.buffer instanceof SharedArrayBuffer;
  return shared ? new Uint8Array(bytes) : bytes;
}

function intType({ typeId, bitWidth, isSigned }: ArrowType): IntType | null {
  return typeId === TYPE.int ? (`${isSigned === false ? 'u' : 'i'}${bitWidth}` as IntType) : null;
}

const FLOATS = ['f16', 'f32', 'f64'] as const;

function viewType(type: ArrowType): ViewType | null {
  switch (type.typeId) {
    case TYPE.null:
      return 'null';
    case TYPE.int:
      return intType(type);
    case TYPE.float:
      return FLOATS[type.precision ?? 2] ?? 'f64';
    case TYPE.bool:
      return 'bool';
    case TYPE.utf8:
      return 'utf8';
    case TYPE.largeUtf8:
      return 'large_utf8';
    case TYPE.utf8View:
      return 'utf8_view';
    case TYPE.decimal:
      return `decimal${type.bitWidth ?? 128}` as ViewType;
    case TYPE.date:
      return type.unit === 0 ? 'date32' : 'date64';
    case TYPE.timestamp:
      return 'timestamp';
    case TYPE.dictionary:
      return 'dictionary';
    default:
      return null;
  }
}
