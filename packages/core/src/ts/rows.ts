/** The columns of a snapshot as the kernels take them. */
import { NANOS } from '@polyfeat/reference';
import { viewOf } from '../arrow/view.js';
import { MAX_TIME, NULL_TIME, wordsOf } from '../kernels/int64.js';
import { overflow, type Place } from '../kernels/place.js';
import type { TapeColumns } from '../kernels/tape.js';
import { readTimes, type TimeColumn } from '../kernels/times.js';
import type { TradeColumns } from '../kernels/trades.js';
import type { ColumnView } from '../kernels/view.js';
import type { TsUnit } from '../types.js';
import type { AskedRules } from './ask.js';
import { requireNumbers, requireText, requireTimes } from './coerce.js';
import type { Job } from './job.js';
import { requireColumns } from './snapshot.js';
import type { Table } from './table.js';
import { storedUnit } from './vectors.js';

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

/** A table's columns, and its times in the unit that they are stored in. */
export interface Read<C> {
  readonly times: TimeColumn;
  readonly columns: C;
}

/** Reads the trades, and what rules ask of them. */
export async function readTrades(
  job: Job,
  table: Table,
  tsUnit: TsUnit | null,
  asked: AskedRules | null,
): Promise<Read<TradeColumns>> {
  const times = await timesOf(job, table, 'ts', tsUnit);
  const columns: TradeColumns = {
    ts: stampView('ts', times),
    token: await view(table, 'token_id'),
    market: await view(table, 'market_slug'),
    side: await view(table, 'side'),
    outcome: await view(table, 'outcome'),
    size: await view(table, 'size'),
    ...(asked !== null && (await compared(table, asked, asked.rules.sequence?.trades))),
  };
  await job.step(table.rows);
  return { times, columns };
}

/** Reads the tape, and what rules ask of it. */
export async function readPrints(
  job: Job,
  table: Table,
  tsUnit: TsUnit | null,
  asked: AskedRules,
): Promise<Read<TapeColumns>> {
  const times = await timesOf(job, table, 'ts', tsUnit);
  const { availability } = asked.rules;
  const columns: TapeColumns = {
    ts: stampView('ts', times),
    token: await view(table, 'token_id'),
    price: await view(table, 'price'),
    size: await view(table, 'size'),
    ...(availability !== null && {
      availability: stampView(availability, await timesOf(job, table, availability, tsUnit)),
    }),
    ...(await compared(table, asked, asked.rules.sequence?.tape)),
  };
  await job.step(table.rows);
  return { times, columns };
}

/** The columns by which rows of both files are compared. */
async function compared(
  table: Table,
  { own }: AskedRules,
  sequence: string | undefined,
): Promise<Pick<TradeColumns, 'sequence' | 'self'>> {
  const self: ColumnView[] = [];
  for (const name of own) self.push(await view(table, name));
  return { self, ...(sequence !== undefined && { sequence: await view(table, sequence) }) };
}

async function view(table: Table, name: string): Promise<ColumnView> {
  // Its type has been looked at, so there is a view.
  return viewOf(name, await table.readColumn(name)) ?? { name, type: 'null', chunks: [] };
}

/** Where an error about the times of a table is. */
function timePlace({ path }: Table, column = 'ts'): Place {
  return { table: path, column, file: path };
}

async function timesOf(job: Job, table: Table, column: string, tsUnit: TsUnit | null): Promise<TimeColumn> {
  const times = readTimes(await view(table, column), tsUnit, timePlace(table, column));
  if (times.unparsed > 0) {
    const message = `${table.path}: ${times.unparsed} values of ${column} are no ISO 8601 times and became null`;
    job.warn(column === 'ts' ? 'unparsable_ts' : 'unparsable_availability', message);
  }
  const unit = storedUnit(times.unit);
  if (unit === times.unit) return times;
  requireFits(table, times, unit, column);
  const ratio = NANOS[times.unit] / NANOS[unit];
  const stamps = times.stamps.map((stamp) => (stamp === NULL_TIME ? stamp : stamp * ratio));
  return { ...times, unit, stamps };
}

function stampView(name: string, { unit, stamps }: TimeColumn): ColumnView {
  const values = new Uint8Array(stamps.buffer);
  return { name, type: 'timestamp', unit, chunks: [{ length: stamps.length, values }] };
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
export function requireFits(table: Table, times: TimeColumn, unit: TsUnit, column = 'ts'): void {
  const ratio = NANOS[times.unit] / NANOS[unit];
  if (ratio <= 1n) return;
  const { stamps } = times;
  const words = wordsOf(stamps);
  // Whatever is nearer to zero than this needs no closer look.
  const near = Number((MAX_TIME / ratio) >> 32n) - 1;
  for (let row = 0; row < stamps.length; row++) {
    if (Math.abs(words[2 * row + 1]!) < near) continue;
    const stamp = stamps[row]!;
    if (stamp === NULL_TIME) continue;
    if (stamp * ratio > MAX_TIME || stamp * ratio <= NULL_TIME) {
      overflow(
        `the time ${stamp} ${times.unit} does not fit into 64 bits as ${unit}`,
        timePlace(table, column),
        row,
      );
    }
  }
}
