/** The last print to become known in any stretch of a token's prints, one transaction left out: what a proof needs. */

/** A tree of maxima: log n steps to enter a print, and to ask. Ranks say in which order prints became known. */
export class NewestKnown {
  #size = 0;
  /** Node `i` holds what `2 i` and `2 i + 1` hold: its greatest rank, whose it is, the greatest of anybody else. */
  #best = new Int32Array(0);
  #owner = new Int32Array(0);
  #other = new Int32Array(0);

  /** Makes it empty, for `size` prints. */
  clear(size: number): void {
    this.#size = size;
    if (this.#best.length < 2 * size) {
      this.#best = new Int32Array(4 * size);
      this.#owner = new Int32Array(4 * size);
      this.#other = new Int32Array(4 * size);
    }
    this.#best.fill(-1, 0, 2 * size);
    this.#owner.fill(-1, 0, 2 * size);
    this.#other.fill(-1, 0, 2 * size);
  }

  /** Print `at` of the transaction `owner` (below 0: of none) becomes known as the `rank`-th. */
  enter(at: number, rank: number, owner: number): void {
    const [best, owners, other] = [this.#best, this.#owner, this.#other];
    let node = this.#size + at;
    best[node] = rank;
    owners[node] = owner;
    for (node >>= 1; node >= 1; node >>= 1) {
      const [a, b] = [2 * node, 2 * node + 1];
      const [winner, loser] = best[a]! >= best[b]! ? [a, b] : [b, a];
      const same = owners[winner]! >= 0 && owners[winner] === owners[loser];
      best[node] = best[winner]!;
      owners[node] = owners[winner]!;
      other[node] = Math.max(other[winner]!, same ? other[loser]! : best[loser]!);
    }
  }

  /** The greatest rank among the prints `start` … `end - 1` but those of `owner` (below 0: of all), or -1. */
  within(start: number, end: number, owner: number): number {
    let found = -1;
    let [from, to] = [this.#size + start, this.#size + end];
    for (; from < to; from >>= 1, to >>= 1) {
      if (from & 1) found = Math.max(found, this.#of(from++, owner));
      if (to & 1) found = Math.max(found, this.#of(--to, owner));
    }
    return found;
  }

  #of(node: number, owner: number): number {
    return owner >= 0 && this.#owner[node] === owner ? this.#other[node]! : this.#best[node]!;
  }
}
