/** A whole number with its thousands apart: `1,234,567`. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A number with six decimals, as the notebook shows money; `-` for none. */
export function decimal(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '-';
  const text = value.toFixed(6);
  // Beyond 1e21 toFixed gives an exponent, which has no thousands to set apart.
  return text.includes('e') ? text : text.replace(/\B(?=(\d{3})+\.)/g, ',');
}

/** A share of a whole in percent: `12.3 %`. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`;
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** A number of bytes in the unit (of thousands) that leaves it short: `1.2 MB`. */
export function bytes(value: number): string {
  let unit = 0;
  let amount = value;
  while (amount >= 999.95 && unit < BYTE_UNITS.length - 1) {
    amount /= 1000;
    unit++;
  }
  return `${unit === 0 ? amount : amount.toFixed(1)} ${BYTE_UNITS[unit]}`;
}

/** A length of time: `12 ms`, `3.4 s`, `2 min 5 s`. */
export function elapsed(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
