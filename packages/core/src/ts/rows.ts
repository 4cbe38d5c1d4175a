/** The columns of a snapshot as the rows that the definition is written over. */
import { NANOS, type Print, type Trade } from '@polyfeat/reference';
import type { TsUnit } from '../types.js';
import {
  convertTimes,
  readNumbers,
  readTexts,
  readTimes,
  requireNumbers,
  requireText,
  requireTimes,
} from './coerce.js';
import type { Job } from './job.js';
import { requireColumns, type TAPE_NEEDED, type TRADES_NEEDED } from './snapshot.js';
import type { Table } from './table.js';
import { storedUnit } from './vectors.js';

/** The time column of a table, in the unit that it is stored in. */
export interface TableTimes {
  readonly unit: TsUnit;
  readonly values: (bigint | null)[];
}

const TEXTS: readonly string[] = ['token_id', 'market_slug', 'side', 'outcome'];

/**
 * Checks that a table has the columns of its role, of types that can play it; nothing is read.
 *
 * @throws PolyfeatError `MISSING_COLUMN`, `WRONG_TYPE`.
 */
export function requireRoles(table: Table, needed: readonly string[], tsUnit: TsUnit | null): void {
  requireColumns(table, needed);
  for (const column of needed) {
    const type = table.field(column)?.type;
    if (type === undefined) continue;
    const place = { file: table.path, column };
    if (column === 'ts') requireTimes(type, tsUnit, place);
    else if (TEXTS.includes(column)) requireText(type, place);
    else requireNumbers(type, place);
  }
}

/** Reads the trades. */
export async function readTrades(job: Job, table: Table, tsUnit: TsUnit | null) {
  const times = await timesOf(job, table, tsUnit);
  const text = (name: (typeof TRADES_NEEDED)[number]) => table.readColumn(name).then(readTexts);
  const [tokenId, marketSlug] = [await text('token_id'), await text('market_slug')];
  const [side, outcome] = [await text('side'), await text('outcome')];
  const size = readNumbers(await table.readColumn('size'));
  await job.step(table.rows);
  const trades = nanosOf(times).map(
    (ts, i): Trade => ({
      ts,
      tokenId: tokenId[i] ?? null,
      marketSlug: marketSlug[i] ?? null,
      side: side[i] ?? null,
      outcome: outcome[i] ?? null,
      size: size[i] ?? null,
    }),
  );
  return { times, trades };
}

/** Reads the tape. */
export async function readPrints(job: Job, table: Table, tsUnit: TsUnit | null) {
  const times = await timesOf(job, table, tsUnit);
  const tokenId = readTexts(await table.readColumn('token_id' satisfies (typeof TAPE_NEEDED)[number]));
  const price = readNumbers(await table.readColumn('price'));
  const size = readNumbers(await table.readColumn('size'));
  await job.step(table.rows);
  const prints = nanosOf(times).map(
    (ts, i): Print => ({
      ts,
      tokenId: tokenId[i] ?? null,
      price: price[i] ?? null,
      size: size[i] ?? null,
    }),
  );
  return { times, prints };
}

async function timesOf(job: Job, table: Table, tsUnit: TsUnit | null): Promise<TableTimes> {
  const place = { file: table.path, column: 'ts' };
  const times = readTimes(await table.readColumn('ts'), tsUnit, place);
  if (times.unparsed > 0) {
    const message = `${table.path}: ${times.unparsed} values of ts are no ISO 8601 times and became null`;
    job.warn('unparsable_ts', message);
  }
  const unit = storedUnit(times.unit);
  return { unit, values: convertTimes(times, unit, place) };
}

function nanosOf({ unit, values }: TableTimes): (bigint | null)[] {
  const nanos = NANOS[unit];
  return values.map((value) => (value === null ? null : value * nanos));
}

/** The finer of two units. */
export function finerUnit(a: TsUnit, b: TsUnit): TsUnit {
  return NANOS[a] < NANOS[b] ? a : b;
}

/**
 * Checks that the times of a table fit 64-bit integers of `unit`, in which both tables are compared.
 *
 * @throws PolyfeatError `OVERFLOW` naming the row.
 */
export function requireFits(table: Table, times: TableTimes, unit: TsUnit): void {
  convertTimes({ ...times, unparsed: 0 }, unit, { file: table.path, column: 'ts' });
}
