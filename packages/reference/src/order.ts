/**
 * Order. Spec section 2: a stable sort by (token_id, ts), token_id by UTF-8 bytes, nulls last in both.
 */

/**
 * Compares two strings by their UTF-8 bytes, which is the order of their code points. JavaScript's `<`
 * compares UTF-16 units and puts U+1F600 (a surrogate pair, D83D…) before U+FF5E.
 *
 * @returns negative, zero or positive, as for `Array.prototype.sort`.
 * @example
 * ```ts
 * compareUtf8('\u{1f600}', '\uff5e') > 0; // true, while '\u{1f600}' < '\uff5e' in JavaScript
 * ```
 */
export function compareUtf8(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) {
      // At the first differing unit a surrogate stands for a code point above every other unit.
      if (isSurrogate(x) !== isSurrogate(y)) return isSurrogate(x) ? 1 : -1;
      return x - y;
    }
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

/** Compares two values by `compare`, a null after everything else. */
export function nullsLast<T>(a: T | null, b: T | null, compare: (a: T, b: T) => number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return compare(a, b);
}

/** Compares two times. */
export function compareTimes(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The row numbers in the order (token_id, ts, row number), nulls last.
 *
 * Cost: O(n log n) comparisons of numbers and times; strings are compared once per distinct token.
 *
 * @example
 * ```ts
 * tokenOrder([{ tokenId: 'b', ts: 1n }, { tokenId: null, ts: 0n }, { tokenId: 'a', ts: null }, { tokenId: 'a', ts: 9n }]);
 * // [3, 2, 0, 1]
 * ```
 */
export function tokenOrder(rows: readonly { tokenId: string | null; ts: bigint | null }[]): number[] {
  const tokens = new Set<string>();
  for (const { tokenId } of rows) if (tokenId !== null) tokens.add(tokenId);
  const rank = new Map([...tokens].sort(compareUtf8).map((token, i) => [token, i]));
  const key = rows.map(({ tokenId, ts }) => ({
    ts,
    rank: tokenId === null ? tokens.size : (rank.get(tokenId) ?? 0),
  }));
  const at = (row: number) => key[row] as (typeof key)[number];
  // Array.prototype.sort is stable: equal rows stay in file order.
  return rows
    .map((_, row) => row)
    .sort((a, b) => at(a).rank - at(b).rank || nullsLast(at(a).ts, at(b).ts, compareTimes));
}
