/** `take` for lists, structs, maps and unions: the rows of their children follow from their own. */
import {
  Data,
  type DataType,
  DenseUnion,
  Field,
  FixedSizeList,
  List,
  Map_,
  SparseUnion,
  Struct,
  Type,
  type Union,
  UnionMode,
} from 'apache-arrow';
import { build, type Chunks, emptyPlaces, type Places, takeOffsets, takePlaces } from './take.js';

/** Lists, large lists and maps. */
export function takeList(chunks: Chunks, places: Places): Data<DataType> {
  const { chunk, row } = places;
  const { offsets, begin } = takeOffsets(chunks, places);
  const inner = emptyPlaces(Number(offsets[row.length]));
  for (let i = 0; i < row.length; i++) {
    const to = Number(offsets[i]);
    const length = Number(offsets[i + 1]) - to;
    for (let k = 0; k < length; k++) {
      inner.chunk[to + k] = chunk[i] as number;
      inner.row[to + k] = (begin[i] as number) + k;
    }
  }
  const children = [takePlaces(childrenAt(chunks, 0), inner)];
  return build(retyped(chunks, children), chunks, places, { offsets, children });
}

/** Lists of one length: a null row has elements too. */
export function takeFixedSizeList(chunks: Chunks, places: Places): Data<DataType> {
  const { chunk, row } = places;
  const size = ((chunks[0] as Data).type as FixedSizeList).listSize;
  const inner = emptyPlaces(row.length * size);
  for (let i = 0; i < row.length; i++) {
    for (let k = 0; k < size; k++) {
      inner.chunk[i * size + k] = chunk[i] as number;
      inner.row[i * size + k] = (row[i] as number) < 0 ? -1 : (row[i] as number) * size + k;
    }
  }
  const children = [takePlaces(childrenAt(chunks, 0), inner)];
  return build(retyped(chunks, children), chunks, places, { children });
}

/** Structs: every child at the same rows. */
export function takeStruct(chunks: Chunks, places: Places): Data<DataType> {
  const { type } = chunks[0] as Data<DataType>;
  const children = type.children.map((_: unknown, k: number) => takePlaces(childrenAt(chunks, k), places));
  return build(retyped(chunks, children), chunks, places, { children });
}

/** Unions: sparse ones as structs; of dense ones each child gets the rows that the type ids send to it. */
export function takeUnion(chunks: Chunks, places: Places): Data<DataType> {
  const { chunk, row } = places;
  const type = (chunks[0] as Data).type as Union;
  const typeIds = new Int8Array(row.length);
  for (let i = 0; i < row.length; i++) {
    if ((row[i] as number) < 0) throw new RangeError('a union cannot be null');
    typeIds[i] = (chunks[chunk[i] as number] as Data).typeIds[row[i] as number] as number;
  }
  let offsets: Int32Array | undefined;
  let childPlaces = type.children.map(() => places);
  if (type.mode === UnionMode.Dense) {
    offsets = new Int32Array(row.length);
    const rows: [number, number][][] = type.children.map(() => []);
    for (let i = 0; i < row.length; i++) {
      const target = rows[type.typeIdToChildIndex[typeIds[i] as number] as number] as [number, number][];
      offsets[i] = target.length;
      const source = (chunks[chunk[i] as number] as Data).valueOffsets as Int32Array;
      target.push([chunk[i] as number, source[row[i] as number] as number]);
    }
    childPlaces = rows.map((list) => ({
      chunk: Int32Array.from(list, ([from]) => from),
      row: Int32Array.from(list, ([, at]) => at),
    }));
  }
  const children = childPlaces.map((inner, k) => takePlaces(childrenAt(chunks, k), inner));
  const buffers = [offsets, undefined, undefined, typeIds];
  return new Data(retyped(chunks, children), 0, row.length, 0, buffers as never, children);
}

function childrenAt(chunks: Chunks, k: number): Data<DataType>[] {
  return chunks.map((data) => data.children[k] as Data<DataType>);
}

/** The chunks' type with the types of `children`, which differ where there is a dictionary in them. */
function retyped(chunks: Chunks, children: readonly Data<DataType>[]): DataType {
  const { type } = chunks[0] as Data<DataType>;
  const fields = (type.children as Field[]).map(
    ({ name, nullable, metadata }, k) =>
      new Field(name, (children[k] as Data<DataType>).type, nullable, metadata),
  );
  if (fields.every((field, k) => field.type === (type.children as Field[])[k]?.type)) return type;
  const first = fields[0] as Field;
  switch (type.typeId) {
    case Type.List:
      return new List(first);
    case Type.LargeList:
      // Of the type's own class: the oldest apache-arrow that is taken does not export one of that name.
      return new (type.constructor as new (child: Field) => DataType)(first);
    case Type.FixedSizeList:
      return new FixedSizeList((type as FixedSizeList).listSize, first);
    case Type.Map:
      return new Map_(first as Field<Struct<{ key: DataType; value: DataType }>>, (type as Map_).keysSorted);
    case Type.Struct:
      return new Struct(fields);
    default: {
      const { mode, typeIds } = type as Union;
      return mode === UnionMode.Dense ? new DenseUnion(typeIds, fields) : new SparseUnion(typeIds, fields);
    }
  }
}
