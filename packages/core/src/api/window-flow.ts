import type { Float64 } from 'apache-arrow';
import type { TableInput } from '../arrow/input.js';
import { PolyfeatError } from '../errors.js';
import type { MadeColumn } from '../kernels/made.js';
import type { Closed } from '../kernels/window-flow.js';
import { refuseAborted, refuseUnknown, requireOneOf, requireText } from '../options.js';
import { isPromise, shown } from '../show.js';
import type { SumMode } from '../types.js';
import type { NeededKeys } from './asof-join.js';
import { KEYED, type KeyedOptions, keyedViews, pairOf } from './keyed.js';
import type { LabelsOf } from './labels.js';
import {
  ASYNC,
  type AsyncOptions,
  COMMON,
  commonOf,
  type DurationInput,
  durationsOf,
  engineOf,
  hooksOf,
  SUMS,
  tellWarnings,
} from './options.js';
import { outputTable } from './output.js';
import type { OptionOf, Requires, TableWith, TypesOf } from './types.js';

/** What is counted and summed. */
export interface WindowFlowOptions extends KeyedOptions {
  /** Lengths of the windows, in the order of the columns. */
  readonly windows: readonly DurationInput[];
  /**
   * What is summed, by the name that the columns get: a numeric column of the right table, or several whose product
   * is summed (multiplied from left to right, each product rounded). Default: nothing.
   */
  readonly sums?: { readonly [name: string]: string | readonly string[] } | undefined;
  /** The name of the counts. Default `count`. */
  readonly count?: string | undefined;
  /** Which ends belong to a window. Default `right`: (t - w, t]. */
  readonly closed?: Closed | undefined;
  /** Numerics of the sums. Default `exact`: correctly rounded. */
  readonly sum?: SumMode | undefined;
}

const OPTIONS = [...COMMON, ...KEYED, 'windows', 'sums', 'count', 'closed', 'sum'];

type SumNames<O> = keyof OptionOf<O, 'sums', Record<never, never>> & string;
type Summed<O> =
  OptionOf<O, 'sums', Record<never, never>> extends infer S
    ? S[keyof S] extends infer C
      ? C extends string
        ? C
        : C extends readonly (infer N)[]
          ? Extract<N, string>
          : never
      : never
    : never;

type Added<O> = {
  [L in LabelsOf<
    OptionOf<O, 'windows', readonly []>
  > as `${(OptionOf<O, 'count', 'count'> & string) | SumNames<O>}_${L}`]: Float64;
};

/** The left table's columns, and the counts and sums. */
export type WindowFlowTable<L, O> = TableWith<TypesOf<L>, Added<O>>;

/**
 * Adds to each row of `left` how many rows of `right` lie in the windows before it, of the same key, and sums of them.
 *
 * The columns are `count_{w}` and `{name}_{w}` for each sum, window by window, all double. A null time or key gives
 * null; a key without rows on the right 0. A null or NaN in a sum's column counts as a row, and makes the sums of just
 * those windows null that hold it. Exact sums are correctly rounded: no bit depends on the order of rows. Cost:
 * linear in both tables for each window, but for sorting what is out of order.
 *
 * @throws PolyfeatError `MISSING_COLUMN`, `WRONG_TYPE`, `WRONG_LENGTH`, `INVALID_OPTION`, `NOT_SORTED`, `CORRUPT`.
 * @example
 * ```ts
 * const flow = windowFlow(orders, prints, {
 *   by: ['symbol'],
 *   windows: ['60s', '5m'],
 *   sums: { volume: 'size', notional: ['price', 'size'] },
 * });
 * flow.getChild('notional_300s')?.get(0);
 * ```
 */
export function windowFlow<
  const L extends TableInput,
  const R extends TableInput,
  const O extends WindowFlowOptions,
>(
  left: L & Requires<L, NeededKeys<O, 'left'>>,
  right: R & Requires<R, NeededKeys<O, 'right'> | Summed<O>>,
  options: O,
): WindowFlowTable<L, O> {
  const { task, finish } = plan('windowFlow', left, right, options, []);
  return finish(task.now()) as WindowFlowTable<L, O>;
}

/**
 * {@link windowFlow} beside the event loop.
 *
 * @throws PolyfeatError as {@link windowFlow} does, by rejecting; the reason of an aborted `signal`.
 */
export async function windowFlowAsync<
  const L extends TableInput,
  const R extends TableInput,
  const O extends WindowFlowOptions & AsyncOptions,
>(
  left: L & Requires<L, NeededKeys<O, 'left'>>,
  right: R & Requires<R, NeededKeys<O, 'right'> | Summed<O>>,
  options: O,
): Promise<WindowFlowTable<L, O>> {
  refuseAborted('windowFlowAsync', options);
  const { task, finish } = plan('windowFlowAsync', left, right, options, ASYNC);
  return finish(await task.later(hooksOf(options))) as WindowFlowTable<L, O>;
}

function plan(
  what: string,
  left: TableInput,
  right: TableInput,
  options: WindowFlowOptions,
  more: readonly string[],
) {
  refuseUnknown(what, options, [...OPTIONS, ...more]);
  const engine = engineOf(what, options);
  const windows = durationsOf(what, 'windows', options.windows);
  const request = {
    ...commonOf(what, ['left', 'right'], options),
    windows,
    closed: requireOneOf(what, 'closed', options.closed ?? 'right', ['right', 'left', 'both', 'neither']),
    sum: requireOneOf(what, 'sum', options.sum ?? 'exact', SUMS),
  };
  const pair = pairOf(what, left, right, options);
  const names = namesOf(what, options);
  const weights = Object.values(options.sums ?? {}).map((columns) =>
    (typeof columns === 'string' ? [columns] : columns).map((name) => pair.right.view(name, 'number')),
  );
  const task = engine.flow(
    keyedViews(pair, 'left', request),
    keyedViews(pair, 'right', request),
    weights,
    request,
  );
  return {
    task,
    finish: ({ counts, sums, warnings }: ReturnType<typeof task.now>) => {
      tellWarnings(options, warnings);
      const made = windows.flatMap(({ label }, w): MadeColumn[] =>
        [counts[w]!, ...sums[w]!].map((column, k) => ({ ...column, name: `${names[k]}_${label}` })),
      );
      return outputTable(pair.left, () => true, made);
    },
  };
}

/** The names of the counts and of the sums. */
function namesOf(what: string, { sums = {}, count = 'count' }: WindowFlowOptions): string[] {
  requireText(what, 'count', count);
  if (typeof sums !== 'object' || sums === null || Symbol.iterator in sums || isPromise(sums)) {
    const how = 'must be an object of names and columns, such as { volume: "size" }';
    throw new PolyfeatError('INVALID_OPTION', `${what}: sums is ${shown(sums)}, and ${how}`);
  }
  for (const [name, columns] of Object.entries(sums)) {
    const list: unknown = typeof columns === 'string' ? [columns] : columns;
    if (Array.isArray(list) && list.length > 0 && list.every((one) => typeof one === 'string')) continue;
    throw new PolyfeatError(
      'INVALID_OPTION',
      `${what}: sums.${name} must be the name of a column, or a list of those whose product is summed`,
    );
  }
  if (Object.hasOwn(sums, count)) {
    throw new PolyfeatError(
      'INVALID_OPTION',
      `${what}: the counts and a sum are both called ${count}; rename one`,
    );
  }
  return [count, ...Object.keys(sums)];
}
