/**
 * The as-of join of any two tables by time and keys. Spec section 4; the semantics of pandas.merge_asof,
 * except that null keys match nothing.
 */
import { answer, asOf, type Direction, nearer, type Tie, within } from './asof.js';
import { DefinitionError } from './errors.js';
import { groupByKeys, type KeyedRow, keyOf } from './keys.js';
import { countWhile } from './window.js';

/** How to join. */
export interface AsofJoinOptions {
  readonly direction?: Direction;
  /** Without it `forward` and `nearest` are refused. */
  readonly allowLookahead?: boolean;
  /** Whether a row at the very time does not match. */
  readonly strict?: boolean;
  /** Left out: the last of equal times behind, the first ahead. */
  readonly tie?: Tie;
  /** The greatest distance in time that matches, itself included; not negative. */
  readonly maxAge?: bigint;
}

/**
 * For each left row the index of the right row with equal keys that is next in time; null where there is none.
 * A row without time, or without one of its keys, matches nothing.
 *
 * @throws DefinitionError `INVALID_OPTION`; `DUPLICATE_TIME` where `tie: error` would have to choose.
 * @example
 * ```ts
 * const row = (ts: bigint) => ({ ts, keys: ['A'] });
 * asofJoin([row(5n)], [row(3n), row(5n), row(5n), row(9n)]); // [2]
 * asofJoin([row(5n)], [row(3n), row(5n), row(5n), row(9n)], { strict: true }); // [0]
 * ```
 */
export function asofJoin(
  left: readonly KeyedRow[],
  right: readonly KeyedRow[],
  options: AsofJoinOptions = {},
): (number | null)[] {
  const { direction = 'backward', strict = false, tie = null, maxAge = null } = options;
  if (direction !== 'backward' && options.allowLookahead !== true) {
    throw new DefinitionError(
      'INVALID_OPTION',
      `direction "${direction}" looks ahead; say allowLookahead if that is meant`,
    );
  }
  if (maxAge !== null && maxAge < 0n)
    throw new DefinitionError('INVALID_OPTION', 'maxAge must not be negative');
  const groups = groupByKeys(right);
  const rules = {
    usable: () => true,
    tied: (a: { ts: bigint }, b: { ts: bigint }) => a.ts === b.ts,
    tie,
  };
  return left.map((row) => {
    const key = keyOf(row);
    if (row.ts === null || key === null) return null;
    const t = row.ts;
    const rows = groups.get(key) ?? [];
    const before = countWhile(rows, ({ ts }) => ts < t);
    const upTo = countWhile(rows, ({ ts }) => ts <= t);
    const behind = () => asOf(rows, (strict ? before : upTo) - 1, -1, rules);
    const ahead = () => asOf(rows, strict ? upTo : before, 1, rules);
    const match =
      direction === 'backward' ? behind() : direction === 'forward' ? ahead() : nearer(t, behind(), ahead());
    return answer(within(match, t, maxAge))?.row ?? null;
  });
}
