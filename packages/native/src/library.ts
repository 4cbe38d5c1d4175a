/**
 * The in-memory side of the binding: columns as views of Arrow buffers in, typed arrays out, errors as data.
 *
 * A synchronous call looks at the buffers in place; an asynchronous one copies what it needs before it returns its
 * promise. Buffers over a `SharedArrayBuffer` must be copied by the caller: another thread may write to them.
 */
import type { CancelToken } from './index.js';

/** Width and sign of an integer. */
export type IntType = 'i8' | 'i16' | 'i32' | 'i64' | 'u8' | 'u16' | 'u32' | 'u64';

/** What a view's buffers hold. */
export type ViewType =
  | IntType
  | 'null'
  | 'bool'
  | 'f16'
  | 'f32'
  | 'f64'
  | 'decimal32'
  | 'decimal64'
  | 'decimal128'
  | 'decimal256'
  | 'timestamp'
  | 'date32'
  | 'date64'
  | 'utf8'
  | 'large_utf8'
  | 'utf8_view'
  | 'dictionary';

/** A unit of time. */
export type Unit = 's' | 'ms' | 'us' | 'ns';

/** Consecutive rows whose buffers are contiguous. Buffers may be longer than needed, and misaligned. */
export interface ChunkView {
  /** Rows. */
  readonly length: number;
  /**
   * Fixed width: from row 0 on. Booleans: bits, from `bitOffset` before row 0. Text: the bytes that `offsets`
   * address. `utf8_view`: views of 16 bytes. Dictionary: the indices. Null: may be empty.
   */
  readonly values: Uint8Array;
  /** Arrow bitmap; absent, null or empty: no row is null. */
  readonly validity?: Uint8Array | null;
  /** Bit of row 0 in `validity`, and in `values` of booleans. */
  readonly bitOffset?: number;
  /** Offsets of text, one more than rows: 32 bits for `utf8`, 64 for `large_utf8`. */
  readonly offsets?: Uint8Array | null;
  /** Data buffers of `utf8_view`. */
  readonly buffers?: readonly Uint8Array[] | null;
  /** What indices point into. Chunks that share the same memory share the work. */
  readonly dictionary?: ColumnView | null;
}

/** A column. */
export interface ColumnView {
  /** For messages. */
  readonly name: string;
  readonly type: ViewType;
  /** Of a timestamp. */
  readonly unit?: Unit;
  /** Of a decimal. */
  readonly scale?: number;
  /** Of a dictionary. */
  readonly indexType?: IntType;
  readonly chunks: readonly ChunkView[];
}

/** Why there is no result. */
export interface Failure {
  readonly error: {
    readonly code: string;
    /** One line: what, where, what was expected, how to fix it. */
    readonly message: string;
    readonly column?: string;
    /** From 0, over all chunks of the column. */
    readonly row?: number;
  };
}

/** Something odd that did not stop a call. */
export interface WarningData {
  readonly code: string;
  readonly message: string;
}

interface OutColumnBase {
  readonly name: string;
  /** Arrow bitmap; null when no value is null. */
  readonly validity: Uint8Array<ArrayBuffer> | null;
  readonly nullCount: number;
}

/** A column of a result, in memory that JavaScript owns. Null slots hold NaN, or -2^63. */
export type OutColumn =
  | (OutColumnBase & { readonly type: 'f64'; readonly values: Float64Array<ArrayBuffer> })
  | (OutColumnBase & {
      readonly type: 'timestamp';
      readonly unit: Unit;
      readonly values: BigInt64Array<ArrayBuffer>;
    })
  /** Counts; null slots hold -2^63. */
  | (OutColumnBase & { readonly type: 'i64'; readonly values: BigInt64Array<ArrayBuffer> })
  /** Bits, least significant first. */
  | (OutColumnBase & { readonly type: 'bool'; readonly values: Uint8Array<ArrayBuffer> })
  /** Indices into `regimeNames()`. */
  | (OutColumnBase & { readonly type: 'regime'; readonly values: Int8Array<ArrayBuffer> });

/** Columns of the user's trades. */
export interface TradeColumns extends SetColumns {
  readonly token: ColumnView;
  /** Place of a trade among prints of its time: `ties: 'sequence'`. */
  readonly sequence?: ColumnView;
  /** What a trade and the prints of its own transaction have in common, column by column: `excludeSelf`. */
  readonly self?: readonly ColumnView[];
}

/** Columns that say which trades make complete sets; `sum: 'notebook'` adds by (token, time) when it has tokens. */
export interface SetColumns {
  readonly ts: ColumnView;
  readonly market: ColumnView;
  readonly side: ColumnView;
  readonly outcome: ColumnView;
  readonly size: ColumnView;
  readonly token?: ColumnView;
}

/** Columns of the tape. */
export interface TapeColumns {
  readonly token: ColumnView;
  readonly ts: ColumnView;
  readonly price: ColumnView;
  readonly size: ColumnView;
  /** When a print became known: `availability`. */
  readonly availability?: ColumnView;
  /** As of the trades. */
  readonly sequence?: ColumnView;
  /** As of the trades. */
  readonly self?: readonly ColumnView[];
}

/** A table of a join: time, and a key of any number of columns. A null in either matches nothing. */
export interface Keyed {
  readonly ts: ColumnView;
  readonly by: readonly ColumnView[];
}

export interface FeatureAnswer {
  /** In the notebook's order. */
  readonly columns: OutColumn[];
  /** With `order: 'token'`: the trade of each row. */
  readonly order: Uint32Array<ArrayBuffer> | null;
  readonly warnings: WarningData[];
}

export interface JoinAnswer {
  /** Row of the right table for each left row; -1: none. */
  readonly indices: Int32Array<ArrayBuffer>;
  readonly warnings: WarningData[];
}

export interface FlowAnswer {
  /** By window. */
  readonly counts: OutColumn[];
  /** By window, then by weight. */
  readonly sums: OutColumn[][];
  readonly warnings: WarningData[];
}

export interface ColumnsAnswer {
  readonly columns: OutColumn[];
  readonly warnings: WarningData[];
}

export interface OrderAnswer {
  /** The row at each position. */
  readonly order: Uint32Array<ArrayBuffer>;
  readonly warnings: WarningData[];
}

/** Hears of progress: JSON of `{phase, done, total, unit}`, in order, the last event of a phase complete. */
export type OnProgress = (json: string) => void;

/** A tape in native memory. Freed by `dispose`, or when it is collected. */
export interface PreparedTape {
  /** Bytes of native memory; 0 once disposed of. */
  readonly bytes: number;
  /** Prints that it holds. */
  readonly rows: number;
  /** Distinct tokens with prints. */
  readonly tokens: number;
  readonly unit: Unit;
  readonly warnings: WarningData[];
  readonly disposed: boolean;
  /** Frees the memory as soon as no running call uses it; calling it again does nothing. */
  dispose(): void;
  features(json: string, trades: TradeColumns): FeatureAnswer | Failure;
  featuresAsync(
    json: string,
    trades: TradeColumns,
    cancel: CancelToken,
    onProgress?: OnProgress,
  ): Promise<FeatureAnswer | Failure>;
}

/** The same function, later. */
type Later<Arguments extends unknown[], Result> = (
  ...all: [...Arguments, cancel: CancelToken, onProgress?: OnProgress]
) => Promise<Result | Failure>;

/** What the binding offers for tables in memory. Options are JSON. */
export interface Library {
  readonly prepareTape: (json: string, columns: TapeColumns) => PreparedTape | Failure;
  readonly prepareTapeAsync: Later<[json: string, columns: TapeColumns], PreparedTape>;
  readonly features: (
    json: string,
    trades: TradeColumns,
    tape: TapeColumns | null,
  ) => FeatureAnswer | Failure;
  readonly featuresAsync: Later<
    [json: string, trades: TradeColumns, tape: TapeColumns | null],
    FeatureAnswer
  >;
  readonly asofIndices: (json: string, left: Keyed, right: Keyed) => JoinAnswer | Failure;
  readonly asofIndicesAsync: Later<[json: string, left: Keyed, right: Keyed], JoinAnswer>;
  readonly windowFlow: (
    json: string,
    left: Keyed,
    right: Keyed,
    weights: readonly (readonly ColumnView[])[],
  ) => FlowAnswer | Failure;
  readonly windowFlowAsync: Later<
    [json: string, left: Keyed, right: Keyed, weights: readonly (readonly ColumnView[])[]],
    FlowAnswer
  >;
  readonly completeSets: (json: string, columns: SetColumns) => ColumnsAnswer | Failure;
  readonly completeSetsAsync: Later<[json: string, columns: SetColumns], ColumnsAnswer>;
  readonly regimes: (json: string, columns: SetColumns) => ColumnsAnswer | Failure;
  readonly regimesAsync: Later<[json: string, columns: SetColumns], ColumnsAnswer>;
  readonly tokenOrder: (
    json: string,
    columns: { readonly token: ColumnView; readonly ts: ColumnView },
  ) => OrderAnswer | Failure;
  readonly tokenOrderAsync: Later<
    [json: string, columns: { readonly token: ColumnView; readonly ts: ColumnView }],
    OrderAnswer
  >;
  readonly times: (json: string, column: ColumnView) => ColumnsAnswer | Failure;
  readonly timesAsync: Later<[json: string, column: ColumnView], ColumnsAnswer>;
  /** The texts of a regime column, by index. */
  readonly regimeNames: () => string[];
}
