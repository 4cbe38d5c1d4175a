/** What the sweep under rules looks at. */
import type { Axis, Shift } from '../axis.js';
import type { Place } from '../place.js';

/** The trades as rules see them, by row. */
export interface SeenTrades {
  readonly axis: Axis;
  /** Places within a stamp; null when they do not decide. */
  readonly places: Float64Array | null;
  /** Codes of transactions, below 0 for none; null when own prints are seen. */
  readonly own: Int32Array | null;
  /** Where an error about their times is. */
  readonly place: Place;
}

/** A moment relative to a trade's bound, and how many prints are at or before it. */
export interface Moment {
  readonly shift: Shift;
  position: number;
}
