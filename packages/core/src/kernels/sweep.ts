/**
 * The features of the trades of one token, in one walk forward over its prints. Spec section 2.
 *
 * ```text
 *        lag print                 last print
 *            v                          v
 *   --o---o--o-|--o-----o----o---o--o---o-| - - o     prints
 *            t − w          window        t
 *              (...........................]
 * ```
 */
import type { Duration } from '../duration.js';
import type { SumMode } from '../types.js';
import { type Axis, type Gap, gapBetween, type Shift, shiftBy, stampWriter } from './axis.js';
import { NULL_TIME } from './int64.js';
import { countUpTo } from './search.js';
import { WindowSums } from './sum/window-sums.js';
import type { Tape } from './tape.js';

/** Lags and windows, in the order of the columns. */
export interface SweepPlan {
  readonly returns: readonly Duration[];
  readonly windows: readonly Duration[];
  readonly sum: SumMode;
}

/** The market columns, one value per trade; NaN and the smallest integer are null. */
export interface MarketColumns {
  readonly lastPrice: Float64Array;
  readonly lastTs: BigInt64Array<ArrayBuffer>;
  readonly lastAge: Float64Array;
  readonly returns: readonly Float64Array[];
  readonly counts: readonly Float64Array[];
  readonly volumes: readonly Float64Array[];
  readonly notionals: readonly Float64Array[];
}

/** Columns of nulls, to be filled in where something is known. */
export function emptyMarket(rows: number, { returns, windows }: SweepPlan): MarketColumns {
  const nulls = () => new Float64Array(rows).fill(Number.NaN);
  return {
    lastPrice: nulls(),
    lastTs: new BigInt64Array(rows).fill(NULL_TIME),
    lastAge: nulls(),
    returns: returns.map(nulls),
    counts: windows.map(nulls),
    volumes: windows.map(nulls),
    notionals: windows.map(nulls),
  };
}

/** A moment relative to a trade, and how many prints of the token are at or before it. */
interface Moment {
  readonly shift: Shift;
  position: number;
}

/** Sweeps token by token, keeping its memory. */
export class Sweep {
  readonly #tape: Tape;
  readonly #out: MarketColumns;
  readonly #now: Moment;
  readonly #lags: readonly Moment[];
  readonly #starts: readonly Moment[];
  readonly #distinct: readonly Moment[];
  readonly #gap: Gap;
  readonly #writeTs: (row: number, step: number | bigint) => void;
  readonly #volumes: WindowSums;
  readonly #notionals: WindowSums;
  #first = 0;
  #end = 0;
  #sizes = new Float64Array(0);
  #products = new Float64Array(0);

  /** @param trades the times of all trades. */
  constructor(tape: Tape, trades: Axis, plan: SweepPlan, out: MarketColumns) {
    this.#tape = tape;
    this.#out = out;
    const moments = new Map<bigint, Moment>();
    const moment = (nanos: bigint) => {
      let found = moments.get(nanos);
      if (found === undefined) {
        found = { shift: shiftBy(trades, tape.axis, nanos), position: 0 };
        moments.set(nanos, found);
      }
      return found;
    };
    this.#now = moment(0n);
    this.#lags = plan.returns.map(({ nanos }) => moment(nanos));
    this.#starts = plan.windows.map(({ nanos }) => moment(nanos));
    this.#distinct = [...moments.values()];
    this.#gap = gapBetween(trades, tape.axis);
    this.#writeTs = stampWriter(tape.axis, tape.unit, out.lastTs);
    this.#volumes = new WindowSums(plan.sum);
    this.#notionals = new WindowSums(plan.sum);
  }

  /** Turns to another token of the tape. */
  begin(token: number): void {
    this.#first = this.#tape.offsets[token]!;
    this.#end = this.#tape.offsets[token + 1]!;
    if (this.#starts.length > 0) this.#loadSums(this.#first, this.#end);
    for (const moment of this.#distinct) moment.position = this.#first;
  }

  /** Fills in the trades `rows[from … to - 1]`, which are of the token and ascend in time from call to call. */
  fill(rows: Int32Array, from: number, to: number): void {
    // A token whose prints were all left out is one that is nowhere in the tape.
    if (this.#first === this.#end) return;
    for (let i = from; i < to; i++) this.#trade(rows[i]!, this.#first, this.#end);
  }

  #loadSums(first: number, end: number): void {
    const { price, size } = this.#tape;
    const count = end - first;
    if (this.#sizes.length < count) {
      this.#sizes = new Float64Array(count * 2);
      this.#products = new Float64Array(count * 2);
    }
    for (let i = 0; i < count; i++) {
      const q = size[first + i]!;
      this.#sizes[i] = q;
      // Rounded here, as a product of doubles.
      this.#products[i] = price[first + i]! * q;
    }
    this.#volumes.load(this.#sizes, count);
    this.#notionals.load(this.#products, count);
  }

  #trade(row: number, first: number, end: number): void {
    const { axis, price } = this.#tape;
    const out = this.#out;
    for (const moment of this.#distinct) {
      moment.position = countUpTo(axis.steps, moment.position, end, moment.shift.at(row));
    }
    const now = this.#now.position;
    const last = now > first ? price[now - 1]! : Number.NaN;
    if (now > first) {
      const step = axis.steps[now - 1]!;
      out.lastPrice[row] = last;
      this.#writeTs(row, step);
      out.lastAge[row] = this.#gap.nanos(row, step) / 1e6;
    }
    for (let k = 0; k < this.#lags.length; k++) {
      const { position } = this.#lags[k]!;
      out.returns[k]![row] = position > first ? last - price[position - 1]! : Number.NaN;
    }
    for (let k = 0; k < this.#starts.length; k++) {
      const start = this.#starts[k]!.position;
      out.counts[k]![row] = now - start;
      out.volumes[k]![row] = this.#volumes.between(k, start - first, now - first);
      out.notionals[k]![row] = this.#notionals.between(k, start - first, now - first);
    }
  }
}
