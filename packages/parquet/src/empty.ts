import { Data, type DataType, type Dictionary, Type, Vector } from 'apache-arrow';

const OFFSETS_32: ReadonlySet<Type> = new Set([Type.Utf8, Type.Binary, Type.List, Type.Map]);
const OFFSETS_64: ReadonlySet<Type> = new Set([Type.LargeUtf8, Type.LargeBinary, Type.LargeList]);

/** A chunk of no rows of any type that Parquet files have. `makeData` of apache-arrow wants buffers for some. */
export function emptyData(type: DataType): Data<DataType> {
  const children = (type.children ?? []).map((field) => emptyData(field.type));
  const dictionary = isDictionary(type) ? new Vector([emptyData(type.dictionary)]) : undefined;
  const Values = isDictionary(type) ? type.indices.ArrayType : type.ArrayType;
  const values = children.length === 0 && type.typeId !== Type.Null ? new Values(0) : undefined;
  const offsets = OFFSETS_32.has(type.typeId)
    ? new Int32Array(1)
    : OFFSETS_64.has(type.typeId)
      ? new BigInt64Array(1)
      : undefined;
  const buffers = [offsets, values, new Uint8Array(0)];
  return new Data(type, 0, 0, 0, buffers as never, children, dictionary);
}

function isDictionary(type: DataType): type is Dictionary {
  return type.typeId === Type.Dictionary;
}
