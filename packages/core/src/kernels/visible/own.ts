/** A trade's own prints: those of its transaction, by the codes of transactions. */

const NONE = new Int32Array(0);

/** How many of ascending positions are below one. */
export function countBelow(list: Int32Array, position: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle]! < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The prints of those transactions of one token that its trades have. */
export class Owners {
  readonly #lists = new Map<number, Int32Array>();

  /** Whether no trade has prints of its own. */
  get isEmpty(): boolean {
    return this.#lists.size === 0;
  }

  /** Looks at the prints `first` … `end - 1` for the transactions of the trades `rows[from … to - 1]`. */
  load(
    prints: Int32Array,
    [first, end]: readonly [number, number],
    trades: Int32Array,
    rows: Int32Array,
    [from, to]: readonly [number, number],
  ): void {
    this.#lists.clear();
    const found = new Map<number, number[]>();
    for (let i = from; i < to; i++) {
      const code = trades[rows[i]!]!;
      if (code >= 0) found.set(code, []);
    }
    if (found.size === 0) return;
    for (let print = first; print < end; print++) {
      const code = prints[print]!;
      if (code >= 0) found.get(code)?.push(print);
    }
    for (const [code, list] of found) if (list.length > 0) this.#lists.set(code, Int32Array.from(list));
  }

  /** The positions of a transaction's prints, ascending. */
  of(code: number): Int32Array {
    return this.#lists.get(code) ?? NONE;
  }
}
