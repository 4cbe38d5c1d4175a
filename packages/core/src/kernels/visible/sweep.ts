/**
 * The features of the trades of one token under any rules of visibility, in one walk forward over its prints. Spec
 * section 4.
 *
 * ```text
 *   ---o----------[-o----o--o---o-------)|--------|------|      ties exclude: up to the tick before
 *   ---o----------(-o----o--o---o----------------]|------|      else
 *               U - w                    U        T      t
 * ```
 *
 * What the bound lets a trade see is a run of prints, whose sums are differences of running sums. Where availability or
 * own prints leave some of them out, each print is added to and taken out of every window once; own prints are taken out
 * of a window for the trade, and put back. So it stays linear, but for a sort by availability.
 */
import { type Axis, type Gap, gapBetween, shiftBy, stampWriter } from '../axis.js';
import { countUpTo } from '../search.js';
import { WindowSums } from '../sum/window-sums.js';
import type { MarketColumns, SweepPlan } from '../sweep.js';
import type { Tape } from '../tape.js';
import { Entered } from './entered.js';
import { lastBefore, type Prints } from './finder.js';
import { HeldWindows } from './held-windows.js';
import type { Moment, SeenTrades } from './moment.js';
import { Owners } from './own.js';
import { Picker } from './picker.js';
import { placesBelow } from './places.js';
import { type ProofColumns, Prover } from './proof.js';
import type { Visibility } from './rules.js';
import { floored, movedBack } from './ticks.js';

const NOBODY = new Int32Array(0);

/** Sweeps token by token, keeping its memory. */
export class VisibleSweep {
  readonly #tape: Tape;
  readonly #trades: SeenTrades;
  readonly #rules: Visibility;
  readonly #out: MarketColumns;
  readonly #moments: readonly Moment[];
  readonly #behind: Moment;
  readonly #before: Moment;
  readonly #windowEnd: Moment;
  readonly #lags: readonly Moment[];
  readonly #starts: readonly Moment[];
  readonly #gap: Gap;
  readonly #writeTs: (row: number, step: number | bigint) => void;
  readonly #volumes: WindowSums;
  readonly #notionals: WindowSums;
  readonly #held: HeldWindows;
  readonly #owners = new Owners();
  readonly #entered: Entered | null;
  readonly #prover: Prover | null;
  readonly #picker: Picker;
  readonly #products: Float64Array;
  /** By lag: the lagged print of the row. */
  readonly #lagged: Int32Array;
  #prints: Prints;
  #holes = false;

  /** @param tape in the order of the sequence, where that decides. `tick`: the resolution, in nanoseconds. */
  constructor(
    tape: Tape,
    trades: SeenTrades,
    plan: SweepPlan,
    rules: Visibility,
    tick: bigint,
    out: MarketColumns,
    proof: ProofColumns | null,
  ) {
    this.#tape = tape;
    this.#trades = trades;
    this.#rules = rules;
    this.#out = out;
    const excludes = rules.ties === 'exclude';
    const known = movedBack(trades.axis, rules.embargo);
    const bound = excludes ? floored(known, tick) : known;
    const moments: Moment[] = [];
    const moment = (from: Axis, nanos: bigint) => {
      const made = { shift: shiftBy(from, tape.axis, nanos), position: 0 };
      moments.push(made);
      return made;
    };
    const holdsStart = rules.closed === 'left' || rules.closed === 'both' ? 1n : 0n;
    const holdsEnd = rules.closed === 'right' || rules.closed === 'both';
    // Strictly before is a nanosecond earlier: all times are whole nanoseconds.
    this.#behind = moment(bound, excludes ? 1n : 0n);
    this.#before = moment(bound, 1n);
    this.#windowEnd = moment(bound, holdsEnd ? 0n : 1n);
    this.#lags = plan.returns.map(({ nanos }) => moment(bound, nanos + holdsStart));
    this.#starts = plan.windows.map(({ nanos }) => moment(bound, nanos + holdsStart));
    const ownTick = excludes ? floored(trades.axis, tick) : trades.axis;
    const ahead = moment(ownTick, excludes ? 1n - tick : 1n);
    const aheadEnd = moment(trades.axis, 0n);
    this.#moments = moments;
    this.#gap = gapBetween(trades.axis, tape.axis);
    this.#writeTs = stampWriter(tape.axis, tape.unit, out.lastTs);
    this.#volumes = new WindowSums(plan.sum);
    this.#notionals = new WindowSums(plan.sum);
    this.#held = new HeldWindows(tape, plan.windows.length);
    const { availability } = tape.more;
    this.#entered = rules.availability ? new Entered(availability!.axis, known) : null;
    this.#prover = proof === null ? null : new Prover(tape, trades.axis, bound, plan, rules, tick, proof);
    this.#products = tape.price.map((price, print) => price * tape.size[print]!);
    this.#lagged = new Int32Array(plan.returns.length);
    this.#prints = this.#printsOf(0, 0);
    this.#picker = new Picker(tape, trades, rules, this.#prints, ahead, aheadEnd);
  }

  /** Turns to another token, below 0 to one that the tape does not have. Its trades are `rows[from … to - 1]`. */
  begin(token: number, rows: Int32Array, from: number, to: number): void {
    const { offsets, size, more } = this.#tape;
    const [first, end] = token < 0 ? [0, 0] : [offsets[token]!, offsets[token + 1]!];
    this.#prints = this.#printsOf(first, end);
    const { own } = this.#trades;
    if (own !== null && more.own !== null) this.#owners.load(more.own, [first, end], own, rows, [from, to]);
    this.#holes = this.#entered !== null || !this.#owners.isEmpty;
    if (this.#holes) this.#held.begin(first);
    else if (this.#starts.length > 0) {
      this.#volumes.load(size.subarray(first, end), end - first);
      this.#notionals.load(this.#products.subarray(first, end), end - first);
    }
    for (const moment of this.#moments) moment.position = first;
    this.#entered?.begin(first, end);
    this.#picker.begin(this.#prints);
    this.#prover?.begin(first, end);
  }

  /**
   * Fills in the trades `rows[from … to - 1]`, which are of the token and ascend in time, and in place within a stamp
   * where that decides, from call to call.
   */
  fill(rows: Int32Array, from: number, to: number): void {
    for (let i = from; i < to; i++) this.#trade(rows[i]!);
  }

  #printsOf(first: number, end: number): Prints {
    const { axis, more } = this.#tape;
    const places = this.#rules.ties === 'sequence' ? more.sequence!.prints : null;
    return { first, end, steps: axis.steps, places };
  }

  #trade(row: number): void {
    const { first, end, steps } = this.#prints;
    for (const moment of this.#moments) {
      moment.position = countUpTo(steps, moment.position, end, moment.shift.at(row));
    }
    const code = this.#trades.own?.[row] ?? -1;
    const own = code < 0 ? NOBODY : this.#owners.of(code);
    this.#entered?.enter(row, this.#sees);
    const behind = this.#behindOf(row);
    const seen = this.#entered?.seen ?? null;
    const newest = lastBefore(this.#prints, seen, own, behind);
    const last = this.#picker.last(row, newest, own, seen);
    if (last >= 0) this.#writeLast(row, last);
    for (let k = 0; k < this.#lags.length; k++) this.#lag(row, k, last, own);
    const windowEnd = Math.min(this.#windowEnd.position, behind);
    this.#flows(row, first === end, newest, windowEnd, own, code);
    this.#prover?.fill(row, {
      last,
      lagged: this.#lagged,
      windowStart: Math.min(windowEnd, ...this.#starts.map(({ position }) => position)),
      windowEnd,
      inWindows: this.#starts.length === 0 ? -1 : lastBefore(this.#prints, seen, own, windowEnd),
      behind,
      own,
      code,
      entered: this.#entered,
    });
  }

  /** What happens when a print becomes known. */
  readonly #sees = (print: number, rank: number): void => {
    const code = this.#tape.more.own?.[print] ?? -1;
    this.#held.enter(print, code);
    this.#prover?.enter(print, rank, code);
  };

  /** One past the last print that the bound, and the sequence at it, lets the trade see. */
  #behindOf(row: number): number {
    const { places } = this.#prints;
    if (places === null) return this.#behind.position;
    return placesBelow(
      places,
      this.#before.position,
      this.#behind.position,
      this.#trades.places![row]!,
      false,
    );
  }

  #writeLast(row: number, last: number): void {
    const step = this.#prints.steps[last]!;
    this.#out.lastPrice[row] = this.#tape.price[last]!;
    this.#writeTs(row, step);
    this.#out.lastAge[row] = this.#gap.nanos(row, step) / 1e6;
  }

  #lag(row: number, k: number, last: number, own: Int32Array): void {
    this.#lagged[k] = -1;
    if (last < 0) return;
    const seen = this.#entered?.seen ?? null;
    const found = lastBefore(this.#prints, seen, own, this.#lags[k]!.position);
    if (found < 0) return;
    const earlier = this.#picker.settledBehind(row, found, own, seen);
    this.#lagged[k] = earlier;
    this.#out.returns[k]![row] = this.#tape.price[last]! - this.#tape.price[earlier]!;
  }

  #flows(row: number, unknown: boolean, newest: number, end: number, own: Int32Array, code: number): void {
    const { unknownToken } = this.#rules;
    if (unknown && unknownToken !== 'zero') return;
    if (newest < 0 && unknownToken === 'causal') return;
    const { counts, volumes, notionals } = this.#out;
    const { first } = this.#prints;
    for (let w = 0; w < this.#starts.length; w++) {
      const start = Math.min(this.#starts[w]!.position, end);
      if (this.#holes) {
        this.#held.of(w, start, end, own, code, this.#isSeen);
        counts[w]![row] = this.#held.count;
        volumes[w]![row] = this.#held.volume;
        notionals[w]![row] = this.#held.notional;
      } else {
        counts[w]![row] = end - start;
        volumes[w]![row] = this.#volumes.between(w, start - first, end - first);
        notionals[w]![row] = this.#notionals.between(w, start - first, end - first);
      }
    }
  }

  readonly #isSeen = (print: number): boolean => this.#entered === null || this.#entered.has(print);
}
