/** Growth in percent from which on a kernel fails. */
export const MOST_GROWTH = 3;

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {number | null} kept
 * @property {number | null} now
 * @property {boolean} failed
 */

/**
 * Kernels of either side. One that grew too much fails, and so does one that only one side has: the file is to be
 * updated then.
 * @param {Record<string, number>} kept
 * @param {Record<string, number>} now
 * @returns {Row[]}
 */
export function compareCounts(kept, now) {
  const names = [...new Set([...Object.keys(kept), ...Object.keys(now)])];
  return names.map((name) => {
    const [before, after] = [kept[name] ?? null, now[name] ?? null];
    const failed = before === null || after === null || after > before * (1 + MOST_GROWTH / 100);
    return { name, kept: before, now: after, failed };
  });
}

/** The rows as a table in Markdown. @param {readonly Row[]} rows */
export function tableOf(rows) {
  const number = (/** @type {number | null} */ value) => value?.toLocaleString('en') ?? '-';
  const lines = rows.map(({ name, kept, now, failed }) => {
    const ratio = kept !== null && now !== null ? (now / kept).toFixed(4) : '-';
    return `| ${name} | ${number(kept)} | ${number(now)} | ${ratio} | ${failed ? 'no' : 'yes'} |`;
  });
  return ['| kernel | kept | now | now ÷ kept | passes |', '|---|---:|---:|---:|---|', ...lines].join('\n');
}
