/** What rules of visibility look at of a tape, beside time, price and size. */
import type { TsUnit } from '../../types.js';
import { type Axis, toAxis } from '../axis.js';
import { RowSorter } from '../group.js';
import { indexKeys, type KeyIndex } from '../keys.js';
import { picked } from '../picked.js';
import type { Ascending } from '../search.js';
import type { Tape, TapeColumns, TapeOptions } from '../tape.js';
import { readTimes } from '../times.js';
import { rowsOf } from '../view.js';
import { type Places, readPlaces } from './places.js';

/** When prints became known. */
export interface Availability {
  /** Of the column. */
  readonly name: string;
  readonly axis: Axis;
  readonly unit: TsUnit;
  /** Texts that are no time; they are never. */
  readonly unparsed: number;
}

/** Columns in the order of the prints; null where they were not given. */
export interface More {
  readonly availability: Availability | null;
  readonly sequence: Places | null;
  /** Codes of the prints' transactions, below 0 for none that is looked for. */
  readonly own: Int32Array | null;
  /** The transactions of the codes; null: they are the trades' own. */
  readonly ownIndex: KeyIndex | null;
  /** The coarsest unit that all times are multiples of, in nanoseconds; null without times. */
  readonly resolution: bigint | null;
  /** The first time of a print with a token, as a step of the tape's axis; null: none, or it was not looked for. */
  readonly begin: number | bigint | null;
}

/** Reads the columns that were given. `order`: the rows of the prints. */
export function readMore(
  columns: TapeColumns,
  { table, file, tsUnit }: TapeOptions,
  own: KeyIndex | undefined,
  order: Int32Array,
): Omit<More, 'resolution' | 'begin'> {
  const place = (column: string) => ({ table, column, file });
  let availability: Availability | null = null;
  if (columns.availability !== undefined) {
    const { name } = columns.availability;
    const times = readTimes(columns.availability, tsUnit, place(name));
    const axis = toAxis(times);
    const steps = picked(axis.steps, order);
    availability = { name, axis: { ...axis, steps }, unit: times.unit, unparsed: times.unparsed };
  }
  let sequence: Places | null = null;
  if (columns.sequence !== undefined) {
    const places = readPlaces(columns.sequence, place(columns.sequence.name));
    sequence = { ...places, prints: picked(places.prints, order) };
  }
  if (columns.self === undefined || columns.self.length === 0) {
    return { availability, sequence, own: null, ownIndex: null };
  }
  const keys = { table, by: columns.self, rows: rowsOf(columns.ts) };
  const index = own ?? indexKeys(keys);
  const codes = own === undefined ? index.codes : own.find(keys);
  return {
    availability,
    sequence,
    own: order.map((row) => codes[row]!),
    ownIndex: own === undefined ? { ...index, byteLength: index.byteLength, codes: new Int32Array(0) } : null,
  };
}

/** Bytes of memory that they hold. */
export function moreBytes({ availability, sequence, own, ownIndex }: More): number {
  const arrays = [availability?.axis.steps, sequence?.prints, own].map((array) => array?.byteLength ?? 0);
  return arrays.reduce((sum, bytes) => sum + bytes, ownIndex?.byteLength ?? 0);
}

/** The least of the first times of all tokens. */
export function beginOf({ steps }: Axis, offsets: Int32Array): number | bigint | null {
  let least: number | bigint | null = null;
  for (let token = 0; token + 1 < offsets.length; token++) {
    const first = offsets[token]!;
    if (first === offsets[token + 1]) continue;
    if (least === null || steps[first]! < least) least = steps[first]!;
  }
  return least;
}

/** The prints of a tape in the order that the sequence gives those of one stamp, nulls last; by row they are already. */
export function bySequence(tape: Tape): Tape {
  const places = tape.more.sequence!.prints;
  const { steps } = tape.axis;
  const order = Int32Array.from(places, (_, print) => print);
  if (!sortStamps(order, steps, places, tape.offsets)) return tape;
  const { availability, sequence, own } = tape.more;
  return {
    ...tape,
    price: picked(tape.price, order),
    size: picked(tape.size, order),
    more: {
      ...tape.more,
      availability: availability && {
        ...availability,
        axis: { ...availability.axis, steps: picked(availability.axis.steps, order) },
      },
      sequence: sequence && { ...sequence, prints: picked(places, order) },
      own: own && order.map((print) => own[print]!),
    },
  };
}

/** Sorts stretches of equal times by place, stable. @returns whether any was out of order. */
function sortStamps(order: Int32Array, steps: Ascending, places: Float64Array, offsets: Int32Array): boolean {
  const sorter = new RowSorter();
  let moved = false;
  for (let token = 0; token + 1 < offsets.length; token++) {
    const end = offsets[token + 1]!;
    for (let start = offsets[token]!; start < end; ) {
      let past = start + 1;
      while (past < end && steps[past] === steps[start]) past++;
      if (past - start > 1 && sorter.sort(order, start, past, places)) moved = true;
      start = past;
    }
  }
  return moved;
}
