/** Values by which each row can be checked by hand. Spec section 4. */
import { type Axis, hasNoTime, type Shift, shiftBy, stampWriter } from '../axis.js';
import { NULL_TIME } from '../int64.js';
import { type MadeColumn, timestamps, wholes } from '../made.js';
import { countUpTo } from '../search.js';
import type { SweepPlan } from '../sweep.js';
import type { Tape } from '../tape.js';
import type { Entered } from './entered.js';
import { NewestKnown } from './newest.js';
import { countBelow } from './own.js';
import type { Visibility } from './rules.js';
import { floored } from './ticks.js';

/** The columns, by row; the smallest integer is null. */
export interface ProofColumns {
  readonly newestEvent: BigInt64Array<ArrayBuffer>;
  readonly newestAvailability: BigInt64Array<ArrayBuffer>;
  readonly sameStamp: BigInt64Array<ArrayBuffer>;
  readonly ownPrints: BigInt64Array<ArrayBuffer>;
  readonly ownSeen: BigInt64Array<ArrayBuffer>;
  readonly censored: BigInt64Array<ArrayBuffer>;
}

/** Columns of nulls. */
export function emptyProof(rows: number): ProofColumns {
  const nulls = () => new BigInt64Array(rows).fill(NULL_TIME);
  return {
    newestEvent: nulls(),
    newestAvailability: nulls(),
    sameStamp: nulls(),
    ownPrints: nulls(),
    ownSeen: nulls(),
    censored: nulls(),
  };
}

/** The columns of the result, behind all others. */
export function madeProof(columns: ProofColumns, { unit, more }: Tape, rules: Visibility): MadeColumn[] {
  const availability = rules.availability ? more.availability!.unit : unit;
  return [
    timestamps('proof_newest_event', unit, columns.newestEvent),
    timestamps('proof_newest_availability', availability, columns.newestAvailability),
    wholes('proof_same_stamp_prints', columns.sameStamp),
    wholes('proof_own_prints', columns.ownPrints),
    wholes('proof_own_prints_seen', columns.ownSeen),
    wholes('proof_censored_windows', columns.censored),
  ];
}

/** What a row's proof needs of the sweep. */
export interface Facts {
  /** The last print, the lagged ones, and the newest one in any window; -1 for none. */
  readonly last: number;
  readonly lagged: Int32Array;
  readonly inWindows: number;
  /** Where the longest window begins, and all of them end. */
  readonly windowStart: number;
  readonly windowEnd: number;
  /** One past the last print that the bound lets the trade see. */
  readonly behind: number;
  /** Its own prints and their code, below 0 for none. */
  readonly own: Int32Array;
  readonly code: number;
  readonly entered: Entered | null;
}

/** Fills in proofs along a sweep. */
export class Prover {
  readonly #tape: Tape;
  readonly #rules: Visibility;
  readonly #out: ProofColumns;
  readonly #beforeTick: Shift;
  readonly #pastTick: Shift;
  readonly #starts: readonly Shift[];
  readonly #newest = new NewestKnown();
  readonly #writeEvent: (row: number, step: number | bigint) => void;
  readonly #writeAvailability: ((row: number, step: number | bigint) => void) | null;
  #first = 0;
  #end = 0;
  #tickStart = 0;
  #tickEnd = 0;

  constructor(
    tape: Tape,
    trades: Axis,
    bound: Axis,
    { windows }: SweepPlan,
    rules: Visibility,
    tick: bigint,
    out: ProofColumns,
  ) {
    this.#tape = tape;
    this.#rules = rules;
    this.#out = out;
    const ticks = floored(trades, tick);
    this.#beforeTick = shiftBy(ticks, tape.axis, 1n);
    this.#pastTick = shiftBy(ticks, tape.axis, 1n - tick);
    this.#starts = windows.map(({ nanos }) => shiftBy(bound, tape.axis, nanos));
    this.#writeEvent = stampWriter(tape.axis, tape.unit, out.newestEvent);
    const { availability } = tape.more;
    this.#writeAvailability = rules.availability
      ? stampWriter(availability!.axis, availability!.unit, out.newestAvailability)
      : null;
  }

  /** Turns to the prints `first` … `end - 1`. */
  begin(first: number, end: number): void {
    this.#first = first;
    this.#end = end;
    this.#tickStart = first;
    this.#tickEnd = first;
    if (this.#rules.availability) this.#newest.clear(end - first);
  }

  /** A print has become known as the `rank`-th. */
  enter(print: number, rank: number, code: number): void {
    this.#newest.enter(print - this.#first, rank, code);
  }

  /** Fills in a row; rows come in ascending time. */
  fill(row: number, facts: Facts): void {
    const { steps } = this.#tape.axis;
    this.#tickStart = countUpTo(steps, this.#tickStart, this.#end, this.#beforeTick.at(row));
    this.#tickEnd = countUpTo(steps, this.#tickEnd, this.#end, this.#pastTick.at(row));
    count(this.#out.sameStamp, row, this.#tickEnd - this.#tickStart);
    if (this.#rules.excludeSelf) {
      const { own, behind, entered } = facts;
      const before = countBelow(own, behind);
      let seen = before;
      if (entered !== null) {
        seen = 0;
        for (let i = 0; i < before; i++) if (entered.has(own[i]!)) seen++;
      }
      count(this.#out.ownPrints, row, own.length);
      count(this.#out.ownSeen, row, seen);
    }
    const { begin } = this.#tape.more;
    // What reaches back to before the first print of all may miss some.
    const censored = this.#starts.filter((start) => begin === null || start.at(row) < begin);
    count(this.#out.censored, row, censored.length);
    this.#newestUsed(row, facts);
  }

  #newestUsed(row: number, { last, lagged, inWindows, windowStart, windowEnd, code, entered }: Facts): void {
    const { steps } = this.#tape.axis;
    const available = this.#rules.availability ? this.#tape.more.availability!.axis : null;
    let event: number | bigint | null = null;
    let known: number | bigint | null = null;
    const use = (print: number) => {
      if (event === null || steps[print]! > event) event = steps[print]!;
      if (available === null || hasNoTime(available, print)) return;
      if (known === null || available.steps[print]! > known) known = available.steps[print]!;
    };
    if (last >= 0) use(last);
    for (const print of lagged) if (print >= 0) use(print);
    // The newest print of all windows lies in the longest one, or in none.
    if (inWindows >= windowStart && inWindows >= 0) {
      use(inWindows);
      if (available !== null) {
        const rank = this.#newest.within(windowStart - this.#first, windowEnd - this.#first, code);
        if (rank >= 0) use(entered!.at(rank));
      }
    }
    if (event !== null) this.#writeEvent(row, event);
    if (known !== null) this.#writeAvailability!(row, known);
  }
}

function count(column: BigInt64Array, row: number, value: number): void {
  column[row] = BigInt(value);
}
