/** What is in a snapshot. */
import { NANOS } from '@polyfeat/reference';
import { Type, type Vector } from 'apache-arrow';
import { isText, typeText } from '../arrow/type-text.js';
import { columnRole } from '../column-roles.js';
import { PolyfeatError } from '../errors.js';
import type { ColumnInfo, Hooks, InspectReport, TableInfo, TableName, TimeInfo, TsUnit } from '../types.js';
import { readTexts, readTimes, type Times, timeUnitOf } from './coerce.js';
import { Job } from './job.js';
import { openSnapshot, SUMMARY_NEEDED, TABLES, TAPE_NEEDED, TRADES_NEEDED } from './snapshot.js';
import type { Table } from './table.js';
import { isoText } from './text.js';

/** What a build and its summary need of each table. */
const NEEDED: Readonly<Record<TableName, readonly string[]>> = {
  trades: [...TRADES_NEEDED, ...SUMMARY_NEEDED],
  market_trades: TAPE_NEEDED,
  clob_tob: [],
};

/** The columns that may be the time axis, the best first. */
const TIME_COLUMNS: Readonly<Record<TableName, readonly string[]>> = {
  trades: ['ts'],
  market_trades: ['ts'],
  clob_tob: ['ts', 'trade_at', 'captured_at'],
};

/**
 * Describes the tables of a snapshot; see `Engine.inspect`. Every column is read, one at a time, to count its nulls.
 *
 * @throws PolyfeatError `NOT_FOUND`; `NO_TRADES` when there is none of the three tables; what reading throws.
 */
export async function inspect(
  directory: string,
  tsUnit: TsUnit | null,
  hooks?: Hooks,
): Promise<InspectReport> {
  const job = new Job(hooks);
  job.check();
  const snapshot = await openSnapshot(directory);
  try {
    const tables: TableInfo[] = [];
    for (const name of TABLES) {
      const table = snapshot[name];
      if (table !== null) tables.push(await describe(job, name, table, tsUnit));
    }
    if (tables.length === 0) {
      const message = `${directory} holds none of ${TABLES.map((name) => `${name}.parquet`).join(', ')}: name the directory of a snapshot`;
      throw new PolyfeatError('NO_TRADES', message, { file: directory });
    }
    if (snapshot.market_trades === null)
      job.warn('no_market_trades', `${directory} has no market_trades.parquet`);
    else if (snapshot.market_trades.rows === 0) {
      job.warn('empty_market_trades', `${snapshot.market_trades.path} has no rows`);
    }
    if (snapshot.trades?.rows === 0) job.warn('empty_trades', `${snapshot.trades.path} has no rows`);
    job.finish();
    return { snapshot: directory, tables, warnings: job.warnings };
  } finally {
    await snapshot.close();
  }
}

async function describe(job: Job, name: TableName, table: Table, tsUnit: TsUnit | null): Promise<TableInfo> {
  await job.begin(name, table.fields.length, 'columns');
  const timeColumn = TIME_COLUMNS[name].find((column) => {
    const type = table.field(column)?.type;
    return type !== undefined && timeUnitOf(type, tsUnit) !== null;
  });
  const columns: ColumnInfo[] = [];
  let time: TimeInfo | null = null;
  const distinct: Record<string, number> = {};
  for (const field of table.fields) {
    const vector = await table.readColumn(field.name);
    const { role, why } = name === 'trades' ? columnRole(field.name) : { role: null, why: null };
    columns.push({ name: field.name, type: typeText(field.type), nulls: nullsOf(vector), role, why });
    if (field.name === timeColumn) {
      const times = readTimes(vector, tsUnit, { file: table.path, column: field.name });
      if (times.unparsed > 0) {
        job.warn(
          'unparsable_ts',
          `${table.path}: ${times.unparsed} values of ${field.name} are no ISO 8601 times`,
        );
      }
      time = timeInfo(field.name, times);
    }
    if ((field.name === 'token_id' || field.name === 'market_slug') && isText(field.type)) {
      const texts = readTexts(vector);
      distinct[field.name] = new Set(texts.filter((text) => text !== null)).size;
    }
    await job.step(columns.length);
  }
  return {
    table: name,
    files: table.parts.map((part) => part.path),
    rows: table.rows,
    columns,
    row_groups: table.parts.reduce((sum, part) => sum + part.reader.info.rowGroups.length, 0),
    bytes: table.parts.reduce((sum, part) => sum + part.reader.info.bytes, 0),
    time,
    tokens: distinct['token_id'] ?? null,
    markets: distinct['market_slug'] ?? null,
    missing: NEEDED[name].filter((column) => table.field(column) === undefined),
  };
}

function nullsOf(vector: Vector): number {
  return vector.data.reduce(
    (sum, data) => sum + (data.typeId === Type.Null ? data.length : data.nullCount),
    0,
  );
}

const UNITS: readonly TsUnit[] = ['s', 'ms', 'us', 'ns'];

function timeInfo(column: string, { unit, values }: Times): TimeInfo {
  let min: bigint | null = null;
  let max: bigint | null = null;
  let previous: bigint | null = null;
  let sorted = true;
  // Index into UNITS of the coarsest unit that all stamps so far are whole numbers of.
  let coarsest = 0;
  for (const value of values) {
    if (value === null) continue;
    if (previous !== null && value < previous) sorted = false;
    previous = value;
    if (min === null || value < min) min = value;
    if (max === null || value > max) max = value;
    while ((value * NANOS[unit]) % NANOS[UNITS[coarsest] as TsUnit] !== 0n) coarsest++;
  }
  const text = (value: bigint | null) => (value === null ? null : isoText(value, unit));
  const resolution = min === null ? null : (UNITS[coarsest] as TsUnit);
  return { column, min: text(min), max: text(max), resolution, sorted };
}
