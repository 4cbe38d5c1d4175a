/** What the functions of this library ask an engine to do, and which engine that is. */
import type { Duration } from '../duration.js';
import { PolyfeatError } from '../errors.js';
import type { Direction, Ties } from '../kernels/asof.js';
import type { MadeColumn } from '../kernels/made.js';
import type { RegimeMode } from '../kernels/sets.js';
import type { ColumnView } from '../kernels/view.js';
import type { Visibility } from '../kernels/visible/rules.js';
import type { Closed } from '../kernels/window-flow.js';
import type { EngineChoice, EngineName, Hooks, RowOrder, SumMode, TsUnit, Warning } from '../types.js';
import { tsTables } from './ts-tables.js';

/** Work that is ready to be done: at once, or beside the event loop. */
export interface Task<T> {
  now(): T;
  /** Rejects with the signal's own reason when it is aborted. */
  later(hooks: Hooks): Promise<T>;
}

/** What all requests may say. */
export interface Common {
  /** How messages name the tables. */
  readonly tables: readonly [string, string];
  readonly tsUnit: TsUnit | null;
  /** Null: as many as there are cores. */
  readonly threads: number | null;
  readonly assumeSorted: boolean;
}

export interface TapeRequest extends Common {}

export interface FeatureRequest extends Common {
  readonly returns: readonly Duration[];
  readonly windows: readonly Duration[];
  readonly bucket: Duration;
  readonly sum: SumMode;
  readonly order: RowOrder;
  readonly regime: RegimeMode;
  /** Which prints a trade sees; the columns that it needs are among the views. */
  readonly visibility: Visibility;
}

export interface AsofRequest extends Common {
  readonly strict: boolean;
  readonly ties: Ties | null;
  readonly maxAge: Duration | null;
  readonly direction: Direction;
}

export interface FlowRequest extends Common {
  readonly windows: readonly Duration[];
  readonly closed: Closed;
  readonly sum: SumMode;
}

export interface SetRequest extends Common {
  readonly bucket: Duration;
  readonly mode: RegimeMode;
  readonly sum: SumMode;
}

/** The columns of the tape; the optional ones are for rules. */
export type TapeViews = Readonly<Record<'token' | 'ts' | 'price' | 'size', ColumnView>> & {
  readonly availability?: ColumnView;
  readonly sequence?: ColumnView;
  readonly self?: readonly ColumnView[];
};
/** The columns of the trades; the optional ones are for rules. */
export type TradeViews = Readonly<
  Record<'token' | 'ts' | 'market' | 'side' | 'outcome' | 'size', ColumnView>
> & { readonly sequence?: ColumnView; readonly self?: readonly ColumnView[] };
/** The columns of trades that complete sets need; `token`: for the order of the notebook's sums. */
export type SetViews = Pick<TradeViews, 'ts' | 'market' | 'side' | 'outcome' | 'size'> & {
  readonly token?: ColumnView;
};
/** A table's time and keys. */
export interface KeyedViews {
  readonly ts: ColumnView;
  readonly by: readonly ColumnView[];
}

/** Columns of features; `order`: the input's row number of each row, null when rows stay where they are. */
export interface FeatureColumns {
  readonly columns: readonly MadeColumn[];
  readonly order: Uint32Array | null;
  readonly warnings: readonly Warning[];
}

/** A tape that an engine has prepared. */
export interface EngineTape {
  readonly bytes: number;
  readonly rows: number;
  readonly tokens: number;
  readonly unit: TsUnit;
  readonly warnings: readonly Warning[];
  readonly disposed: boolean;
  dispose(): void;
  features(trades: TradeViews, request: FeatureRequest): Task<FeatureColumns>;
}

/** The jobs of this library on tables in memory. Both engines give the same values, bit for bit. */
export interface TableEngine {
  readonly name: EngineName;
  prepare(tape: TapeViews, request: TapeRequest): Task<EngineTape>;
  features(trades: TradeViews, tape: TapeViews | null, request: FeatureRequest): Task<FeatureColumns>;
  /** Row of the right table by row of the left; -1 for none. */
  asof(
    left: KeyedViews,
    right: KeyedViews,
    request: AsofRequest,
  ): Task<{ readonly indices: Int32Array; readonly warnings: readonly Warning[] }>;
  /** Counts by window; sums by window and weight. */
  flow(
    left: KeyedViews,
    right: KeyedViews,
    weights: readonly (readonly ColumnView[])[],
    request: FlowRequest,
  ): Task<{
    readonly counts: readonly MadeColumn[];
    readonly sums: readonly (readonly MadeColumn[])[];
    readonly warnings: readonly Warning[];
  }>;
  /** bucket, complete_set_flag, complete_set_shares, regime. */
  regimes(
    trades: SetViews,
    request: SetRequest,
  ): Task<{ readonly columns: readonly MadeColumn[]; readonly warnings: readonly Warning[] }>;
}

/** How the native engine is found, where there can be one. */
export interface NativeProvider {
  /** @throws PolyfeatError `NATIVE_UNAVAILABLE`. */
  load(): TableEngine;
  /** What `auto` means here. */
  automatic(): EngineChoice;
}

let provider: NativeProvider | null = null;

/** Tells where the native engine is found; the entry for Node does, the one for browsers does not. */
export function provideNative(native: NativeProvider): void {
  provider = native;
}

/**
 * The engine of a choice; `auto` is the native one where it loads.
 *
 * @param tell is told why it is not, where it should have been.
 * @throws PolyfeatError `NATIVE_UNAVAILABLE` when `native` was asked for and does not load.
 */
export function tableEngine(choice: EngineChoice, tell?: (warning: Warning) => void): TableEngine {
  const want = choice === 'auto' && provider !== null ? provider.automatic() : choice;
  if (want === 'ts' || (want === 'auto' && provider === null)) return tsTables;
  if (provider === null) {
    throw new PolyfeatError(
      'NATIVE_UNAVAILABLE',
      'this entry has no native engine: import @polyfeat/core in Node, or use the engine ts',
    );
  }
  if (want === 'native') return provider.load();
  try {
    return provider.load();
  } catch (error) {
    if (!(error instanceof PolyfeatError && error.code === 'NATIVE_UNAVAILABLE')) throw error;
    const message = `the TypeScript engine is used, which gives the same values but is slower: ${error.message}`;
    tell?.({ code: 'native_unavailable', message });
    return tsTables;
  }
}
