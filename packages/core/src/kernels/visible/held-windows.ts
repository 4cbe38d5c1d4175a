/** The windows of a token's trades, where not every print in them is seen. */
import { Held, type Sees, type Terms } from './held.js';
import { countBelow } from './own.js';

/** Up to so many prints of a transaction are taken out of a window one by one; longer lists have sums of their own. */
const FEW = 16;

/** Flows of windows that move forward over the prints of a token, less those of a trade's own transaction. */
export class HeldWindows {
  readonly #terms: Terms;
  readonly #all: readonly Held[];
  /** By transaction: its prints, and its part of each window. */
  readonly #own = new Map<number, { readonly list: Int32Array; readonly windows: readonly Held[] }>();
  /** Of the window that {@link of} was asked for last. */
  count = 0;
  volume = 0;
  notional = 0;

  constructor(terms: Terms, windows: number) {
    this.#terms = terms;
    this.#all = Array.from({ length: windows }, () => new Held(terms));
  }

  /** Turns to another token, whose prints begin at `first`. */
  begin(first: number): void {
    for (const held of this.#all) held.reset(first);
    this.#own.clear();
  }

  /** A print has become visible; `code` is its transaction, below 0 for none. */
  enter(print: number, code: number): void {
    for (const held of this.#all) held.enter(print, print);
    const own = this.#own.get(code);
    if (own === undefined) return;
    const at = countBelow(own.list, print);
    for (const held of own.windows) held.enter(at, print);
  }

  /** Moves window `w` to the positions `start` … `end - 1` and sums what `sees` sees there, less `own`, the prints of `code`. */
  of(w: number, start: number, end: number, own: Int32Array, code: number, sees: Sees): void {
    const held = this.#all[w]!;
    held.move(start, end, itself, sees);
    const [from, to] = own.length === 0 ? [0, 0] : [countBelow(own, start), countBelow(own, end)];
    if (own.length > FEW) {
      const less = this.#ownOf(own, code)[w]!;
      less.move(from, to, (at) => own[at]!, sees);
      this.#take(held, less);
      return;
    }
    for (let at = from; at < to; at++) if (sees(own[at]!)) held.change(own[at]!, -1);
    this.#take(held, null);
    for (let at = from; at < to; at++) if (sees(own[at]!)) held.change(own[at]!, 1);
  }

  #take(held: Held, less: Held | null): void {
    this.count = held.countLess(less);
    this.volume = held.volumeLess(less);
    this.notional = held.notionalLess(less);
  }

  #ownOf(list: Int32Array, code: number): readonly Held[] {
    let own = this.#own.get(code);
    if (own === undefined) {
      own = { list, windows: this.#all.map(() => new Held(this.#terms)) };
      this.#own.set(code, own);
    }
    return own.windows;
  }
}

function itself(at: number): number {
  return at;
}
