/** @typedef {import('@polyfeat/bench').Paired} Paired */

/**
 * @typedef {object} Row what was measured of one case
 * @property {string} title
 * @property {string} what such as `wall`
 * @property {number} base median, in seconds
 * @property {number} head median, in seconds
 * @property {Paired} paired
 */

/** A difference below this is not worth a red build, however sure it is. */
export const TOLERANCE = 0.03;

/** How sure the sign test has to be. */
const LEVEL = 0.05;

/**
 * Whether head is slower by more than noise explains: the whole interval lies beyond the tolerance, and the sign test
 * agrees.
 * @param {Paired} paired
 */
export const isSlower = ({ low, p }) => low > 1 + TOLERANCE && p < LEVEL;

/** @param {Paired} paired */
const isFaster = ({ high, p }) => high < 1 - TOLERANCE && p < LEVEL;

/** @param {number} value */
const ratio = (value) => value.toFixed(3);

/**
 * The table of a comparison, in Markdown, and a line that says what it means.
 * @param {readonly Row[]} rows
 * @param {{ base: string, head: string }} names
 */
export function comparisonReport(rows, { base, head }) {
  const cells = rows.map(({ title, what, base: before, head: after, paired }) => [
    title,
    what,
    `${before.toFixed(3)} s`,
    `${after.toFixed(3)} s`,
    `${ratio(paired.ratio)} (${ratio(paired.low)} to ${ratio(paired.high)})`,
    paired.p.toPrecision(2),
    isSlower(paired) ? '**slower**' : isFaster(paired) ? 'faster' : 'as before',
  ]);
  const titles = ['', 'time', base, head, 'head / base, with 95 % interval', 'sign test, p', ''];
  const lines = [titles, titles.map((_, i) => (i > 1 && i < 6 ? '---:' : '---')), ...cells];
  const slower = rows.filter(({ paired }) => isSlower(paired)).map(({ title, what }) => `${title} (${what})`);
  const percent = 100 * TOLERANCE;
  const verdict =
    slower.length > 0
      ? `Slower by more than ${percent} % beyond the noise: ${slower.join('; ')}.`
      : `Nothing is slower by more than ${percent} % beyond the noise.`;
  return `${lines.map((line) => `| ${line.join(' | ')} |`).join('\n')}\n\n${verdict}`;
}
