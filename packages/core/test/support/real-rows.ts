/** Rows of a bundled snapshot, to be changed and written again. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openParquet } from '@polyfeat/parquet';
import type { Vector } from 'apache-arrow';
import { take } from '../../src/arrow/take.js';
import { readNumbers, readTexts, readTimes } from '../../src/ts/coerce.js';
import { bundled } from './goldens.js';
import type { Random } from './random.js';
import type { Columns } from './snapshot.js';

const TEXTS = ['token_id', 'market_slug', 'side', 'outcome', 'exec_type', 'event_key'] as const;
const NUMBERS = ['price', 'size', 'realized_pnl'] as const;

/** One trade or print: what the features are made of, and the row that the other columns come from. */
export interface Row extends Partial<Record<(typeof TEXTS)[number], string | null>> {
  source: number;
  /** Nanoseconds since the epoch. */
  ts: bigint | null;
  price?: number | null;
  size?: number | null;
  realized_pnl?: number | null;
}

export const isTextColumn = (name: string) => (TEXTS as readonly string[]).includes(name);
export const isNumberColumn = (name: string) => (NUMBERS as readonly string[]).includes(name);

/** A file: its columns, and its rows. */
export interface RealTable {
  readonly columns: Columns;
  readonly rows: readonly Row[];
}

export interface RealSnapshot {
  readonly trades: RealTable;
  readonly tape: RealTable;
}

async function readTable(path: string): Promise<RealTable> {
  const file = await openParquet(await readFile(path));
  const columns: Record<string, Vector> = {};
  for (const name of file.info.schema.names as string[]) columns[name] = await file.readColumn(name);
  file.close();
  const times = readTimes(columns['ts'] as Vector, null, { file: path, column: 'ts' });
  const rows = times.values.map((ts, source): Row => ({ source, ts: ts === null ? null : ts * 1_000_000n }));
  for (const name of TEXTS.filter((column) => column in columns)) {
    readTexts(columns[name] as Vector).forEach((text, i) => {
      (rows[i] as Row)[name] = text;
    });
  }
  for (const name of NUMBERS.filter((column) => column in columns)) {
    readNumbers(columns[name] as Vector).forEach((value, i) => {
      (rows[i] as Row)[name] = value;
    });
  }
  return { columns, rows };
}

/** The bundled snapshots. */
export const realSnapshots: readonly RealSnapshot[] = await Promise.all(
  bundled.map(async ({ snapshot }) => ({
    trades: await readTable(join(snapshot, 'trades.parquet')),
    tape: await readTable(join(snapshot, 'market_trades.parquet')),
  })),
);

/** Some trades that follow each other, and the prints of their time: copies, free to be changed. */
export function excerpt({ trades, tape }: RealSnapshot, random: Random): { trades: Row[]; tape: Row[] } {
  const start = random.int(0, trades.rows.length - 400);
  const chosen = trades.rows.slice(start, start + random.int(1, 400));
  const [first, last] = [chosen[0]?.ts as bigint, chosen.at(-1)?.ts as bigint];
  const hour = 3_600_000_000_000n;
  const near = tape.rows.filter(({ ts }) => ts !== null && ts > first - hour && ts <= last + hour);
  const copy = (rows: readonly Row[]) => rows.map((row) => ({ ...row }));
  return { trades: copy(chosen), tape: copy(near.slice(0, 800)) };
}

/** The columns that no feature is made of, for these rows. */
export function otherColumns(table: RealTable, rows: readonly Row[]): Columns {
  const indices = rows.map(({ source }) => source);
  const names = Object.keys(table.columns).filter(
    (name) => name !== 'ts' && !isTextColumn(name) && !isNumberColumn(name),
  );
  return Object.fromEntries(names.map((name) => [name, take(table.columns[name] as Vector, indices)]));
}
