import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeParquet } from '@polyfeat/parquet';
import {
  type DataType,
  Float64,
  Table,
  TimestampMillisecond,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

/** A column: its values, and its type where the values do not tell it. */
export type Column = readonly [type: DataType, values: readonly unknown[]];

/** The columns of a table, by name. */
export type Columns = Readonly<Record<string, Column>>;

const text = new Utf8();
const double = new Float64();
const time = new TimestampMillisecond('UTC');

/** Trades with the columns that are needed and those of the summary: [second, token] each. */
export function trades(rows: readonly (readonly [second: number, token: string])[]): Columns {
  const all = <T>(value: T) => rows.map(() => value);
  return {
    ts: [time, rows.map(([second]) => second * 1000)],
    token_id: [text, rows.map(([, token]) => token)],
    market_slug: [text, all('m')],
    side: [text, all('BUY')],
    outcome: [text, all('Up')],
    size: [double, all(1)],
    realized_pnl: [double, all(null)],
    exec_type: [text, all('TAKER_LIKE')],
    event_key: [text, rows.map((_row, index) => `e${index}`)],
  };
}

/** Prints of the tape: [second, price, size] of token A. */
export function prints(rows: readonly (readonly [second: number, price: number, size: number])[]): Columns {
  return {
    ts: [time, rows.map(([second]) => second * 1000)],
    token_id: [text, rows.map(() => 'A')],
    price: [double, rows.map(([, price]) => price)],
    size: [double, rows.map(([, , size]) => size)],
  };
}

/** The tape of the specification's golden vectors. */
export const GOLDEN_PRINTS = prints([
  [40, 0.4, 1],
  [41, 0.41, 2],
  [70, 0.45, 16],
  [100, 0.5, 4],
  [100, 0.52, 8],
]);

/** Writes a table as Parquet. */
export async function writeTable(file: string, columns: Columns): Promise<void> {
  const vectors: Record<string, Vector> = {};
  for (const [name, [type, values]] of Object.entries(columns)) vectors[name] = vectorFromArray(values, type);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, await writeParquet(new Table(vectors)));
}

/** Writes a snapshot of these tables into a folder of that name. */
export async function writeSnapshot(
  parent: string,
  tables: { trades: Columns; market_trades?: Columns },
  name = 'snapshot',
): Promise<string> {
  const path = join(parent, name);
  for (const [table, columns] of Object.entries(tables))
    await writeTable(join(path, `${table}.parquet`), columns);
  return path;
}

/** Reads a Parquet file by an independent reader. */
export async function readRows(file: string): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({ file: await asyncBufferFromFile(file), compressors });
}
