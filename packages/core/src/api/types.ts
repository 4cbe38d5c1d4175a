/** The types of tables in and out. */
import type {
  Bool,
  DataType,
  Dictionary,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  Table,
  Timestamp,
  TimestampMillisecond,
  TypeMap,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8,
  Vector,
} from 'apache-arrow';
import type { ColumnInput } from '../arrow/input.js';
import type { LabelsOf } from './labels.js';

/** Arrow types by column name. */
export type Types = { [name: string]: DataType };

/** The Arrow type that a given column has in the result. */
export type TypeOfColumn<C> =
  C extends Vector<infer T>
    ? T
    : C extends Float64Array
      ? Float64
      : C extends Float32Array
        ? Float32
        : C extends BigInt64Array
          ? Int64
          : C extends BigUint64Array
            ? Uint64
            : C extends Int32Array
              ? Int32
              : C extends Uint32Array
                ? Uint32
                : C extends Int16Array
                  ? Int16
                  : C extends Uint16Array
                    ? Uint16
                    : C extends Int8Array
                      ? Int8
                      : C extends Uint8Array
                        ? Uint8
                        : C extends readonly (infer V)[]
                          ? TypeOfValue<NonNullable<V>>
                          : DataType;

type TypeOfValue<V> = [V] extends [string]
  ? Utf8
  : [V] extends [number]
    ? Float64
    : [V] extends [bigint]
      ? Int64
      : [V] extends [boolean]
        ? Bool
        : [V] extends [Date]
          ? TimestampMillisecond
          : DataType;

/** The columns of a table that was given: exactly, as far as its type tells; any name where it does not. */
export type TypesOf<L> =
  L extends Table<infer T>
    ? unknown extends T[keyof T]
      ? Types
      : T
    : L extends { readonly schema: unknown; readonly numRows: number }
      ? Types
      : L extends { readonly [name: string]: ColumnInput }
        ? { [K in keyof L & string]: TypeOfColumn<L[K]> }
        : Types;

/** Which of the needed columns a table is known not to have. */
export type MissingOf<L, Needed extends string> = string extends keyof TypesOf<L>
  ? never
  : Exclude<LiteralsOf<Needed>, keyof TypesOf<L>>;

/** The names among names that are known at compile time. */
type LiteralsOf<N> = N extends string ? (string extends N ? never : N) : never;

/** Nothing more for a table with the needed columns; else a property that names those that are missing. */
export type Requires<L, Needed extends string> = [MissingOf<L, Needed>] extends [never]
  ? unknown
  : { readonly missingColumn: MissingOf<L, Needed> };

/** One object type in place of an intersection. */
export type Simplify<T> = { [K in keyof T]: T[K] } & {};

/** `T` with the columns of `A` in place of, or beside, its own. */
export type With<T, A> = Simplify<Omit<T, keyof A> & A>;

/** A table of the columns `T`, with those of `A` in place of, or beside, them. */
export type TableWith<T, A> = With<T, A> extends infer W extends TypeMap ? Table<W> : never;

/** The value of an option, or its default. */
export type OptionOf<O, K extends string, Default> = O extends { readonly [P in K]: infer V }
  ? V extends undefined
    ? Default
    : V
  : Default;

/** The input columns that `columns` keeps. */
export type KeptOf<T, O> =
  OptionOf<O, 'columns', 'all'> extends infer C
    ? C extends 'all'
      ? T
      : C extends 'features'
        ? Pick<T, Extract<keyof T, 'ts' | 'token_id' | 'market_slug' | 'event_key'>>
        : C extends readonly (infer N)[]
          ? Pick<T, Extract<keyof T, N>>
          : T
    : never;

/** The columns that the tape gives. */
export type TapeTypes<O> = {
  mt_last_price: Float64;
  mt_last_ts: Timestamp;
  mt_last_age_ms: Float64;
} & {
  [L in LabelsOf<OptionOf<O, 'returns', readonly ['30s', '300s']>> as `mt_return_${L}`]: Float64;
} & {
  [L in LabelsOf<
    OptionOf<O, 'windows', readonly ['60s']>
  > as `mt_${'trades' | 'volume' | 'notional'}_${L}`]: Float64;
};

/** The columns of the proof. */
export type ProofTypes = {
  proof_newest_event: Timestamp;
  proof_newest_availability: Timestamp;
  proof_same_stamp_prints: Int64;
  proof_own_prints: Int64;
  proof_own_prints_seen: Int64;
  proof_censored_windows: Int64;
};

/** The columns of the proof where it is asked for. */
type AskedProof<O> = OptionOf<O, 'proof', false> extends true ? ProofTypes : unknown;

/** The columns of complete sets. */
export type SetTypes = {
  bucket: Timestamp;
  complete_set_flag: Bool;
  complete_set_shares: Float64;
};

/** The columns of complete sets, and the regime. */
export type RegimeTypes = SetTypes & { regime: Dictionary<Utf8, Int8> };

/** The result of computing features: the input's columns that are kept, and those that are added. */
export type FeatureTable<L, M, O> = TableWith<
  KeptOf<TypesOf<L>, O>,
  ([M] extends [null | undefined] ? unknown : TapeTypes<O> & AskedProof<O>) & RegimeTypes
>;
