/** Rows by code, and rows by time within a code: stable, so that file order decides where times are equal. */

/** Rows of each code, one group after the other. */
export interface Groups {
  /** Group `g` is `rows[offsets[g]]` … `rows[offsets[g + 1] - 1]`. */
  readonly offsets: Int32Array;
  readonly rows: Int32Array;
}

/**
 * Groups rows by their code, 0 … `groups - 1`, in the order of the rows; rows with a code below 0 are left out.
 * Linear: a counting sort.
 *
 * @param order visits the rows in another order than their own.
 */
export function groupByCode(codes: Int32Array, groups: number, order?: Int32Array): Groups {
  const offsets = new Int32Array(groups + 1);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code >= 0) offsets[code + 1] = offsets[code + 1]! + 1;
  }
  for (let g = 0; g < groups; g++) offsets[g + 1] = offsets[g + 1]! + offsets[g]!;
  const next = offsets.slice(0, groups);
  const rows = new Int32Array(offsets[groups]!);
  for (let i = 0; i < codes.length; i++) {
    const row = order === undefined ? i : order[i]!;
    const code = codes[row]!;
    if (code < 0) continue;
    const at = next[code]!;
    rows[at] = row;
    next[code] = at + 1;
  }
  return { offsets, rows };
}

/** What rows are sorted by: numbers without NaN, or 64-bit integers. */
export type Keys = Float64Array | BigInt64Array | Int32Array;

/** Runs of this many rows are sorted by insertion. */
const SHORT = 12;

/** Sorts stretches of rows by a key, stable. Rows that are in order already cost one look; memory is kept. */
export class RowSorter {
  #scratch = new Int32Array(0);

  /** Sorts `rows[from … to - 1]` by `keys[row]`. @returns whether they were out of order. */
  sort(rows: Int32Array, from: number, to: number, keys: Keys): boolean {
    let i = from + 1;
    while (i < to && keys[rows[i - 1]!]! <= keys[rows[i]!]!) i++;
    if (i >= to) return false;
    const length = to - from;
    if (this.#scratch.length < length) this.#scratch = new Int32Array(length * 2);
    this.#mergeSort(rows, from, to, keys);
    return true;
  }

  #mergeSort(rows: Int32Array, from: number, to: number, keys: Keys): void {
    for (let start = from; start < to; start += SHORT) {
      insertionSort(rows, start, Math.min(start + SHORT, to), keys);
    }
    for (let width = SHORT; width < to - from; width *= 2) {
      for (let start = from; start + width < to; start += 2 * width) {
        this.#merge(rows, start, start + width, Math.min(start + 2 * width, to), keys);
      }
    }
  }

  /** Merges two sorted runs that follow each other; nothing moves where they are in order. */
  #merge(rows: Int32Array, start: number, middle: number, end: number, keys: Keys): void {
    if (keys[rows[middle - 1]!]! <= keys[rows[middle]!]!) return;
    const scratch = this.#scratch;
    const count = middle - start;
    for (let i = 0; i < count; i++) scratch[i] = rows[start + i]!;
    let a = 0;
    let b = middle;
    let out = start;
    while (a < count && b < end) {
      // Of equal keys the left one first.
      if (keys[rows[b]!]! < keys[scratch[a]!]!) rows[out++] = rows[b++]!;
      else rows[out++] = scratch[a++]!;
    }
    while (a < count) rows[out++] = scratch[a++]!;
  }
}

function insertionSort(rows: Int32Array, from: number, to: number, keys: Keys): void {
  for (let i = from + 1; i < to; i++) {
    const row = rows[i]!;
    const key = keys[row]!;
    let at = i;
    while (at > from && keys[rows[at - 1]!]! > key) {
      rows[at] = rows[at - 1]!;
      at--;
    }
    rows[at] = row;
  }
}
