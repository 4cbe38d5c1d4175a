import type { AuditReport, AuditRequest } from './audit.js';
import type { Role } from './column-roles.js';
import type { Duration } from './duration.js';
import type { ExplainReport, ExplainRequest } from './explain-types.js';
import type { Made } from './provenance.js';
import type { Rules } from './rules.js';

/** Which code does the arithmetic: the Rust core, or the engine in TypeScript. */
export type EngineName = 'native' | 'ts';

/** What a caller may ask for; `auto` takes the native engine where its binary loads. */
export type EngineChoice = 'auto' | EngineName;

/** The unit of times that are given as integers. */
export type TsUnit = 's' | 'ms' | 'us' | 'ns';

/** Row order of the output: stable by (token_id, ts), or as in the trades file. */
export type RowOrder = 'token' | 'input';

/** Numerics of the flow sums: correctly rounded, or bit-identical to the notebook's. */
export type SumMode = 'exact' | 'notebook';

/** Codec of the output file; `source` takes that of the trades file. */
export type Compression = 'source' | 'zstd' | 'snappy' | 'none';

/** Which input columns pass through: all, the four keys (`features`), or those named, in the file's order. */
export type ColumnChoice = 'all' | 'features' | readonly string[];

/**
 * What passes into a features file: as {@link ColumnChoice}, or `safe`: what is known before the trade or with it, and
 * labels under names that begin with `label_`. Spec section 1.
 */
export type SnapshotColumns = ColumnChoice | 'safe';

/** One run of the main job: a snapshot in, `features.parquet` out. */
export interface BuildRequest {
  /** Directory of the snapshot. */
  snapshot: string;
  /** The file to write; it is replaced whole or not at all. */
  out: string;
  order: RowOrder;
  /** Lags of `mt_return_*`, in the order of the columns. */
  returns: Duration[];
  /** Lengths of the flow windows `(t - w, t]`, in the order of the columns. */
  windows: Duration[];
  /** Length of the complete-set bucket. */
  bucket: Duration;
  sum: SumMode;
  columns: SnapshotColumns;
  /** Adds `label_available_at`: from when on the regime and the complete sets of a row are known. Default false. */
  labelAvailableAt?: boolean;
  /** The unit of integer `ts` columns; null: integers are refused. */
  tsUnit: TsUnit | null;
  compression: Compression;
  /** Which prints a trade may see; absent: the notebook's rules. */
  rules?: Rules;
  /**
   * Threads of the native engine, 1 to 1024; absent: one per core, and one alone for a small snapshot. The
   * result is the same to the byte for any number. The TypeScript engine has one thread whatever it says.
   */
  threads?: number;
  /**
   * Bytes that the process may take while the native engine builds, a whole number; absent: no bound
   * (`defaultMemory()` is a good one). The result is the same to the byte for any; less than a snapshot needs is
   * refused with `OUT_OF_MEMORY` before any work. The TypeScript engine knows no bound.
   */
  memory?: number;
}

/** How far a job is. `done` never exceeds `total`; `phase` names the step at work. */
export interface Progress {
  phase: string;
  done: number;
  total: number;
  unit: 'bytes' | 'rows' | 'columns';
}

/** How a caller follows or stops a job. */
export interface Hooks {
  /** Aborting it ends the job with `CANCELLED`, leaving no temporary file. */
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

/** Something odd about the input that did not keep the result from being made. */
export interface Warning {
  code: string;
  message: string;
}

/** Number of trades of one regime. */
export interface RegimeCount {
  regime: string;
  trades: number;
}

/** One line of the PnL table: the resolved trades of one (regime, exec_type). */
export interface PnlRow {
  regime: string;
  /** null is a group of its own. */
  exec_type: string | null;
  /** Number of resolved trades with a non-null `event_key`. */
  trades: number;
  /** Correctly rounded sum of `realized_pnl`; null when it is not a number. */
  pnl_usd: number | null;
  /** `pnl_usd` divided by the number of resolved trades. */
  avg_pnl: number | null;
}

/** The regime counts (largest first) and the PnL table of a features file. */
export interface Summary {
  rows: number;
  regimes: RegimeCount[];
  /** By `pnl_usd`, largest first, at most 20; empty: nothing is resolved; null: a column for it is missing. */
  pnl: PnlRow[] | null;
  /** How the file was made; null: it does not say. */
  made: Made | null;
  warnings: Warning[];
}

/** [rows, columns] of a table. */
export type TableShape = [number, number];

/** What a build did. */
export interface BuildReport {
  engine: EngineName;
  snapshot: string;
  out: string;
  rows: number;
  columns: number;
  tables: { trades: TableShape; market_trades: TableShape | null; clob_tob: TableShape | null };
  regimes: RegimeCount[];
  pnl: PnlRow[] | null;
  dropped: { market_trades_null_ts: number; market_trades_null_token: number };
  warnings: Warning[];
  /** Wall time of each phase, and `total`, in milliseconds. */
  timings_ms: Record<string, number>;
}

/** One column of a file. */
export interface ColumnInfo {
  name: string;
  /** The Arrow type as text. */
  type: string;
  nulls: number;
  /** When its values are known; null in other tables than `trades`. */
  role: Role | null;
  /** Why that is its role, in a few words; null where there is none. */
  why: string | null;
}

/** The three tables of a snapshot. */
export type TableName = 'trades' | 'market_trades' | 'clob_tob';

/** The time axis of a table. */
export interface TimeInfo {
  column: string;
  /** ISO 8601, UTC; null when there is no time. */
  min: string | null;
  max: string | null;
  /** The coarsest unit that every stamp is a multiple of. */
  resolution: TsUnit | null;
  /** Whether the stamps never fall, in file order. */
  sorted: boolean;
}

/** What is in one table of a snapshot. */
export interface TableInfo {
  table: TableName;
  files: string[];
  rows: number;
  columns: ColumnInfo[];
  row_groups: number;
  bytes: number;
  time: TimeInfo | null;
  /** Distinct token ids; null when the table has none. */
  tokens: number | null;
  /** Distinct market slugs; null when the table has none. */
  markets: number | null;
  /** Columns that a build (or its summary) needs and that are not there. */
  missing: string[];
}

/** What is in a snapshot. */
export interface InspectReport {
  snapshot: string;
  tables: TableInfo[];
  warnings: Warning[];
}

/** Where two files differ in one column. */
export interface ColumnDiff {
  column: string;
  /** Number of rows that differ. */
  rows: number;
  first: { row: number; a: string; b: string } | null;
  /** The largest absolute difference; null for columns that are no numbers. */
  max_abs: number | null;
  /** The largest relative difference; null for columns that are no numbers. */
  max_rel: number | null;
}

/** Two features files, column by column. */
export interface CompareReport {
  equal: boolean;
  rows: [number, number];
  only_in_a: string[];
  only_in_b: string[];
  /** Whether the common columns stand in another order. */
  order_differs: boolean;
  columns_compared: number;
  /** Only columns that differ. */
  differences: ColumnDiff[];
}

/** Which files to compare, and how strictly. */
export interface CompareRequest {
  a: string;
  b: string;
  /** Relative tolerance of floating columns. */
  rtol: number;
  /** Absolute tolerance of floating columns. */
  atol: number;
  /** Columns that name a row where the row order differs; empty: rows are compared by position. */
  key: string[];
}

/**
 * What an engine can do. Both engines give the same values, bit for bit.
 * Every method rejects with a `PolyfeatError` and with nothing else.
 */
export interface Engine {
  readonly name: EngineName;
  build(request: BuildRequest, hooks?: Hooks): Promise<BuildReport>;
  inspect(snapshot: string, tsUnit: TsUnit | null, hooks?: Hooks): Promise<InspectReport>;
  summarize(file: string, hooks?: Hooks): Promise<Summary>;
  compare(request: CompareRequest, hooks?: Hooks): Promise<CompareReport>;
  /** Only the native engine audits. */
  audit?(request: AuditRequest, hooks?: Hooks): Promise<AuditReport>;
  /** The native engine's; the TypeScript engine rejects with `UNSUPPORTED`. */
  explain(request: ExplainRequest, hooks?: Hooks): Promise<ExplainReport>;
}
