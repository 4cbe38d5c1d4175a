import { type DataType, type Vector, vectorFromArray } from 'apache-arrow';
import type { TableInput } from '../arrow/input.js';
import type { NamedVector } from '../arrow/table.js';
import { take } from '../arrow/take.js';
import { requireLength } from '../duration.js';
import { PolyfeatError } from '../errors.js';
import type { Direction, Ties } from '../kernels/asof.js';
import {
  isNames,
  refuseAborted,
  refuseUnknown,
  requireBoolean,
  requireOneOf,
  requireText,
} from '../options.js';
import { shown } from '../show.js';
import { KEYED, type KeyedOptions, keyedViews, type Pair, pairOf } from './keyed.js';
import {
  ASYNC,
  type AsyncOptions,
  COMMON,
  commonOf,
  type DurationInput,
  engineOf,
  hooksOf,
  tellWarnings,
} from './options.js';
import { outputTable } from './output.js';
import type { OptionOf, Requires, TableWith, TypesOf } from './types.js';

/** How rows are matched. */
export interface AsofJoinOptions extends KeyedOptions {
  /** Whether a row of the very time is no match. Default false. */
  readonly strict?: boolean | undefined;
  /**
   * Which of several right rows of equal time and key matches: `last` or `first` in the table's order, or `error`.
   * Default: the one next to the moment, so the last one before it and the first one after it.
   */
  readonly ties?: Ties | undefined;
  /** The largest distance in time that matches, itself included; `0s` is the very time. Default: any. */
  readonly maxAge?: DurationInput | null | undefined;
  /** Default `backward`. The others look ahead, and need `allowLookahead`. */
  readonly direction?: Direction | undefined;
  /** Says that matches after a row's time are wanted: they hold what was not known then. */
  readonly allowLookahead?: boolean | undefined;
  /** The right table's columns that are added. Default: all but its time and its keys. */
  readonly columns?: readonly string[] | undefined;
  /** Is added to the name of a right column whose name the left table has. Default `_right`. */
  readonly suffix?: string | undefined;
}

const OPTIONS = [
  ...COMMON,
  ...KEYED,
  'strict',
  'ties',
  'maxAge',
  'direction',
  'allowLookahead',
  'columns',
  'suffix',
];

type NameOf<B, Side extends 'left' | 'right', Default extends string> = B extends string
  ? B
  : B extends { readonly [P in Side]: infer N extends string }
    ? N
    : Default;
type ListOf<B, Side extends 'left' | 'right'> = B extends readonly (infer N)[]
  ? N
  : B extends { readonly [P in Side]: readonly (infer N)[] }
    ? N
    : never;

/** The columns that a side needs: its time and its keys. */
export type NeededKeys<O, Side extends 'left' | 'right'> =
  | NameOf<OptionOf<O, 'on', 'ts'>, Side, 'ts'>
  | Extract<ListOf<OptionOf<O, 'by', readonly []>, Side>, string>;

type PayloadOf<R, O> =
  OptionOf<O, 'columns', undefined> extends readonly (infer N)[]
    ? Extract<keyof TypesOf<R>, N>
    : Exclude<keyof TypesOf<R>, NeededKeys<O, 'right'>>;

type Added<L, R, O> = {
  [K in PayloadOf<R, O> as K extends keyof TypesOf<L>
    ? `${K & string}${OptionOf<O, 'suffix', '_right'> & string}`
    : K]: TypesOf<R>[K];
};

/** The left table's columns, and those that are added from the right. */
export type AsofTable<L, R, O> = TableWith<TypesOf<L>, Added<L, R, O>>;

/**
 * Adds to each row of `left` columns of the row of `right` that was the latest at its time, of the same key.
 *
 * ```text
 * right  --a---b--(c d)------e----     c, d: equal times
 * left          ^   ^   ^                     b; d (strict: b); d
 * ```
 *
 * Rows keep their order; neither table has to be sorted. Times may differ in unit. A null time or key matches nothing;
 * where nothing matches, the added columns are null. As `pandas.merge_asof`, but for null keys, which match there.
 * Cost: linear, but for sorting what is out of order. Left columns are passed on, right ones are gathered.
 *
 * @throws PolyfeatError `MISSING_COLUMN`, `WRONG_TYPE`, `WRONG_LENGTH`, `INVALID_OPTION`, `DUPLICATE_TIME`,
 *   `NOT_SORTED`, `CORRUPT`.
 * @example
 * ```ts
 * const quoted = asofJoin(orders, quotes, { by: ['symbol'], maxAge: '5s', columns: ['bid', 'ask'] });
 * quoted.getChild('bid')?.get(0);
 * ```
 */
export function asofJoin<
  const L extends TableInput,
  const R extends TableInput,
  const O extends AsofJoinOptions = AsofJoinOptions,
>(
  left: L & Requires<L, NeededKeys<O, 'left'>>,
  right: R & Requires<R, NeededKeys<O, 'right'>>,
  options?: O,
): AsofTable<L, R, O> {
  const { task, finish } = plan('asofJoin', left, right, options ?? {}, []);
  return finish(task.now()) as AsofTable<L, R, O>;
}

/**
 * {@link asofJoin} beside the event loop.
 *
 * @throws PolyfeatError as {@link asofJoin} does, by rejecting; the reason of an aborted `signal`.
 */
export async function asofJoinAsync<
  const L extends TableInput,
  const R extends TableInput,
  const O extends AsofJoinOptions & AsyncOptions = AsofJoinOptions & AsyncOptions,
>(
  left: L & Requires<L, NeededKeys<O, 'left'>>,
  right: R & Requires<R, NeededKeys<O, 'right'>>,
  options?: O,
): Promise<AsofTable<L, R, O>> {
  refuseAborted('asofJoinAsync', options);
  const { task, finish } = plan('asofJoinAsync', left, right, options ?? {}, ASYNC);
  return finish(await task.later(hooksOf(options ?? {}))) as AsofTable<L, R, O>;
}

function plan(
  what: string,
  left: TableInput,
  right: TableInput,
  options: AsofJoinOptions,
  more: readonly string[],
) {
  refuseUnknown(what, options, [...OPTIONS, ...more]);
  const { strict = false, ties, allowLookahead = false } = options;
  requireBoolean(what, 'strict', strict);
  requireBoolean(what, 'allowLookahead', allowLookahead);
  const direction = requireOneOf(what, 'direction', options.direction ?? 'backward', [
    'backward',
    'forward',
    'nearest',
  ]);
  if (direction !== 'backward' && !allowLookahead) {
    throw new PolyfeatError(
      'INVALID_OPTION',
      `${what}: direction ${direction} looks ahead of a row's time; say allowLookahead: true if that is meant`,
    );
  }
  const engine = engineOf(what, options);
  const request = {
    ...commonOf(what, ['left', 'right'], options),
    strict,
    direction,
    ties: ties === undefined ? null : requireOneOf(what, 'ties', ties, ['last', 'first', 'error']),
    maxAge: options.maxAge == null ? null : requireLength(`${what}: maxAge`, options.maxAge),
  };
  const pair = pairOf(what, left, right, options);
  const payload = payloadOf(what, pair, options);
  const task = engine.asof(keyedViews(pair, 'left', request), keyedViews(pair, 'right', request), request);
  return {
    task,
    finish: ({ indices, warnings }: ReturnType<typeof task.now>) => {
      tellWarnings(options, warnings);
      const added = payload.map(
        ({ from, name }): NamedVector => ({
          name,
          vector: gathered(pair.right.vector(from), indices),
          metadata: pair.right.field(from).metadata,
        }),
      );
      return outputTable(pair.left, () => true, added);
    },
  };
}

/** The rows of a column; a table without rows has only nulls to give. */
function gathered(vector: Vector, indices: Int32Array): Vector {
  if (vector.length > 0) return take(vector, indices);
  return take(vectorFromArray([null], vector.type as DataType), indices);
}

function payloadOf(what: string, { left, right, on, by }: Pair, options: AsofJoinOptions) {
  const { columns, suffix = '_right' } = options;
  requireText(what, 'suffix', suffix);
  if (columns !== undefined && !isNames(columns)) {
    throw new PolyfeatError(
      'INVALID_OPTION',
      `${what}: columns is ${shown(columns)}, and must be a list of column names`,
    );
  }
  const own = [on.right, ...by.right];
  const names = columns ?? right.names.filter((name) => !own.includes(name));
  const taken = new Set<string>(left.names);
  return names.map((from) => {
    if (!right.has(from)) {
      throw new PolyfeatError(
        'MISSING_COLUMN',
        `right has no column ${from} to add; its columns are ${right.names.join(', ')}`,
        { column: from },
      );
    }
    const name = left.has(from) ? `${from}${suffix}` : from;
    if (taken.has(name)) {
      throw new PolyfeatError(
        'INVALID_OPTION',
        `${what}: two columns would be called ${name}; choose another suffix, or other columns`,
        { column: name },
      );
    }
    taken.add(name);
    return { from, name };
  });
}
