import { parseThreads } from '@polyfeat/core/snapshot';
import { UsageError } from '../usage-error.js';
import { choice, flag, reading, text } from './option.js';
import { COMMON_OPTIONS, REPORT_OPTIONS } from './options.js';

const UNITS: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, G: 1e9 };

/** A whole number: `5000`, `100k`, `1M`. */
function readCount(value: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,15})([kMG]?)$/.exec(value) ?? [];
  const number = Number(digits) * (UNITS[unit] ?? 1);
  if (digits !== '' && Number.isSafeInteger(number)) return number;
  throw new UsageError(`"${value}" is no count: write a whole number such as 5000, 100k or 1M`);
}

/** A number that is not negative. */
function readNumber(value: string): number {
  const number = Number(value);
  if (value.trim() !== '' && Number.isFinite(number) && number >= 0) return number;
  throw new UsageError(`"${value}" is no number: write one such as 0.25`);
}

const countOf = (name: string, fallback: string, help: string) =>
  reading({ name, metavar: 'COUNT', numeric: true, fallback, help, read: readCount });

const shareOf = (name: string, fallback: string, help: string) =>
  reading({ name, metavar: 'SHARE', numeric: true, fallback, help, read: readNumber });

/** What goes into the request as it is; the native binary fills in the defaults and checks ranges. */
export const REQUEST_OPTIONS = {
  size: choice({
    name: 'size',
    choices: ['S', 'M', 'L'],
    fallback: 'S',
    help: 'trades × prints × tokens: 100k × 1M × 5k, 1M × 10M × 20k, 10M × 100M × 50k',
  }),
  trades: countOf('trades', "the size's", "the user's trades"),
  prints: countOf('prints', "the size's", 'rows of the tape'),
  tokens: countOf('tokens', "the size's", 'tokens of the tape, two a market'),
  days: countOf('days', '7', 'days that the stamps cover'),
  seed: countOf('seed', '1', 'another seed makes another snapshot'),
  stamps: choice({
    name: 'stamps',
    choices: ['ms', 's'],
    fallback: 'ms',
    help: 'what stamps are multiples of; s: whole seconds, with many equal stamps',
  }),
  own: shareOf('own', '0.25', 'trades that are prints of the tape too'),
  sell: shareOf('sell', '0.1', 'SELLs among the trades'),
  nulls: shareOf('nulls', '0', 'nulls in side, outcome, market_slug, token_id, size, and prices of the tape'),
  sweep: shareOf('sweep', '0.2', 'groups of four prints that are equal in token and stamp'),
  skew: reading({
    name: 'skew',
    metavar: 'NUMBER',
    numeric: true,
    fallback: '0.75',
    help: 'the market of rank r is as popular as r to the power of minus this, below 1',
    read: readNumber,
  }),
  hot: shareOf('hot', '0', 'rows of both tables that are on one token'),
  sorted: flag({ name: 'sorted', help: 'rows by (token_id, ts) in place of by time' }),
  plain: flag({ name: 'plain', help: 'texts of many values without a dictionary' }),
  from: text({ name: 'from', metavar: 'SNAPSHOT', path: true, help: 'repeat this snapshot' }),
  tileTime: countOf('tile-time', '1', 'how often it is repeated, one after another'),
  tileTokens: countOf('tile-tokens', '1', 'how often it is repeated, side by side'),
  rowGroupRows: countOf('row-group-rows', '1M', 'rows of a row group'),
  parts: countOf('parts', '1', 'files of a table'),
  compression: choice({
    name: 'compression',
    choices: ['zstd', 'snappy', 'none'],
    fallback: 'zstd',
    help: 'codec of the files',
  }),
  threads: reading({
    name: 'threads',
    metavar: 'N',
    numeric: true,
    fallback: 'one per core',
    help: 'threads that write',
    read: parseThreads,
  }),
};

/** The options of `bench generate`. */
export const GENERATE_OPTIONS = { ...REQUEST_OPTIONS, ...REPORT_OPTIONS, ...COMMON_OPTIONS };
