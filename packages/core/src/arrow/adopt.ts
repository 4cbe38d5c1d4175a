/**
 * Columns of another copy of apache-arrow as columns of the installed one: new objects over the same buffers. A
 * column of the installed copy stays as it is.
 */
import * as arrow from 'apache-arrow';
import { inArrayOf } from './made.js';
import type { ArrowData, ArrowType, ArrowVector } from './shape.js';
import { TYPE } from './shape.js';

type Classes = Readonly<Record<number, { readonly prototype: object } | undefined>>;

/** The class of each type number; a type that the installed copy does not know has none. */
const CLASSES: Classes = {
  [TYPE.null]: arrow.Null,
  [TYPE.int]: arrow.Int,
  [TYPE.float]: arrow.Float,
  [TYPE.binary]: arrow.Binary,
  [TYPE.utf8]: arrow.Utf8,
  [TYPE.bool]: arrow.Bool,
  [TYPE.decimal]: arrow.Decimal,
  [TYPE.date]: arrow.Date_,
  [TYPE.time]: arrow.Time,
  [TYPE.timestamp]: arrow.Timestamp,
  [TYPE.interval]: arrow.Interval,
  [TYPE.list]: arrow.List,
  [TYPE.struct]: arrow.Struct,
  [TYPE.union]: arrow.Union,
  [TYPE.fixedSizeBinary]: arrow.FixedSizeBinary,
  [TYPE.fixedSizeList]: arrow.FixedSizeList,
  [TYPE.map]: arrow.Map_,
  [TYPE.duration]: arrow.Duration,
  [TYPE.largeBinary]: optional('LargeBinary'),
  [TYPE.largeUtf8]: optional('LargeUtf8'),
  [TYPE.largeList]: optional('LargeList'),
  [TYPE.binaryView]: optional('BinaryView'),
  [TYPE.utf8View]: optional('Utf8View'),
  [TYPE.dictionary]: arrow.Dictionary,
};

function optional(name: string) {
  return (arrow as unknown as Readonly<Record<string, { readonly prototype: object } | undefined>>)[name];
}

/** Whether the installed copy knows a type, and those within it. */
export function isKnownType(type: ArrowType): boolean {
  const within = [...(type.children ?? []).map((field) => field.type), type.dictionary, type.indices];
  return (
    CLASSES[type.typeId] !== undefined && within.every((other) => other === undefined || isKnownType(other))
  );
}

/** A type of the installed copy, with the same properties. */
export function adoptType(type: ArrowType): arrow.DataType {
  const { prototype } = CLASSES[type.typeId]!;
  if (Object.getPrototypeOf(type) === prototype || type instanceof arrow.DataType)
    return type as arrow.DataType;
  const adopted = Object.create(prototype, Object.getOwnPropertyDescriptors(type)) as Record<string, unknown>;
  const define = (name: string, value: unknown) =>
    Object.defineProperty(adopted, name, { value, enumerable: true, configurable: true, writable: true });
  if (Array.isArray(type.children)) {
    define(
      'children',
      type.children.map((field: arrow.Field) => {
        const { name, nullable, metadata } = field;
        return new arrow.Field(name, adoptType(field.type as ArrowType), nullable, metadata);
      }),
    );
  }
  if (type.typeId === TYPE.dictionary) {
    define('dictionary', adoptType(type.dictionary!));
    define('indices', adoptType(type.indices!));
  }
  return adopted as unknown as arrow.DataType;
}

/** A column of the installed copy over the same buffers; a vector of its own stays itself. */
export function adoptVector(vector: ArrowVector): arrow.Vector {
  if (vector instanceof arrow.Vector) return vector;
  // Without chunks there is no column to be: one of no rows is.
  if (vector.data.length === 0) return new arrow.Vector([new arrow.Data(adoptType(vector.type), 0, 0, 0)]);
  return adopted(vector, new Map());
}

function adopted(vector: ArrowVector, known: Map<ArrowVector, arrow.Vector>): arrow.Vector {
  let found = known.get(vector);
  if (found === undefined) {
    const type = adoptType(vector.type);
    found = new arrow.Vector(vector.data.map((data) => adoptData(data, type, known)));
    known.set(vector, found);
  }
  return found;
}

function adoptData(
  data: ArrowData,
  type: arrow.DataType,
  known: Map<ArrowVector, arrow.Vector>,
): arrow.Data<arrow.DataType> {
  const types = (type.children ?? []) as readonly arrow.Field[];
  const children = data.children.map((child, i) => adoptData(child, types[i]!.type as arrow.DataType, known));
  const values = data.values === undefined ? undefined : inArrayOf(type, data.values);
  const buffers = [data.valueOffsets, values, data.nullBitmap ?? undefined, data.typeIds];
  const dictionary = data.dictionary === undefined ? undefined : adopted(data.dictionary, known);
  const variadic = data.variadicBuffers ?? [];
  return new arrow.Data(
    type,
    data.offset,
    data.length,
    data.nullCount,
    buffers as never,
    children,
    dictionary,
    variadic,
  );
}
