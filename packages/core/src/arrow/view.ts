/** Arrow columns as the engines take them: views of the same buffers, chunk by chunk. */
import { NANOS } from '@polyfeat/reference';
import { PolyfeatError } from '../errors.js';
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
 *
 * @param table begins the messages of errors.
 * @throws PolyfeatError `WRONG_LENGTH` for a buffer that is shorter than its column, `CORRUPT` for what is no chunk.
 */
export function viewOf(name: string, vector: ArrowVector, table = ''): ColumnView | null {
  const where = `${table === '' ? '' : `${table}: `}column ${name}`;
  return columnOf({ name, where }, vector, new Map());
}

/** The column that messages are about. */
interface Place {
  readonly name: string;
  readonly where: string;
}

function columnOf(
  place: Place,
  { type, data }: ArrowVector,
  dictionaries: Map<ArrowVector, ColumnView>,
): ColumnView | null {
  const kind = viewType(type);
  if (kind === null) return null;
  const view: { -readonly [K in keyof ColumnView]: ColumnView[K] } = {
    name: place.name,
    type: kind,
    chunks: [],
  };
  if (kind === 'timestamp') view.unit = UNITS[type.unit ?? 3] as TsUnit;
  if (kind.startsWith('decimal')) view.scale = type.scale ?? 0;
  if (kind === 'dictionary') {
    const indices = intType(type.indices!);
    if (indices === null || viewType(type.dictionary!) === null) return null;
    view.indexType = indices;
  }
  const width = kind === 'dictionary' ? WIDTHS[view.indexType!] : WIDTHS[kind];
  view.chunks = data.flatMap((chunk, i) => {
    const length: unknown = (chunk as ArrowData | null)?.length;
    if (!Number.isSafeInteger(length) || (length as number) < 0) {
      throw new PolyfeatError(
        'CORRUPT',
        `${place.where}: the length of chunk ${i} is no count; make the column anew`,
        {
          column: place.name,
        },
      );
    }
    return length === 0 ? [] : [chunkOf(place, kind, width ?? 0, chunk, dictionaries)];
  });
  return view;
}

function chunkOf(
  place: Place,
  kind: ViewType,
  width: number,
  data: ArrowData,
  dictionaries: Map<ArrowVector, ColumnView>,
): ChunkView {
  const chunk: { -readonly [K in keyof ChunkView]: ChunkView[K] } = {
    length: data.length,
    values: bytesOf(place, 'values', data.values, bytesFor(kind, width, data)),
  };
  const nulls =
    kind !== 'null' && data.nullCount > 0 && data.nullBitmap != null && data.nullBitmap.length > 0;
  const bits = Math.ceil((data.offset + data.length) / 8);
  if (nulls) chunk.validity = bytesOf(place, 'validity', data.nullBitmap, bits);
  if (nulls || kind === 'bool') chunk.bitOffset = data.offset;
  if (kind === 'utf8' || kind === 'large_utf8') {
    const each = kind === 'utf8' ? 4 : 8;
    chunk.offsets = bytesOf(place, 'offsets', data.valueOffsets, each * (data.length + 1));
  }
  if (kind === 'utf8_view')
    chunk.buffers = (data.variadicBuffers ?? []).map((buffer) => bytesOf(place, 'data', buffer, 0));
  if (kind === 'dictionary') {
    const { dictionary } = data;
    if (dictionary == null) {
      const message = `${place.where}: a chunk of the dictionary column has no dictionary; make the column anew`;
      throw new PolyfeatError('CORRUPT', message, { column: place.name });
    }
    let values = dictionaries.get(dictionary);
    if (values === undefined) {
      values = columnOf(place, dictionary, dictionaries) ?? { name: place.name, type: 'null', chunks: [] };
      dictionaries.set(dictionary, values);
    }
    chunk.dictionary = values;
  }
  return chunk;
}

/** Bytes of a value; bits, texts and nulls have no width. */
const WIDTHS: Readonly<Partial<Record<ViewType, number>>> = {
  i8: 1,
  u8: 1,
  i16: 2,
  u16: 2,
  f16: 2,
  i32: 4,
  u32: 4,
  f32: 4,
  decimal32: 4,
  date32: 4,
  i64: 8,
  u64: 8,
  f64: 8,
  decimal64: 8,
  date64: 8,
  timestamp: 8,
  decimal128: 16,
  utf8_view: 16,
  decimal256: 32,
};

/** Bytes that the values of a chunk take at least. */
function bytesFor(kind: ViewType, width: number, { offset, length }: ArrowData): number {
  return kind === 'bool' ? Math.ceil((offset + length) / 8) : width * length;
}

/**
 * The bytes of a buffer, in place unless other threads can write them.
 *
 * @throws PolyfeatError `WRONG_LENGTH` when there are fewer than needed, as of memory that was transferred away.
 */
function bytesOf(
  { name, where }: Place,
  what: string,
  view: ArrayBufferView | null | undefined,
  needed: number,
): Uint8Array {
  const length = view?.byteLength ?? 0;
  if (length < needed) {
    const why = `the buffer of its ${what} has ${length} bytes where ${needed} are needed`;
    const how = 'it was cut off, or transferred to another thread';
    throw new PolyfeatError('WRONG_LENGTH', `${where}: ${why}; ${how}`, { column: name });
  }
  if (view == null || length === 0) return new Uint8Array(0);
  const bytes = new Uint8Array(view.buffer, view.byteOffset, length);
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
