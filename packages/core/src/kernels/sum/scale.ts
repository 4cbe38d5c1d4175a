/**
 * The magnitudes among terms, and where to cut the terms so that sums of the pieces are exact in doubles.
 *
 * A double is a whole number of 2^c as long as it is below 2^(c + 53). So if every term is below 2^M and there are at
 * most 2^m of them, pieces that are whole numbers of 2^c with c = M + m - 53 can be added and subtracted in doubles
 * without any rounding; what is left of each term is below 2^c, and is cut again. Two or three cuts hold a tape.
 */

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/** The exponent e of a finite double, 2^e <= |value| < 2^(e + 1); subnormals have -1023. */
export function exponentOf(value: number): number {
  double[0] = value;
  return ((words[1]! >>> 20) & 0x7ff) - 1023;
}

/** What is to be known of terms before they are summed. */
export interface Scale {
  /** The smallest magnitude above zero; infinity when there is none. */
  readonly least: number;
  /** The greatest finite magnitude; 0 when there is none. */
  readonly most: number;
  /** Whether no term is NaN or infinite. */
  readonly finite: boolean;
}

/** Looks at the terms `from` … `to - 1`. */
export function scaleOf(terms: Float64Array, from: number, to: number): Scale {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  let finite = true;
  for (let i = from; i < to; i++) {
    const magnitude = Math.abs(terms[i]!);
    // NaN fails every comparison, so it has to be the `else`.
    if (magnitude <= Number.MAX_VALUE) {
      if (magnitude > most) most = magnitude;
      if (magnitude < least && magnitude > 0) least = magnitude;
    } else finite = false;
  }
  return { least, most, finite };
}

/** The most pieces a term is cut into; terms too far apart for that are summed otherwise. */
export const MAX_PIECES = 3;

/**
 * Anchors that cut terms: `(x + anchor) - anchor` is the upper piece of x (Dekker's and Rump's extraction). One less
 * than pieces; null when {@link MAX_PIECES} do not hold the terms.
 */
export function anchorsFor({ least, most }: Scale, terms: number): readonly number[] | null {
  if (most === 0) return [];
  const many = Math.max(2, 32 - Math.clz32(terms));
  // The last bit of the smallest term; subnormals share theirs.
  const unit = Math.max(exponentOf(least), -1022) - 52;
  let bound = exponentOf(most) + 1;
  const anchors: number[] = [];
  for (let cut = bound + many - 53; cut > unit; cut = bound + many - 53) {
    if (anchors.length + 1 === MAX_PIECES || cut > 970) return null;
    anchors.push(1.5 * 2 ** (cut + 52));
    bound = cut - 1;
  }
  // Sums of the largest terms have to be finite, too.
  return exponentOf(most) + 1 + many > 1023 ? null : anchors;
}
