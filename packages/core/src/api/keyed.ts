/** What as-of joins and window flows have in common: two tables, their times and keys. */
import { Input, type TableInput } from '../arrow/input.js';
import { PolyfeatError } from '../errors.js';
import { isNames } from '../options.js';
import type { Common, KeyedViews } from './engine.js';
import type { CommonOptions } from './options.js';

/** A name for both tables, or one for each. */
export type BothNames = string | { readonly left: string; readonly right: string };
/** The same for several. */
export type BothLists =
  | readonly string[]
  | { readonly left: readonly string[]; readonly right: readonly string[] };

/** How two tables are put against each other. */
export interface KeyedOptions extends CommonOptions {
  /** The time columns. Default `ts` in both. */
  readonly on?: BothNames | undefined;
  /** The key columns: rows belong together where they are equal in all. A null equals nothing. Default none. */
  readonly by?: BothLists | undefined;
  /** Refuse a right table whose rows do not ascend in time within each key, in place of sorting them. */
  readonly assumeSorted?: boolean | undefined;
}

/** Names of {@link KeyedOptions}. */
export const KEYED = ['on', 'by', 'assumeSorted'] as const;

/** Two tables, their names settled. */
export interface Pair {
  readonly left: Input;
  readonly right: Input;
  readonly on: { readonly left: string; readonly right: string };
  readonly by: { readonly left: readonly string[]; readonly right: readonly string[] };
}

/** The tables of a call. */
export function pairOf(what: string, left: TableInput, right: TableInput, options: KeyedOptions): Pair {
  const { on = 'ts', by = [] } = options;
  const keys = Array.isArray(by)
    ? { left: by, right: by }
    : (by as { left: string[]; right: string[] } | null);
  if (
    keys === null ||
    !isNames(keys.left) ||
    !isNames(keys.right) ||
    keys.left.length !== keys.right.length
  ) {
    throw new PolyfeatError(
      'INVALID_OPTION',
      `${what}: by must be a list of column names, or as many for each of left and right`,
    );
  }
  const times = typeof on === 'string' ? { left: on, right: on } : on;
  if (typeof times?.left !== 'string' || typeof times.right !== 'string') {
    throw new PolyfeatError(
      'INVALID_OPTION',
      `${what}: on must be a column name, or one for each of left and right`,
    );
  }
  return { left: new Input('left', left), right: new Input('right', right), on: times, by: keys };
}

/** The views of one side. */
export function keyedViews(
  { left, right, on, by }: Pair,
  side: 'left' | 'right',
  { tsUnit }: Common,
): KeyedViews {
  const input = side === 'left' ? left : right;
  return { ts: input.view(on[side], 'time', tsUnit), by: by[side].map((name) => input.view(name)) };
}
