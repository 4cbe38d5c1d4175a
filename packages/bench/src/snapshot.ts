import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { PolyfeatError } from '@polyfeat/core/snapshot';
import { codecsIn, footerOf, parquetFiles } from './parquet-file.js';

/** A file of a snapshot. */
export interface SnapshotFile {
  /** Its path within the snapshot. */
  readonly name: string;
  readonly bytes: number;
  readonly rows: number;
  readonly codec: string;
}

/** What is measured on. */
export interface Snapshot {
  readonly name: string;
  readonly folder: string;
  readonly trades: number;
  readonly prints: number;
  readonly files: readonly SnapshotFile[];
  /** Paths of the two tables when each is one file, which is what peers read; null else. */
  readonly tables: { readonly trades: string; readonly tape: string } | null;
}

/**
 * Looks at a snapshot's files.
 *
 * @throws PolyfeatError `NOT_FOUND` for no folder, no trades or no tape, `NOT_PARQUET` for a file that is none.
 */
export async function lookAt(folder: string, name = basename(folder)): Promise<Snapshot> {
  if (!existsSync(folder)) throw new PolyfeatError('NOT_FOUND', `no folder ${folder}`, { file: folder });
  const paths = parquetFiles(folder);
  const files = await Promise.all(
    paths.map(async (path): Promise<SnapshotFile> => {
      const footer = await readable(path);
      const rows = Number(footer.num_rows);
      return {
        ...{ name: path.slice(folder.length + 1), bytes: statSync(path).size, rows },
        codec: codecsIn(footer),
      };
    }),
  );
  const rowsOf = (table: string) => {
    const own = files.filter((file) => file.name.startsWith(`${table}.parquet`));
    if (own.length === 0) {
      throw new PolyfeatError('NOT_FOUND', `${folder} has no ${table}.parquet, which is needed to measure`, {
        file: folder,
      });
    }
    return own.reduce((sum, file) => sum + file.rows, 0);
  };
  const [trades, prints] = [rowsOf('trades'), rowsOf('market_trades')];
  const single = ['trades.parquet', 'market_trades.parquet'].map((file) => join(folder, file));
  const tables = single.every((path) => paths.includes(path))
    ? { trades: single[0]!, tape: single[1]! }
    : null;
  return { name, folder, trades, prints, files, tables };
}

async function readable(path: string): Promise<Awaited<ReturnType<typeof footerOf>>> {
  try {
    return await footerOf(path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PolyfeatError('NOT_PARQUET', `${path} cannot be read: ${why}`, { file: path, cause });
  }
}
