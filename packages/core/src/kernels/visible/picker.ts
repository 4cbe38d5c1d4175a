/** Which print is the last one: by direction, maximal age and ties. Spec section 4. */
import { PolyfeatError } from '../../errors.js';
import { type Gap, gapBetween, type Shift, shiftBy } from '../axis.js';
import { placeText } from '../place.js';
import type { Tape } from '../tape.js';
import type { Bitset } from './bitset.js';
import { firstFrom, lastBefore, type Prints, TieGroups } from './finder.js';
import type { Moment, SeenTrades } from './moment.js';
import { LAST_PLACE, NO_PLACE, placesBelow } from './places.js';
import type { Visibility } from './rules.js';

/** Picks the last print of each row among those that it sees, or that lie ahead. */
export class Picker {
  readonly #trades: SeenTrades;
  readonly #rules: Visibility;
  readonly #ahead: Moment;
  readonly #aheadEnd: Moment;
  readonly #oldest: Shift | null;
  readonly #newest: Shift | null;
  readonly #gap: Gap;
  readonly #ties: TieGroups | null;
  #prints: Prints;

  /** @param ahead how many prints are not ahead; `aheadEnd`: how many are up to the row's own time. */
  constructor(
    tape: Tape,
    trades: SeenTrades,
    rules: Visibility,
    prints: Prints,
    ahead: Moment,
    aheadEnd: Moment,
  ) {
    const { maxAge } = rules;
    this.#trades = trades;
    this.#rules = rules;
    this.#prints = prints;
    this.#ahead = ahead;
    this.#aheadEnd = aheadEnd;
    this.#oldest = maxAge === null ? null : shiftBy(trades.axis, tape.axis, maxAge + 1n);
    this.#newest = maxAge === null ? null : shiftBy(trades.axis, tape.axis, -maxAge);
    this.#gap = gapBetween(trades.axis, tape.axis);
    const asksTies = rules.tie === 'first' || rules.tie === 'error' || rules.direction !== 'backward';
    this.#ties = rules.tie !== null && asksTies ? new TieGroups() : null;
  }

  /** Turns to another token's prints. */
  begin(prints: Prints): void {
    this.#prints = prints;
    this.#ties?.load(prints);
  }

  /** The last print, as direction, maximal age and ties have it; -1 for none. */
  last(row: number, newest: number, own: Int32Array, seen: Bitset | null): number {
    const { direction } = this.#rules;
    const ahead = direction === 'backward' ? -1 : this.#next(row, own);
    const behind = direction === 'forward' ? -1 : newest;
    if (behind < 0 && ahead < 0) return -1;
    const { steps } = this.#prints;
    const takesBehind = ahead < 0 || (behind >= 0 && this.#isNearer(row, behind, ahead));
    if (takesBehind) {
      if (this.#oldest !== null && steps[behind]! <= this.#oldest.at(row)) return -1;
      return this.settledBehind(row, behind, own, seen);
    }
    if (this.#newest !== null && steps[ahead]! > this.#newest.at(row)) return -1;
    return this.#settledAhead(row, ahead, own);
  }

  /** The first print ahead; neither embargo nor availability bears on it. */
  #next(row: number, own: Int32Array): number {
    const { places } = this.#prints;
    const start = this.#ahead.position;
    if (places === null) return firstFrom(this.#prints, null, own, start);
    const past = this.#aheadEnd.position;
    const place = this.#trades.places![row]!;
    if (place !== NO_PLACE) {
      // Those of a greater sequence, but for those without one.
      const above = placesBelow(places, start, past, place, true);
      const found = firstFrom(this.#prints, null, own, above);
      if (found >= 0 && (found >= past || places[found] !== LAST_PLACE)) return found;
    }
    return firstFrom(this.#prints, null, own, past);
  }

  #isNearer(row: number, behind: number, ahead: number): boolean {
    const { steps } = this.#prints;
    const gap = (print: number) => {
      const distance = this.#gap.exact(row, steps[print]!);
      return distance < 0 ? -distance : distance;
    };
    // Both are of one type.
    return gap(behind) <= gap(ahead);
  }

  /** Which of the prints that tie with one behind. */
  settledBehind(row: number, print: number, own: Int32Array, seen: Bitset | null): number {
    const { tie } = this.#rules;
    if (tie === null || tie === 'last') return print;
    const start = this.#ties!.startOf(print);
    if (tie === 'first') return firstFrom(this.#prints, seen, own, start);
    if (lastBefore(this.#prints, seen, own, print) >= start) this.#refuse(row);
    return print;
  }

  #settledAhead(row: number, print: number, own: Int32Array): number {
    const { tie } = this.#rules;
    if (tie === null || tie === 'first') return print;
    const end = this.#ties!.endOf(print);
    if (tie === 'last') return lastBefore(this.#prints, null, own, end);
    const other = firstFrom(this.#prints, null, own, print + 1);
    if (other >= 0 && other < end) this.#refuse(row);
    return print;
  }

  #refuse(row: number): never {
    const { place } = this.#trades;
    throw new PolyfeatError(
      'DUPLICATE_TIME',
      `${placeText(place)}, row ${row}: several prints of one time could be its answer, and tie is error; say tie: last or first`,
      { ...place, row },
    );
  }
}
