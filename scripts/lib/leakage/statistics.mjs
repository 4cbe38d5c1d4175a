/** @typedef {number | bigint | boolean | string | null} Value */

/**
 * How one column differs from the same column made by other rules.
 * @typedef {object} Difference
 * @property {number} differs rows whose values are not the same ÷ rows; null and a number are not the same
 * @property {number} lost rows that have a value in the first column and none in the second ÷ rows
 * @property {number | null} median of the absolute differences where both have a number and the numbers differ
 * @property {number | null} high their 95th percentile
 */

/**
 * Compares two columns row by row, without tolerance.
 * @param {readonly Value[]} before
 * @param {readonly Value[]} after of the same length
 * @returns {Difference}
 * @throws {Error} when the lengths differ
 */
export function difference(before, after) {
  if (before.length !== after.length) throw new Error(`${before.length} rows beside ${after.length}.`);
  let [differs, lost] = [0, 0];
  /** @type {number[]} */
  const sizes = [];
  for (const [row, a] of before.entries()) {
    const b = after[row] ?? null;
    if (a === b) continue;
    differs++;
    if (b === null) lost++;
    if (typeof a === 'number' && typeof b === 'number') sizes.push(Math.abs(a - b));
  }
  const rows = before.length;
  return {
    differs: share(differs, rows),
    lost: share(lost, rows),
    median: quantile(sizes, 0.5),
    high: quantile(sizes, 0.95),
  };
}

/** A part of a whole; 0 of nothing. @param {number} part @param {number} whole */
export const share = (part, whole) => (whole === 0 ? 0 : part / whole);

/**
 * The value below which a share of the values lies: the nearest one, so that it is one of them. Null of none.
 * @param {readonly number[]} values in any order
 * @param {number} at from 0 to 1
 */
export function quantile(values, at) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(at * sorted.length) - 1)] ?? null;
}

/** The numbers of a column. @param {readonly Value[]} values */
export const numbers = (values) => values.flatMap((value) => (typeof value === 'number' ? [value] : []));
