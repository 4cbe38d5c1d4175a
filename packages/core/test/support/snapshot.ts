/** Small snapshots on disk for the tests. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openParquet, type WriteOptions, writeParquet } from '@polyfeat/parquet';
import {
  Data,
  Field,
  Float64,
  RecordBatch,
  Schema,
  Struct,
  Table,
  TimeUnit,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import { afterAll } from 'vitest';
import { take } from '../../src/arrow/take.js';
import { parseDuration, parseDurations } from '../../src/duration.js';
import { textOf } from '../../src/ts/text.js';
import type { BuildRequest } from '../../src/types.js';
import { stamps } from './columns.js';

/** A folder that goes when the tests of the file are done. */
export async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'polyfeat-ts-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Columns by name. */
export type Columns = Record<string, Vector>;

/** Writes a Parquet file, by default zstd. */
export async function writeColumns(
  path: string,
  columns: Columns,
  options: WriteOptions = {},
): Promise<void> {
  const names = Object.keys(columns);
  const rows = Object.values(columns)[0]?.length ?? 0;
  // A record batch has one chunk a column.
  const all = Array.from({ length: rows }, (_, i) => i);
  const chunks = Object.values(columns).map((vector) => take(vector, all).data[0] as Data);
  const fields = names.map((name, i) => new Field(name, (chunks[i] as Data).type, true));
  const schema = new Schema(fields, new Map(options.metadata));
  const batch = new RecordBatch(schema, new Data(new Struct(fields), 0, rows, 0, undefined, chunks));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, await writeParquet(new Table(schema, rows > 0 ? [batch] : []), options));
}

/** The values of every column of a file, as text. */
export async function readColumns(path: string): Promise<Record<string, (string | null)[]>> {
  const file = await openParquet(await readFile(path));
  const columns: Record<string, (string | null)[]> = {};
  for (const { name } of file.info.schema.fields) {
    const vector = await file.readColumn(name);
    columns[name] = vector.data.flatMap((data) =>
      Array.from({ length: data.length }, (_, i) => textOf(data, i)),
    );
  }
  return columns;
}

/** A text column. */
export const texts = (values: readonly (string | null)[]): Vector => vectorFromArray(values, new Utf8());
/** A column of doubles. */
export const numbers = (values: readonly (number | null)[]): Vector => vectorFromArray(values, new Float64());
/** A column of UTC timestamps, given in seconds, stored as milliseconds. */
export const seconds = (values: readonly (number | null)[]): Vector =>
  stamps(
    values.map((value) => (value === null ? null : BigInt(value) * 1000n)),
    TimeUnit.MILLISECOND,
    'UTC',
  );

/** The tape of the golden vectors of spec section 5. */
export function goldenTape(): Columns {
  return {
    ts: seconds([40, 41, 70, 100, 100]),
    token_id: texts(['A', 'A', 'A', 'A', 'A']),
    price: numbers([0.4, 0.41, 0.45, 0.5, 0.52]),
    size: numbers([1, 2, 16, 4, 8]),
  };
}

/** The trades of the golden vectors: A at 100, 400 and 5, B at 100; shuffled. */
export function goldenTrades(): Columns {
  return {
    ts: seconds([400, 100, 5, 100]),
    token_id: texts(['A', 'B', 'A', 'A']),
    market_slug: texts(['m', 'm', 'm', 'm']),
    side: texts(['BUY', 'SELL', 'BUY', 'BUY']),
    outcome: texts(['Up', 'Up', 'Down', 'Down']),
    size: numbers([1, 2, 3, 4]),
    realized_pnl: numbers([1, 2, null, 4]),
    exec_type: texts(['MAKER', null, 'MAKER', 'MAKER']),
    event_key: texts(['a', null, 'c', 'd']),
  };
}

/** Writes a snapshot; tables that are left out are not written. */
export async function writeSnapshot(
  directory: string,
  tables: { trades?: Columns; market_trades?: Columns; clob_tob?: Columns },
  options: WriteOptions = {},
): Promise<string> {
  await mkdir(directory, { recursive: true });
  for (const [name, columns] of Object.entries(tables)) {
    await writeColumns(join(directory, `${name}.parquet`), columns, options);
  }
  return directory;
}

/** The request of a build with the notebook's settings. */
export function request(snapshot: string, changes: Partial<BuildRequest> = {}): BuildRequest {
  return {
    snapshot,
    out: join(snapshot, 'features.parquet'),
    order: 'token',
    returns: parseDurations('30s,300s'),
    windows: parseDurations('60s'),
    bucket: parseDuration('10s'),
    sum: 'exact',
    columns: 'all',
    tsUnit: null,
    compression: 'source',
    ...changes,
  };
}
