/**
 * Texts as small numbers. Each distinct text gets a code, in the order of appearance; from there on only codes are
 * compared. Texts are looked at as UTF-8 bytes where they lie, and never become JavaScript strings.
 */

/** The code of a null. */
export const NULL_CODE = -1;

const FREE = -1;

/** Codes of distinct texts: a hash table with open addressing over their bytes. */
export class Coder {
  /** Bytes of all texts, one after the other; text `c` is at `#ends[c - 1]` … `#ends[c]`. */
  #bytes = new Uint8Array(1024);
  #ends = new Int32Array(64);
  #hashes = new Int32Array(64);
  #slots = new Int32Array(128).fill(FREE);
  #count = 0;

  /** Number of distinct texts. */
  get size(): number {
    return this.#count;
  }

  /** Bytes of memory that it holds. */
  get byteLength(): number {
    return this.#bytes.byteLength + this.#ends.byteLength + this.#hashes.byteLength + this.#slots.byteLength;
  }

  /** The code of the text `bytes[start … end - 1]`, a new one when it has not been seen. */
  add(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashOf(bytes, start, end);
    const slot = this.#slotOf(hash, bytes, start, end);
    const found = this.#slots[slot]!;
    return found === FREE ? this.#insert(slot, hash, bytes, start, end) : found;
  }

  /** The code of a text, or {@link NULL_CODE} when it has not been added. */
  find(bytes: Uint8Array, start: number, end: number): number {
    const code = this.#slots[this.#slotOf(hashOf(bytes, start, end), bytes, start, end)]!;
    return code === FREE ? NULL_CODE : code;
  }

  /** The code that `other` has for the text that is `code` here. */
  findIn(other: Coder, code: number): number {
    return other.find(this.#bytes, this.#start(code), this.#ends[code]!);
  }

  /** The bytes of a text; only to be read. */
  bytesOf(code: number): Uint8Array {
    return this.#bytes.subarray(this.#start(code), this.#ends[code]!);
  }

  /** The place of every code among all, by the texts' bytes. */
  ranks(): Int32Array {
    const codes = Array.from({ length: this.#count }, (_, code) => code);
    codes.sort((a, b) => compareBytes(this.bytesOf(a), this.bytesOf(b)));
    const ranks = new Int32Array(this.#count);
    codes.forEach((code, rank) => {
      ranks[code] = rank;
    });
    return ranks;
  }

  #start(code: number): number {
    return code === 0 ? 0 : this.#ends[code - 1]!;
  }

  /** The slot that holds a text, or the free one where it belongs. */
  #slotOf(hash: number, bytes: Uint8Array, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const code = this.#slots[slot]!;
      if (code === FREE || (this.#hashes[code] === hash && this.#equals(code, bytes, start, end)))
        return slot;
    }
  }

  #equals(code: number, bytes: Uint8Array, start: number, end: number): boolean {
    const own = this.#bytes;
    const from = this.#start(code);
    const length = end - start;
    if (this.#ends[code]! - from !== length) return false;
    for (let i = 0; i < length; i++) if (own[from + i] !== bytes[start + i]) return false;
    return true;
  }

  #insert(slot: number, hash: number, bytes: Uint8Array, start: number, end: number): number {
    const code = this.#count++;
    const from = this.#start(code);
    const to = from + end - start;
    if (to > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(to, this.#bytes.length * 2));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    // A loop beats `set` for short texts, and needs no view of them.
    for (let i = start, at = from; i < end; i++, at++) this.#bytes[at] = bytes[i]!;
    if (code === this.#ends.length) {
      this.#ends = doubled(this.#ends);
      this.#hashes = doubled(this.#hashes);
    }
    this.#ends[code] = to;
    this.#hashes[code] = hash;
    this.#slots[slot] = code;
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    return code;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(FREE);
    const mask = slots.length - 1;
    for (let code = 0; code < this.#count; code++) {
      let slot = this.#hashes[code]! & mask;
      while (slots[slot] !== FREE) slot = (slot + 1) & mask;
      slots[slot] = code;
    }
    this.#slots = slots;
  }
}

/** The order of two texts by their bytes: below, at or above 0. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function doubled(values: Int32Array): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(values.length * 2);
  grown.set(values);
  return grown;
}

/** A hash of all bytes, four at a time: murmur3's rounds (A. Appleby, public domain). */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    let word = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    word = Math.imul(word, 0xcc9e2d51);
    word = Math.imul((word << 15) | (word >>> 17), 0x1b873593);
    hash ^= word;
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  for (; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
