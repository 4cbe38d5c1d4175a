import {
  type Duration,
  parseDuration,
  parseDurations,
  parseLength,
  type SnapshotColumns,
} from '@polyfeat/core/snapshot';
import { UsageError } from '../usage-error.js';

/** Words of `--columns` that stand for a choice and not for a column. */
const CHOICES = ['all', 'features', 'safe'] as const;

/** A list of texts, each once and none empty. */
export function readNames(entries: readonly string[]): string[] {
  const names = entries.map((entry) => entry.trim());
  if (names.includes('')) throw new UsageError('it has an empty entry: list names as in A,B');
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UsageError(`it names ${twice} twice`);
  return names;
}

/** `--columns`: `all`, `features`, `safe`, or names of input columns. */
export function readColumns(entries: readonly string[]): SnapshotColumns {
  const names = readNames(entries);
  const word = CHOICES.find((choice) => names.includes(choice));
  if (word === undefined) return names;
  if (names.length === 1) return word;
  throw new UsageError(`"${word}" cannot stand among names of columns: give it alone`);
}

/** A length that may be zero, or a word in its place. */
export function lengthOr<const W extends string>(word: W): (value: string) => Duration | W {
  return (value) => (value === word ? word : parseLength(value));
}

/** A duration, or a word in its place. */
export function durationOr<const W extends string>(word: W): (value: string) => Duration | W {
  return (value) => (value === word ? word : parseDuration(value));
}

/** `--exclude-self`: `auto`, `none`, or names of columns. */
export function readSelf(entries: readonly string[]): 'auto' | 'none' | string[] {
  const names = readNames(entries);
  const [only] = names;
  return names.length === 1 && (only === 'auto' || only === 'none') ? only : names;
}

/** `--sequence`: a column of trades and one of the tape. */
export function readSequence(value: string): { trades: string; tape: string } {
  const [trades = '', tape = '', ...more] = value.split('=');
  if (trades !== '' && tape !== '' && more.length === 0) return { trades, tape };
  throw new UsageError('it names a column of trades and one of the tape, as in seq=seq');
}

/** A list of durations from a config file's array. */
export function readDurationList(entries: readonly string[]) {
  return parseDurations(entries.join(','));
}

/** A tolerance: a number that is finite and not negative. */
export function readTolerance(value: string): number {
  const number = Number(value);
  if (value.trim() !== '' && Number.isFinite(number) && number >= 0) return number;
  throw new UsageError(`"${value}" is no tolerance: write a number such as 1e-9 that is not negative`);
}

/** Splits at commas; a text without one is a list of one. */
export function splitList(value: string): string[] {
  return value.split(',');
}

/** A whole number from 0. */
export function readWhole(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && Number.isSafeInteger(number)) return number;
  throw new UsageError(`"${value}" is no whole number`);
}
