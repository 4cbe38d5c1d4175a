/**
 * As-of: for each row of one table the row of another that was the latest at its time. Spec sections 2 and 4.
 *
 * ```text
 * right  --a---b--(c d)------e----     c, d: equal times
 * left          ^   ^   ^                     -> b; d (strict: b); d
 * ```
 */
import { PolyfeatError } from '../errors.js';
import type { Warning } from '../types.js';
import { type Gap, gapBetween, shiftBy } from './axis.js';
import { type Keyed, type KeyedOptions, type Matched, match } from './keyed.js';
import { countUpTo } from './search.js';
import { ROWS_PER_STEP, type Steps } from './steps.js';

/** Where to look: at or before the moment, at or after it, or whichever is nearer (of equal distances, before). */
export type Direction = 'backward' | 'forward' | 'nearest';

/** Which of several rows of equal time: by the order of the rows, or an error where it matters. */
export type Ties = 'last' | 'first' | 'error';

/** How rows are matched. */
export interface AsofOptions extends KeyedOptions {
  /** A row of the very time is no match. */
  readonly strict: boolean;
  /** Null: the row next to the moment, which is the last one before it and the first one after it. */
  readonly ties: Ties | null;
  /** The largest distance that still matches, in nanoseconds; null: any. */
  readonly maxAge: bigint | null;
  readonly direction: Direction;
}

/** The row of the right table for each row of the left, -1 for none. */
export interface AsofAnswer {
  readonly indices: Int32Array;
  readonly warnings: readonly Warning[];
}

/**
 * Finds the as-of match of every left row. Linear, but for sorting what is out of order.
 *
 * @throws PolyfeatError `DUPLICATE_TIME` when a match has equal times with `ties: 'error'`; `NOT_SORTED`.
 */
export function* asofIndices(left: Keyed, right: Keyed, options: AsofOptions): Steps<AsofAnswer> {
  const matched = yield* match(left, right, options);
  const total = matched.left.steps.length;
  const indices = new Int32Array(total).fill(-1);
  const finder = new Finder(matched, options, right.ts.name);
  const { rows, offsets } = matched.leftGroups;
  let next = ROWS_PER_STEP;
  for (let key = 0; key < matched.keys; key++) {
    finder.begin(key);
    const end = offsets[key + 1]!;
    for (let i = offsets[key]!; i < end; i++) {
      const row = rows[i]!;
      indices[row] = finder.find(row);
      if (i < next) continue;
      yield { phase: 'join', done: i, total, unit: 'rows' };
      next = i + ROWS_PER_STEP;
    }
  }
  yield { phase: 'join', done: total, total, unit: 'rows' };
  return { indices, warnings: matched.warnings };
}

class Finder {
  readonly #matched: Matched;
  readonly #options: AsofOptions;
  readonly #column: string;
  readonly #gap: Gap;
  readonly #before;
  readonly #after;
  readonly #oldest;
  readonly #newest;
  #first = 0;
  #end = 0;
  #past = 0;
  #ahead = 0;
  #tieStart = -1;
  #tieEnd = -1;

  constructor(matched: Matched, options: AsofOptions, column: string) {
    const { left, right } = matched;
    const { strict, maxAge } = options;
    this.#matched = matched;
    this.#options = options;
    this.#column = column;
    this.#gap = gapBetween(left, right);
    this.#before = shiftBy(left, right, strict ? 1n : 0n);
    this.#after = shiftBy(left, right, strict ? 0n : 1n);
    this.#oldest = maxAge === null ? null : shiftBy(left, right, maxAge + 1n);
    this.#newest = maxAge === null ? null : shiftBy(left, right, -maxAge);
  }

  /** Turns to the right rows of another key. */
  begin(key: number): void {
    const { offsets } = this.#matched.rightGroups;
    this.#first = offsets[key]!;
    this.#end = offsets[key + 1]!;
    this.#past = this.#first;
    this.#ahead = this.#first;
    this.#tieStart = -1;
    this.#tieEnd = -1;
  }

  /** The match of a left row; rows come in ascending time. */
  find(row: number): number {
    const { direction } = this.#options;
    const before = direction === 'forward' ? -1 : this.#lastBefore(row);
    const after = direction === 'backward' ? -1 : this.#firstAfter(row);
    if (before < 0 && after < 0) return -1;
    const takesBefore = after < 0 || (before >= 0 && this.#isNearer(row, before, after));
    return this.#matched.rightGroups.rows[this.#among(takesBefore ? before : after, takesBefore)]!;
  }

  #lastBefore(row: number): number {
    const { steps } = this.#matched.right;
    this.#past = countUpTo(steps, this.#past, this.#end, this.#before.at(row));
    const at = this.#past - 1;
    if (at < this.#first) return -1;
    return this.#oldest === null || steps[at]! > this.#oldest.at(row) ? at : -1;
  }

  #firstAfter(row: number): number {
    const { steps } = this.#matched.right;
    this.#ahead = countUpTo(steps, this.#ahead, this.#end, this.#after.at(row));
    if (this.#ahead >= this.#end) return -1;
    return this.#newest === null || steps[this.#ahead]! <= this.#newest.at(row) ? this.#ahead : -1;
  }

  #isNearer(row: number, before: number, after: number): boolean {
    const { steps } = this.#matched.right;
    // Both are of one type.
    return this.#gap.exact(row, steps[before]!) <= -this.#gap.exact(row, steps[after]!);
  }

  /** The one of the rows of equal time that the options ask for. */
  #among(at: number, isBefore: boolean): number {
    const { ties } = this.#options;
    if (ties === null || ties === (isBefore ? 'last' : 'first')) return at;
    this.#findTies(at);
    if (ties === 'first') return this.#tieStart;
    if (ties === 'last') return this.#tieEnd - 1;
    if (this.#tieEnd - this.#tieStart > 1) this.#duplicate(at);
    return at;
  }

  /** Left rows come in order, so that each run of equal times is walked once. */
  #findTies(at: number): void {
    if (at >= this.#tieStart && at < this.#tieEnd) return;
    const { steps } = this.#matched.right;
    this.#tieStart = at;
    this.#tieEnd = at + 1;
    while (this.#tieStart > this.#first && steps[this.#tieStart - 1] === steps[at]) this.#tieStart--;
    while (this.#tieEnd < this.#end && steps[this.#tieEnd] === steps[at]) this.#tieEnd++;
  }

  #duplicate(at: number): never {
    const { rows } = this.#matched.rightGroups;
    const row = rows[this.#tieEnd - 1]!;
    const other = rows[at === this.#tieEnd - 1 ? this.#tieStart : at]!;
    throw new PolyfeatError(
      'DUPLICATE_TIME',
      `${this.#options.tables[1]}: column ${this.#column}, row ${row}: its time and key are those of row ${other}, and either would match; make them distinct, or say ties: first or last`,
      { column: this.#column, row },
    );
  }
}
