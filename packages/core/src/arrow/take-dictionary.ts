/** `take` for dictionary columns, whose chunks may each have a dictionary of their own. */
import { type Data, type DataType, Dictionary, Int32, Type, Vector } from 'apache-arrow';
import { build, type Chunks, emptyPlaces, type Places, takePlaces } from './take.js';

/** Where the value of each row stands in the dictionaries of all chunks, laid end to end; nulls are -1. */
export interface DictionaryValues {
  /** The chunks of all dictionaries. */
  readonly chunks: Data<DataType>[];
  readonly places: Places;
}

/** Looks the codes of `places` up. */
export function dictionaryValues(chunks: Chunks, { chunk, row }: Places): DictionaryValues {
  const values: Data<DataType>[] = [];
  const known = new Map<Vector, number>();
  const firstOf = chunks.map(({ dictionary }) => {
    if (dictionary === undefined) throw new TypeError('a dictionary column without dictionary');
    let first = known.get(dictionary);
    if (first === undefined) {
      first = values.length;
      known.set(dictionary, first);
      values.push(...dictionary.data);
    }
    return first;
  });
  const places = emptyPlaces(row.length);
  for (let i = 0; i < row.length; i++) {
    const source = chunks[chunk[i] as number] as Data;
    let at = row[i] as number;
    if (at < 0 || !source.getValid(at)) {
      places.row[i] = -1;
      continue;
    }
    at = Number(source.values[at]);
    let part = firstOf[chunk[i] as number] as number;
    while (at >= (values[part] as Data).length) at -= (values[part++] as Data).length;
    places.chunk[i] = part;
    places.row[i] = at;
  }
  return { chunks: values, places };
}

/** The rows of a dictionary column, with one dictionary of the values that they use, in order of first use. */
export function takeDictionary(chunks: Chunks, places: Places): Data<DataType> {
  const type = (chunks[0] as Data).type as Dictionary;
  const { chunks: values, places: at } = dictionaryValues(chunks, places);
  const codeOf = new Map<string, number>();
  const used: { chunk: number[]; row: number[] } = { chunk: [], row: [] };
  // The key of a dictionary entry is found once, not once per row.
  const codeAt = values.map((data) => new Int32Array(data.length).fill(-1));
  const codes = new Int32Array(at.row.length);
  for (let i = 0; i < codes.length; i++) {
    const row = at.row[i] as number;
    if (row < 0) continue;
    const chunk = at.chunk[i] as number;
    const seen = codeAt[chunk] as Int32Array;
    if ((seen[row] as number) < 0) {
      const key = valueKey(values[chunk] as Data, chunk, row);
      let code = codeOf.get(key);
      if (code === undefined) {
        code = codeOf.size;
        codeOf.set(key, code);
        used.chunk.push(chunk);
        used.row.push(row);
      }
      seen[row] = code;
    }
    codes[i] = seen[row] as number;
  }
  const dictionaryPlaces = { chunk: Int32Array.from(used.chunk), row: Int32Array.from(used.row) };
  const dictionary = new Vector([takePlaces(values, dictionaryPlaces)]);
  // Small codes may not reach the values of all chunks together.
  const indices = codeOf.size <= capacity(type.indices) ? type.indices : new Int32();
  const fresh = new Dictionary(dictionary.type, indices, null, type.isOrdered);
  const values64 = (indices.bitWidth as number) === 64 ? BigInt64Array.from(codes, BigInt) : null;
  // Codes are below the capacity, so the bits of signed and unsigned ones are the same.
  const stored = values64 ?? new (indices.ArrayType as Int32ArrayConstructor)(codes);
  return build(fresh, chunks, places, { values: stored, dictionary });
}

/** The values of a dictionary column without the dictionary; any other column as it is. */
export function withoutDictionary(vector: Vector): Vector {
  if (vector.type.typeId !== Type.Dictionary) return vector;
  const plain = vector.data.map((data) => {
    const rows = emptyPlaces(data.length);
    for (let i = 0; i < data.length; i++) rows.row[i] = i;
    const { chunks, places } = dictionaryValues([data], rows);
    return takePlaces(chunks, places);
  });
  return new Vector(plain);
}

function capacity({ bitWidth, isSigned }: { bitWidth: number; isSigned: boolean }): number {
  return 2 ** (bitWidth - Number(isSigned));
}

/** Equal for equal values of plain types; for nested ones every entry is its own. */
function valueKey(data: Data, chunk: number, row: number): string {
  if (!data.getValid(row)) return 'null';
  const { values, valueOffsets, stride } = data;
  switch (data.type.typeId) {
    case Type.Utf8:
    case Type.Binary:
    case Type.LargeUtf8:
    case Type.LargeBinary:
      return `:${latin1(values.subarray(Number(valueOffsets[row]), Number(valueOffsets[row + 1])))}`;
    case Type.Int:
    case Type.Date:
    case Type.Time:
    case Type.Timestamp:
    case Type.Duration:
    case Type.Decimal:
    case Type.FixedSizeBinary:
      return `:${values.subarray(row * stride, (row + 1) * stride).join()}`;
    default:
      return `${chunk}/${row}`;
  }
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
