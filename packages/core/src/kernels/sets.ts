/**
 * Complete sets: did the trader buy both outcomes of one market within one bucket of time? Spec sections 2 and 4.
 */
import type { SumMode } from '../types.js';
import { type Axis, shiftBy } from './axis.js';
import type { Buckets } from './bucket.js';
import { groupByCode, type Keys, RowSorter } from './group.js';
import { picked } from './picked.js';
import { countUpTo } from './search.js';
import { ROWS_PER_STEP, type Steps } from './steps.js';
import { total } from './sum/total.js';
import { WindowSums } from './sum/window-sums.js';

/**
 * Which trades of its market a trade's sets are made of. `bucket`: those of its bucket, later ones too (the
 * notebook's); `bucket-asof`: those of its bucket up to it; `trailing`: those of the length of a bucket before it, up
 * to it; `prev-bucket`: those of the bucket before its own.
 */
export type RegimeMode = 'bucket' | 'bucket-asof' | 'trailing' | 'prev-bucket';

/** What a trade adds to: no side, Up or Down. */
export const LEG = { none: 0, up: 1, down: 2 } as const;

/** The trades as complete sets see them. */
export interface SetRows {
  /** Code of the market, below 0 for null. */
  readonly market: Int32Array;
  readonly markets: number;
  readonly times: Axis;
  readonly buckets: Buckets;
  readonly leg: Uint8Array;
  /** NaN adds nothing. */
  readonly size: Float64Array;
  /** The order in which the notebook's sums add up; absent: that of the rows. */
  readonly order?: Int32Array | undefined;
}

/** How sets are counted. */
export interface SetOptions {
  readonly mode: RegimeMode;
  readonly sum: SumMode;
  /** Length of a bucket. */
  readonly nanos: bigint;
}

/**
 * The `complete_set_shares` of every row: the smaller of the sums of Up and of Down; 0 where nobody bought, where
 * market or time is null, and where a sum is NaN. The flag holds exactly where they are above zero.
 *
 * Cost: linear, but for sorting markets whose rows are out of order.
 */
export function* completeSetShares(rows: SetRows, options: SetOptions): Steps<Float64Array> {
  const { times, market, markets } = rows;
  const shares = new Float64Array(market.length);
  const codes = times.nulls > 0 ? withoutNullTimes(market, rows.buckets.keys) : market;
  const byRow = options.mode === 'bucket-asof' || options.mode === 'trailing';
  const groups = groupByCode(codes, markets, byRow ? undefined : rows.order);
  const sorter = new RowSorter();
  const one = byRow ? new RunningLegs(rows, options, shares) : new BucketLegs(rows, options, shares);
  let next = ROWS_PER_STEP;
  for (let code = 0; code < markets; code++) {
    const [from, to] = [groups.offsets[code]!, groups.offsets[code + 1]!];
    sorter.sort(groups.rows, from, to, byRow ? times.steps : rows.buckets.keys);
    one.market(groups.rows, from, to);
    if (to >= next) {
      yield { phase: 'sets', done: to, total: market.length, unit: 'rows' };
      next = to + ROWS_PER_STEP;
    }
  }
  return shares;
}

function withoutNullTimes(market: Int32Array, keys: Keys): Int32Array {
  const least = keys instanceof BigInt64Array ? -(2n ** 63n) : null;
  return market.map((code, row) => {
    const key = keys[row]!;
    return Number.isNaN(key) || key === least ? -1 : code;
  });
}

function smaller(up: number, down: number): number {
  // A leg that is NaN (infinities of both signs) is unknown: shares as where nothing is known.
  return Number.isNaN(up) || Number.isNaN(down) ? 0 : Math.min(up, down);
}

/** Whole buckets. */
class BucketLegs {
  readonly #rows: SetRows;
  readonly #options: SetOptions;
  readonly #shares: Float64Array;
  #up = new Float64Array(64);
  #down = new Float64Array(64);

  constructor(rows: SetRows, options: SetOptions, shares: Float64Array) {
    this.#rows = rows;
    this.#options = options;
    this.#shares = shares;
  }

  market(rows: Int32Array, from: number, to: number): void {
    const { keys, apart } = this.#rows.buckets;
    const previous = this.#options.mode === 'prev-bucket';
    let [before, held] = [null as number | bigint | null, 0];
    for (let start = from; start < to; ) {
      const key = keys[rows[start]!]!;
      let end = start + 1;
      while (end < to && keys[rows[end]!]! === key) end++;
      const own = this.#sharesOf(rows, start, end);
      // Both are numbers, or both big integers.
      const follows = before !== null && (key as number) - (apart as number) === before;
      const given = previous ? (follows ? held : 0) : own;
      if (given !== 0) for (let i = start; i < end; i++) this.#shares[rows[i]!] = given;
      [before, held] = [key, own];
      start = end;
    }
  }

  #sharesOf(rows: Int32Array, start: number, end: number): number {
    const { leg, size } = this.#rows;
    if (this.#up.length < end - start) {
      this.#up = new Float64Array((end - start) * 2);
      this.#down = new Float64Array((end - start) * 2);
    }
    let [ups, downs] = [0, 0];
    for (let i = start; i < end; i++) {
      const row = rows[i]!;
      const shares = size[row]!;
      if (leg[row] === LEG.none || Number.isNaN(shares)) continue;
      if (leg[row] === LEG.up) this.#up[ups++] = shares;
      else this.#down[downs++] = shares;
    }
    const { sum } = this.#options;
    return smaller(total(sum, this.#up, 0, ups), total(sum, this.#down, 0, downs));
  }
}

/** Up to each row: sums are differences of running ones, so `sum` is exact. */
class RunningLegs {
  readonly #rows: SetRows;
  readonly #options: SetOptions;
  readonly #shares: Float64Array;
  readonly #ups = new WindowSums('exact');
  readonly #downs = new WindowSums('exact');

  constructor(rows: SetRows, options: SetOptions, shares: Float64Array) {
    this.#rows = rows;
    this.#options = options;
    this.#shares = shares;
  }

  market(rows: Int32Array, from: number, to: number): void {
    const { buckets, times } = this.#rows;
    const own = rows.subarray(from, to);
    this.#load(own);
    const ascending = picked(times.steps as Float64Array, own);
    const back = shiftBy(times, times, this.#options.nanos);
    let start = 0;
    for (let i = 0; i < own.length; i++) {
      const row = own[i]!;
      if (this.#options.mode === 'trailing') {
        start = countUpTo(ascending, start, own.length, back.at(row));
      } else if (i > 0 && buckets.keys[own[i - 1]!] !== buckets.keys[row]) start = i;
      this.#shares[row] = smaller(this.#ups.between(0, start, i + 1), this.#downs.between(0, start, i + 1));
    }
  }

  #load(own: Int32Array): void {
    const { leg, size } = this.#rows;
    const of = (wanted: number) =>
      Float64Array.from(own, (row) => (leg[row] === wanted && !Number.isNaN(size[row]) ? size[row]! : 0));
    this.#ups.load(of(LEG.up), own.length);
    this.#downs.load(of(LEG.down), own.length);
  }
}
