/** The statistics of the benchmark: few numbers, so nothing that needs many. */

/**
 * The median; of an even number of values the mean of the middle two. NaN of none.
 *
 * @example
 * ```ts
 * median([4, 1, 2, 3]); // 2.5
 * ```
 */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const high = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[half - 1] ?? Number.NaN) + high) / 2;
}

/** The smallest value; what else the machine does only makes a run longer. NaN of none. */
export function least(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : Math.min(...values);
}

/** How often one thing takes what another takes. */
export interface Ratio {
  /** Of the medians. */
  readonly ratio: number;
  /** The smallest and the largest ratio that two runs of one round had. */
  readonly low: number;
  readonly high: number;
}

/**
 * The ratio of two medians and its spread.
 *
 * Runs are paired by their place, because those of one round met the same machine; where one side has more runs
 * than the other, all pairs count.
 *
 * @returns null when a side has no runs.
 * @example
 * ```ts
 * ratioOf([4, 6, 5], [2, 2, 2]); // { ratio: 2.5, low: 2, high: 3 }
 * ```
 */
export function ratioOf(above: readonly number[], below: readonly number[]): Ratio | null {
  if (above.length === 0 || below.length === 0) return null;
  const pairs =
    above.length === below.length
      ? above.map((value, i) => value / below[i]!)
      : above.flatMap((value) => below.map((other) => value / other));
  return { ratio: median(above) / median(below), low: Math.min(...pairs), high: Math.max(...pairs) };
}

/** A straight line through points on doubly logarithmic axes. */
export interface Growth {
  /** The exponent b of y = a · x^b: 1 is linear, 0 does not depend on x. */
  readonly slope: number;
  /** Share of the variance of log y that the line explains; 1 when y is constant. */
  readonly r2: number;
}

/**
 * Fits y = a · x^b by least squares on the logarithms.
 *
 * @param points pairs (x, y), all above 0, with at least two different x.
 * @throws RangeError for anything else: there is no such line.
 * @example
 * ```ts
 * growthOf([[1, 3], [10, 30], [100, 300]]).slope; // 1
 * ```
 */
export function growthOf(points: readonly (readonly [x: number, y: number])[]): Growth {
  if (new Set(points.map(([x]) => x)).size < 2) throw new RangeError('a slope needs two different x');
  if (points.some(([x, y]) => !(x > 0 && y > 0))) throw new RangeError('a logarithm needs a value above 0');
  const xs = points.map(([x]) => Math.log(x));
  const ys = points.map(([, y]) => Math.log(y));
  const [mx, my] = [mean(xs), mean(ys)];
  const sxx = sum(xs.map((x) => (x - mx) ** 2));
  const sxy = sum(xs.map((x, i) => (x - mx) * (ys[i]! - my)));
  const syy = sum(ys.map((y) => (y - my) ** 2));
  return { slope: sxy / sxx, r2: syy === 0 ? 1 : sxy ** 2 / (sxx * syy) };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;
