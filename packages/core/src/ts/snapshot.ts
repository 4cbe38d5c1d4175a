/** A snapshot directory: the trades, the tape and the top of the book. */
import { PolyfeatError } from '../errors.js';
import type { TableName } from '../types.js';
import { findTable, kindOf, Table } from './table.js';

/** The open tables of a snapshot; those that are missing are null. */
export interface Snapshot {
  readonly trades: Table | null;
  readonly market_trades: Table | null;
  readonly clob_tob: Table | null;
  close(): Promise<void>;
}

/** The tables, in the order of reports. */
export const TABLES: readonly TableName[] = ['trades', 'market_trades', 'clob_tob'];

/** Columns that `trades` must have. */
export const TRADES_NEEDED = ['ts', 'token_id', 'market_slug', 'side', 'outcome', 'size'] as const;
/** Columns that `market_trades` must have. */
export const TAPE_NEEDED = ['ts', 'token_id', 'price', 'size'] as const;
/** Columns that the PnL table needs. */
export const SUMMARY_NEEDED = ['realized_pnl', 'exec_type', 'event_key'] as const;

/**
 * Opens a snapshot: finds the files and reads their footers, nothing else.
 *
 * @throws PolyfeatError `NOT_FOUND` when there is no such directory, and what {@link Table.open} throws.
 */
export async function openSnapshot(directory: string): Promise<Snapshot> {
  const kind = await kindOf(directory);
  if (kind !== 'directory') {
    const what = kind === null ? 'does not exist' : 'is a file';
    throw new PolyfeatError('NOT_FOUND', `${directory} ${what}: name the directory of a snapshot`, {
      file: directory,
    });
  }
  const open: Partial<Record<TableName, Table | null>> = {};
  const close = async () => {
    for (const table of Object.values(open)) await table?.close();
  };
  try {
    for (const name of TABLES) {
      const found = await findTable(directory, name);
      open[name] = found === null ? null : await Table.open(found.path, found.files);
    }
  } catch (error) {
    await close();
    throw error;
  }
  const { trades = null, market_trades = null, clob_tob = null } = open;
  return { trades, market_trades, clob_tob, close };
}

/** The trades of a snapshot, which a build cannot do without. */
export function requireTrades({ trades }: Snapshot, directory: string): Table {
  if (trades !== null) return trades;
  const message = `${directory} has no trades.parquet: name the directory of a snapshot with the user's trades`;
  throw new PolyfeatError('NO_TRADES', message, { file: directory });
}

/** Checks that a table has the `needed` columns. */
export function requireColumns(table: Table, needed: readonly string[]): void {
  for (const column of needed) {
    if (table.field(column) !== undefined) continue;
    const message = `${table.path} has no column ${column}; needed are ${needed.join(', ')}`;
    throw new PolyfeatError('MISSING_COLUMN', message, { file: table.path, column });
  }
}
