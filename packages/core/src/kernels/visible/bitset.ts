const BITS = 32;

/**
 * A set of positions that finds neighbours fast: bits in words, and over each level of words another whose bits say
 * which of them are not zero. A neighbour is found in log₃₂ n steps, however far it is. Memory is kept.
 */
export class Bitset {
  readonly #levels: Int32Array[] = [];
  /** Words of each level in use. */
  readonly #words: number[] = [];
  #height = 0;

  /** Makes it empty, for positions below `size`. */
  clear(size: number): void {
    this.#height = 0;
    for (let words = size; words > 1 || this.#height === 0; ) {
      // A place for the end as well.
      words = Math.floor(words / BITS) + 1;
      const level = this.#levels[this.#height];
      if (level === undefined || level.length < words) this.#levels[this.#height] = new Int32Array(words);
      else level.fill(0, 0, words);
      this.#words[this.#height] = words;
      this.#height++;
    }
  }

  /** Adds a position. */
  add(position: number): void {
    for (let at = position, height = 0; height < this.#height; height++) {
      const level = this.#levels[height]!;
      const word = at >>> 5;
      level[word] = level[word]! | (1 << (at & 31));
      at = word;
    }
  }

  has(position: number): boolean {
    return ((this.#levels[0]![position >>> 5]! >>> (position & 31)) & 1) === 1;
  }

  /** The greatest position below `end`, or -1. */
  before(end: number): number {
    for (let at = end, height = 0; height < this.#height; height++) {
      const word = at >>> 5;
      const bits = this.#levels[height]![word]! & ((1 << (at & 31)) - 1);
      if (bits !== 0) return this.#down(height, word * BITS + 31 - Math.clz32(bits), true);
      at = word;
    }
    return -1;
  }

  /** The least position from `start` on, or -1. */
  from(start: number): number {
    for (let at = start, height = 0; height < this.#height; height++) {
      const word = at >>> 5;
      if (word >= this.#words[height]!) return -1;
      const bits = this.#levels[height]![word]! & (-1 << (at & 31));
      if (bits !== 0) return this.#down(height, word * BITS + lowest(bits), false);
      at = word + 1;
    }
    return -1;
  }

  /** The last or first position below a bit of a level. */
  #down(height: number, position: number, last: boolean): number {
    let at = position;
    for (let level = height - 1; level >= 0; level--) {
      const bits = this.#levels[level]![at]!;
      at = at * BITS + (last ? 31 - Math.clz32(bits) : lowest(bits));
    }
    return at;
  }
}

function lowest(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
