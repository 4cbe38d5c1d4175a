/** How numbers are written in the tables; null is a dash. */

/** @template T @param {(value: T) => string} format @returns {(value: T | null | undefined) => string} */
const orDash = (format) => (value) => (value === null || value === undefined ? '–' : format(value));

/** A share, such as `47.9 %`; only nothing at all is 0, only everything is 100. */
export const percent = orDash((/** @type {number} */ value) => {
  if (value === 0 || value === 1) return `${value * 100} %`;
  if (value < 0.0005) return '< 0.1 %';
  if (value >= 0.9995) return '> 99.9 %';
  return `${(value * 100).toFixed(1)} %`;
});

/** A difference of prices, in cents. */
export const cents = orDash((/** @type {number} */ value) => `${(value * 100).toFixed(1)} ¢`);

/** A length of time that is given in milliseconds, such as `250 ms` or `12.5 s`. */
export const milliseconds = orDash((/** @type {number} */ value) =>
  value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`,
);

/** A number, such as `1,234` or `2.5`. */
export const count = orDash((/** @type {number} */ value) =>
  value.toLocaleString('en-US', { maximumFractionDigits: 1 }),
);

/** A snapshot's name without its time. @param {{ name: string }} snapshot */
export const short = ({ name }) => `\`${name.split('-')[0]}\``;
