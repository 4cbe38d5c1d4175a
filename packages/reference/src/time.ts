/**
 * Time. Spec section 1: nanoseconds since 1970-01-01T00:00:00Z, as bigint. Nothing here can overflow.
 */

/** The units that time columns come in. */
export type TimeUnit = 's' | 'ms' | 'us' | 'ns';

/** Nanoseconds per unit. */
export const NANOS: Readonly<Record<TimeUnit, bigint>> = {
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1_000n,
  ns: 1n,
};

/**
 * The beginning of the bucket that holds `ts`: buckets of `length` nanoseconds counted from the epoch,
 * also before it (-1 ns lies in the bucket that begins at -length).
 *
 * @example
 * ```ts
 * bucketOf(-1n, 10n); // -10n
 * ```
 */
export function bucketOf(ts: bigint, length: bigint): bigint {
  const past = ts % length;
  return ts - (past < 0n ? past + length : past);
}

/** A time difference in milliseconds, as the notebook computes it: integer nanoseconds, to double, / 1e6. */
export function ageMillis(later: bigint, earlier: bigint): number {
  return Number(later - earlier) / 1e6;
}

/**
 * The name of a length of time in column names: whole seconds `300s`, else whole milliseconds `250ms`,
 * else `10us`, else `7ns`.
 */
export function durationLabel(nanos: bigint): string {
  for (const unit of ['s', 'ms', 'us'] as const) {
    if (nanos % NANOS[unit] === 0n) return `${nanos / NANOS[unit]}${unit}`;
  }
  return `${nanos}ns`;
}

const I64_MIN = -(2n ** 63n);
const I64_MAX = 2n ** 63n - 1n;

/** Whether a number fits a signed 64-bit integer that is not the smallest, which means "not a time". */
export function fitsTime(value: bigint): boolean {
  return value > I64_MIN && value <= I64_MAX;
}

const DATE = String.raw`(?<year>\d{4})(?:-(?<month>\d\d)-(?<day>\d\d)|(?<month2>\d\d)(?<day2>\d\d))`;
const CLOCK = String.raw`(?<hour>\d\d)(?::(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,](?<fraction>\d+))?)?|(?<minute2>\d\d)(?:(?<second2>\d\d)(?:[.,](?<fraction2>\d+))?)?)?`;
const ZONE = String.raw`(?:[Zz]| ?UTC| ?(?<sign>[+-])(?<zoneHour>\d\d)(?::?(?<zoneMinute>\d\d))?)`;
const ISO = new RegExp(`^ *${DATE}(?:[Tt ]${CLOCK}${ZONE}?)? *$`);

/**
 * Reads an ISO 8601 date or date and time; without a zone it is UTC.
 *
 * Dates `YYYY-MM-DD`, `YYYYMMDD`; then `T`, `t` or a space and `HH`, `HH:MM`, `HH:MM:SS`, `HHMM`, `HHMMSS`,
 * with a fraction of a second after `.` or `,` (digits beyond the ninth are cut off); then `Z`, `z`, `UTC`,
 * ` UTC`, `+HH`, `+HHMM`, `+HH:MM` or the same with `-`, one space before the sign allowed. Spaces around are ignored.
 *
 * @returns nanoseconds since the epoch, or null for what is no such text, no date of the calendar, no time of
 *   the clock (no leap seconds, no 24:00), or out of the range of 64-bit nanoseconds (years 1677 to 2262).
 * @example
 * ```ts
 * parseIso('1970-01-01T00:00:01.5+00:00'); // 1500000000n
 * parseIso('2025-02-29'); // null
 * ```
 */
export function parseIso(text: string): bigint | null {
  const groups = ISO.exec(text)?.groups;
  if (groups === undefined) return null;
  const number = (...names: string[]) =>
    Number(names.map((name) => groups[name]).find((v) => v !== undefined) ?? 0);
  const year = number('year');
  const month = number('month', 'month2');
  const day = number('day', 'day2');
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  const hour = number('hour');
  const minute = number('minute', 'minute2');
  const second = number('second', 'second2');
  const zoneHour = number('zoneHour');
  const zoneMinute = number('zoneMinute');
  if (hour > 23 || zoneHour > 23 || minute > 59 || zoneMinute > 59 || second > 59) return null;
  const fraction = (groups['fraction'] ?? groups['fraction2'] ?? '').padEnd(9, '0').slice(0, 9);
  const zone = (zoneHour * 60 + zoneMinute) * (groups['sign'] === '-' ? -1 : 1);
  const minutes = (daysFromEpoch(year, month, day) * 24 + hour) * 60 + minute - zone;
  const nanos = BigInt(minutes * 60 + second) * NANOS.s + BigInt(fraction);
  return fitsTime(nanos) ? nanos : null;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function daysFromEpoch(year: number, month: number, day: number): number {
  // setUTCFullYear, because Date.UTC takes the years 0 to 99 for 1900 to 1999.
  return new Date(0).setUTCFullYear(year, month - 1, day) / 86_400_000;
}
