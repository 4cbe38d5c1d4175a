/** Numeric columns of any type as doubles, rounded once; null and NaN are the same thing, NaN. Spec section 1. */
import { dictionaryOf } from './times.js';
import {
  type ChunkView,
  type ColumnView,
  indicesOf,
  isValid,
  narrowInts,
  rowsOf,
  typed,
  type ViewType,
} from './view.js';

const NUMERIC: ReadonlySet<ViewType> = new Set<ViewType>([
  'i8',
  'i16',
  'i32',
  'i64',
  'u8',
  'u16',
  'u32',
  'u64',
  'f16',
  'f32',
  'f64',
  'decimal32',
  'decimal64',
  'decimal128',
  'decimal256',
]);

/** Whether a column holds numbers. */
export function isNumeric(column: ColumnView): boolean {
  return NUMERIC.has((column.type === 'dictionary' ? dictionaryOf(column) : column).type);
}

/** Reads a numeric column into one array. */
export function readNumbers(column: ColumnView): Float64Array<ArrayBuffer> {
  const numbers = new Float64Array(rowsOf(column));
  const known = new Map<ColumnView, Float64Array>();
  let at = 0;
  for (const chunk of column.chunks) {
    if (column.type === 'null') numbers.fill(Number.NaN, at, at + chunk.length);
    else if (column.type === 'dictionary') readEncoded(column, chunk, numbers, at, known);
    else readChunk(column, chunk, numbers, at);
    at += chunk.length;
  }
  return numbers;
}

function readEncoded(
  column: ColumnView,
  chunk: ChunkView,
  numbers: Float64Array,
  at: number,
  known: Map<ColumnView, Float64Array>,
): void {
  const dictionary = chunk.dictionary!;
  let values = known.get(dictionary);
  if (values === undefined) {
    values = readNumbers(dictionary);
    known.set(dictionary, values);
  }
  const indices = indicesOf(chunk, column.indexType!);
  for (let row = 0; row < chunk.length; row++) {
    numbers[at + row] = (isValid(chunk, row) ? values[indices[row]!] : undefined) ?? Number.NaN;
  }
}

function readChunk(column: ColumnView, chunk: ChunkView, numbers: Float64Array, at: number): void {
  const { type } = column;
  const { length, values, validity } = chunk;
  const narrow = narrowInts(type as 'i8', values, length);
  if (type === 'f64') numbers.set(typed(Float64Array, values, length), at);
  else if (type === 'f32') numbers.set(typed(Float32Array, values, length), at);
  else if (narrow !== null) numbers.set(narrow, at);
  else if (type === 'f16') {
    const bits = typed(Uint16Array, values, length);
    for (let row = 0; row < length; row++) numbers[at + row] = halfToDouble(bits[row]!);
  } else if (type === 'i64' || type === 'u64') readLong(type === 'i64', chunk, numbers, at);
  else readDecimals(column, chunk, numbers, at);
  if (validity === undefined) return;
  for (let row = 0; row < length; row++) if (!isValid(chunk, row)) numbers[at + row] = Number.NaN;
}

function readLong(signed: boolean, { length, values }: ChunkView, numbers: Float64Array, at: number): void {
  const high = signed
    ? typed(Int32Array, values, length * 2)
    : (typed(Uint32Array, values, length * 2) as Int32Array | Uint32Array);
  const low = typed(Uint32Array, values, length * 2);
  // Both parts are exact, so the sum is rounded once.
  for (let row = 0; row < length; row++) numbers[at + row] = high[2 * row + 1]! * 2 ** 32 + low[2 * row]!;
}

const WORDS: Partial<Record<ViewType, number>> = { decimal32: 1, decimal64: 2, decimal128: 4, decimal256: 8 };
/** 10^22 is the largest power of ten that is a double. */
const MOST_EXACT_SCALE = 22;

function readDecimals(column: ColumnView, chunk: ChunkView, numbers: Float64Array, at: number): void {
  const count = WORDS[column.type]!;
  const scale = column.scale ?? 0;
  const words = typed(Uint32Array, chunk.values, chunk.length * count);
  const divisor = scale >= 0 && scale <= MOST_EXACT_SCALE ? 10 ** scale : null;
  for (let row = 0; row < chunk.length; row++) {
    const start = row * count;
    const short = shortInteger(words, start, count);
    numbers[at + row] =
      short !== null && divisor !== null
        ? short / divisor
        : decimalToDouble(wholeInteger(words, start, count), scale);
  }
}

/** The integer in words, the lowest first, when it is below 2^53 in magnitude: then a quotient is rounded once. */
function shortInteger(words: Uint32Array, start: number, count: number): number | null {
  const low = words[start]!;
  if (count === 1) return low | 0;
  const high = words[start + 1]! | 0;
  for (let k = 2; k < count; k++) if ((words[start + k]! | 0) !== high >> 31) return null;
  const value = high * 2 ** 32 + low;
  return Number.isSafeInteger(value) ? value : null;
}

/** The integer in two's complement in 32-bit words, the lowest first. */
export function wholeInteger(words: Uint32Array, start: number, count: number): bigint {
  let value = 0n;
  for (let k = count - 1; k >= 0; k--) value = (value << 32n) | BigInt(words[start + k]!);
  return BigInt.asIntN(count * 32, value);
}

/** `unscaled * 10^-scale`, rounded once: reading a decimal literal is correctly rounded. */
export function decimalToDouble(unscaled: bigint, scale: number): number {
  return Number(`${unscaled}e${-scale}`);
}

/** A 16-bit float, by its bits. */
export function halfToDouble(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}
