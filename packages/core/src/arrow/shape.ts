/**
 * What Arrow data looks like, whichever copy and version (15 to 21) of apache-arrow made it. Nothing here is imported
 * from apache-arrow, and nothing is asked by `instanceof`, which is false for an object of another installed copy.
 */

/** A type, by its number and what some types have besides. */
export interface ArrowType {
  readonly typeId: number;
  /** Int, Time: bits. */
  readonly bitWidth?: number;
  /** Int. */
  readonly isSigned?: boolean;
  /** Float: 0 half, 1 single, 2 double. Decimal: digits. */
  readonly precision?: number;
  /** Decimal. */
  readonly scale?: number;
  /** Timestamp, time: 0 s … 3 ns. Date: 0 day, 1 millisecond. */
  readonly unit?: number;
  readonly timezone?: string | null;
  /** Dictionary: the type of its values, and that of its indices. */
  readonly dictionary?: ArrowType;
  readonly indices?: ArrowType;
  readonly children?: readonly { readonly name: string; readonly type: ArrowType }[] | null;
}

/** A chunk. */
export interface ArrowData {
  readonly type: ArrowType;
  readonly length: number;
  readonly offset: number;
  readonly stride: number;
  readonly nullCount: number;
  readonly values?: ArrayBufferView;
  readonly nullBitmap?: Uint8Array | null | undefined;
  readonly valueOffsets?: ArrayBufferView;
  readonly typeIds?: ArrayBufferView;
  readonly children: readonly ArrowData[];
  readonly dictionary?: ArrowVector;
  readonly variadicBuffers?: readonly Uint8Array[];
}

/** A column. */
export interface ArrowVector {
  readonly type: ArrowType;
  readonly length: number;
  readonly data: readonly ArrowData[];
}

/** A table. */
export interface ArrowTable {
  readonly schema: {
    readonly fields: readonly {
      readonly name: string;
      readonly type: ArrowType;
      readonly nullable: boolean;
      readonly metadata: ReadonlyMap<string, string>;
    }[];
    readonly metadata: ReadonlyMap<string, string>;
  };
  readonly numRows: number;
  getChildAt(index: number): ArrowVector | null;
}

/** What the type of a column of any copy of apache-arrow has in common. */
export interface ArrowVectorLike {
  readonly type: { readonly typeId: number };
  readonly length: number;
  readonly data: readonly object[];
}

/** What the type of a table of any copy of apache-arrow has in common. */
export interface ArrowTableLike {
  readonly schema: { readonly fields: readonly object[] };
  readonly numRows: number;
  getChildAt(index: number): object | null;
}

/** Numbers of types, the same in all versions. */
export const TYPE = {
  null: 1,
  int: 2,
  float: 3,
  binary: 4,
  utf8: 5,
  bool: 6,
  decimal: 7,
  date: 8,
  time: 9,
  timestamp: 10,
  interval: 11,
  list: 12,
  struct: 13,
  union: 14,
  fixedSizeBinary: 15,
  fixedSizeList: 16,
  map: 17,
  duration: 18,
  largeBinary: 19,
  largeUtf8: 20,
  largeList: 21,
  binaryView: 23,
  utf8View: 24,
  dictionary: -1,
} as const;

/** Whether a value is a column of any copy of apache-arrow. */
export function isVector(value: unknown): value is ArrowVector {
  const vector = value as Partial<ArrowVector> | null;
  return (
    typeof vector === 'object' &&
    vector !== null &&
    Array.isArray(vector.data) &&
    typeof vector.length === 'number' &&
    typeof vector.type?.typeId === 'number'
  );
}

/** Whether a value is a table of any copy of apache-arrow. */
export function isTable(value: unknown): value is ArrowTable {
  const table = value as Partial<ArrowTable> | null;
  return (
    typeof table === 'object' &&
    table !== null &&
    Array.isArray(table.schema?.fields) &&
    typeof table.numRows === 'number' &&
    typeof table.getChildAt === 'function'
  );
}
