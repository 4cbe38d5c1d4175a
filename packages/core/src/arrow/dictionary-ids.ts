/**
 * Dictionaries go by numbers in a table, and a table refuses two of one number. Readers number those of every stream
 * from 0, as apache-arrow does those that are made in the process: columns that come together have to be told apart.
 */
import { type Data, type DataType, Dictionary, Field, Type, Vector } from 'apache-arrow';

/**
 * Columns whose dictionaries have numbers of their own: a column that has one of an earlier column's gets others. The
 * buffers and dictionaries are shared with the given columns, and a column without such a number is given back as it
 * is.
 */
export function withOwnDictionaries<C extends { readonly vector: Vector }>(columns: readonly C[]): C[] {
  const all = columns.map(({ vector }) => idsOf(vector.type as DataType));
  const taken = new Set<number>();
  let next = Math.max(-1, ...all.flat()) + 1;
  return columns.map((column, i) => {
    const ids = new Set(all[i]);
    const fresh = new Map<number, number>();
    for (const id of ids) {
      if (taken.has(id)) fresh.set(id, next++);
      else taken.add(id);
    }
    return fresh.size === 0 ? column : { ...column, vector: renumbered(column.vector, fresh) };
  });
}

function idsOf(type: DataType): number[] {
  const own = type.typeId === Type.Dictionary ? [(type as Dictionary).id] : [];
  return [...own, ...(type.children ?? []).flatMap((field) => idsOf(field.type as DataType))];
}

function renumbered(vector: Vector, ids: ReadonlyMap<number, number>): Vector {
  const type = typeWith(vector.type as DataType, ids);
  return new Vector((vector.data as readonly Data<DataType>[]).map((data) => dataOf(data, type)));
}

function typeWith(type: DataType, ids: ReadonlyMap<number, number>): DataType {
  if (type.typeId === Type.Dictionary) {
    const { dictionary, indices, id, isOrdered } = type as Dictionary;
    return new Dictionary(dictionary, indices, ids.get(id) ?? id, isOrdered);
  }
  if (!idsOf(type).some((id) => ids.has(id))) return type;
  const children = (type.children ?? []).map(
    ({ name, type: inner, nullable, metadata }) =>
      new Field(name, typeWith(inner as DataType, ids), nullable, metadata),
  );
  // Of any class of nested types: all that differs is what its children are.
  return Object.assign(Object.create(Object.getPrototypeOf(type) as object) as DataType, type, { children });
}

function dataOf(data: Data<DataType>, type: DataType): Data<DataType> {
  const children = data.children.map((child, i) =>
    dataOf(child as Data<DataType>, (type.children?.[i]?.type ?? child.type) as DataType),
  );
  return data.clone(type, data.offset, data.length, data.nullCount, data as never, children as never);
}
