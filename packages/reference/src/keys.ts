/**
 * Keys of rows in general: any number of values, of which none may be missing.
 */
import { compareTimes } from './order.js';
import { orNull, type Value } from './rows.js';

/** A row with a time and keys. No keys: all rows are one group. */
export interface KeyedRow {
  readonly ts: bigint | null;
  readonly keys: readonly Value[];
}

/** A row that can match, and its place in its table. */
export interface PlacedRow {
  readonly ts: bigint;
  readonly row: number;
}

/** The keys of a row as one text, different for different keys; null when one of them is missing. */
export function keyOf({ keys }: KeyedRow): string | null {
  const parts: string[] = [];
  for (const key of keys) {
    const value = typeof key === 'number' ? orNull(key) : key;
    if (value === null) return null;
    // Numbers are equal by value, whether bigint or not; a text never equals a number.
    const text = String(value);
    parts.push(
      JSON.stringify([typeof value === 'string' ? 's' : typeof value === 'boolean' ? 'b' : 'n', text]),
    );
  }
  return parts.join();
}

/** The rows that have a time and all keys, by key, ascending in time, equal times in the table's order. */
export function groupByKeys(rows: readonly KeyedRow[]): Map<string, PlacedRow[]> {
  const groups = new Map<string, PlacedRow[]>();
  rows.forEach((row, i) => {
    const key = keyOf(row);
    if (row.ts === null || key === null) return;
    const placed = { ts: row.ts, row: i };
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [placed]);
    else group.push(placed);
  });
  for (const group of groups.values()) group.sort((a, b) => compareTimes(a.ts, b.ts));
  return groups;
}
