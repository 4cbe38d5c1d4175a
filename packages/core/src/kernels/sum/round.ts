/** Adding a few doubles with one rounding. */

/**
 * The double nearest to a + b + c, of two equally near the even one; a sum of zero is +0. The partial sums must not
 * overflow.
 *
 * Knuth's two-sum leaves the exact sum as h + l + f, each within half a last bit of the one before. Only where l is
 * exactly half a last bit of h can f decide, which is what Python's `math.fsum` looks at as well.
 */
export function sumOfThree(a: number, b: number, c: number): number {
  const s = b + c;
  const bs = s - c;
  const e = b - bs + (c - (s - bs));
  const u = a + s;
  const au = u - s;
  const g = a - au + (s - (u - au));
  const t = g + e;
  const gt = t - e;
  const f = g - gt + (e - (t - gt));
  const h = u + t;
  const uh = h - t;
  const l = u - uh + (t - (h - uh));
  if (l === 0) return h + f + 0;
  if ((l > 0 && f > 0) || (l < 0 && f < 0)) {
    const next = h + l * 2;
    // Exactly half-way, and the rest points on: not the even neighbour, but the one beyond.
    if (next - h === l * 2) return next;
  }
  return h + 0;
}
