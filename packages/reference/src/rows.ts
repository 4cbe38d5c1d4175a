/**
 * The rows that the definition is written over. Times are nanoseconds since the Unix epoch as bigint:
 * unbounded and exact, so no unit and no overflow has to be thought of. A missing value is null; a
 * number that is NaN counts as missing everywhere.
 */

/** A value of a further column: times in nanoseconds and integers as bigint (integers may be numbers too). */
export type Value = bigint | number | string | boolean | null;

/** The further columns of a row that rules of visibility name, such as `transaction_hash`, by their names. */
export type Columns = Readonly<Record<string, Value>>;

/** A trade of the user: one row of `trades`. */
export interface Trade {
  readonly ts: bigint | null;
  readonly tokenId: string | null;
  readonly marketSlug: string | null;
  readonly side: string | null;
  readonly outcome: string | null;
  readonly size: number | null;
  readonly columns?: Columns;
}

/** A trade that has a time and a token; the tape says nothing about the others. */
export interface TokenTrade extends Trade {
  readonly ts: bigint;
  readonly tokenId: string;
}

/** A print: one row of the tape, `market_trades`. */
export interface Print {
  readonly ts: bigint | null;
  readonly tokenId: string | null;
  readonly price: number | null;
  readonly size: number | null;
  readonly columns?: Columns;
}

/** A print that has a time and a token; the others are left out of everything. */
export interface TapePrint extends Print {
  readonly ts: bigint;
  readonly tokenId: string;
}

/** How sums are computed: correctly rounded, or bit for bit as the notebook does. Spec section 3. */
export type SumMode = 'exact' | 'notebook';

/** The value as a term of a sum: a missing one is NaN, which spoils the sum it is in. */
export function term(value: number | null): number {
  return value ?? Number.NaN;
}

/** A result as it is written: NaN means missing. */
export function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** A further column's value; where it is missing (null, NaN, no such column) null. */
export function columnValue(row: { readonly columns?: Columns }, column: string): Value {
  const value = row.columns?.[column] ?? null;
  return typeof value === 'number' ? orNull(value) : value;
}
