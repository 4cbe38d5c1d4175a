import {
  type Data,
  type DataType,
  type RecordBatch,
  type Schema,
  Table,
  tableFromIPC,
  Vector,
} from 'apache-arrow';
import type { ParquetFile } from 'parquet-wasm/esm';
import { type Codec, codecOf } from './codec.js';
import { emptyData } from './empty.js';
import { ParquetError } from './errors.js';
import { MAX_FILE_BYTES, MAX_ROWS, requireAtMost } from './limits.js';
import { BlobView, type ByteSource, type ParquetInput, toByteSource } from './source.js';
import { withWasm } from './wasm.js';

/** Rows per record batch; the default of parquet-wasm, 1024, makes thousands of them. */
const BATCH_ROWS = 65_536;

/** A row group, by its footer entry. */
export interface RowGroupInfo {
  readonly rows: number;
}

/** What the footer of a Parquet file says. */
export interface ParquetInfo {
  /** Size of the file. */
  readonly bytes: number;
  readonly rows: number;
  readonly rowGroups: readonly RowGroupInfo[];
  /** The Arrow schema, with the file's key-value metadata (without `ARROW:schema`). */
  readonly schema: Schema;
  /** Codec of each leaf column in the first row group, by its path; empty without row groups. */
  readonly codecs: ReadonlyMap<string, Codec>;
}

/** An open Parquet file: its footer is read, its columns are read one by one as they are asked for. */
export interface ParquetReader {
  readonly info: ParquetInfo;
  /**
   * Reads one column: one chunk per record batch, in file order. Nothing else is decoded.
   * A dictionary column's chunks may have dictionaries of their own.
   */
  readColumn(name: string): Promise<Vector>;
  /** Reads the named columns, by default all, in the file's order, into a table of one batch per chunk. */
  read(columns?: readonly string[]): Promise<Table>;
  /**
   * Reads the named columns, by default all, in the file's order, batch by batch: not more than a row group is in
   * memory at a time. A dictionary column's batches have dictionaries of their own.
   */
  batches(columns?: readonly string[]): AsyncGenerator<RecordBatch, void, undefined>;
  /** Frees the footer; the input is the caller's to close. */
  close(): void;
}

/**
 * Opens a Parquet file and reads its footer.
 *
 * @param input the bytes, a `Blob`, or a {@link ByteSource} of which only the needed ranges are read.
 * @throws ParquetError `empty`, `not-parquet`, `corrupt`, `unsupported`, `too-large`; what the source throws, as it is.
 * @example
 * ```ts
 * const file = await openParquet(new Uint8Array(await response.arrayBuffer()));
 * const prices = await file.readColumn('price');
 * file.close();
 * ```
 */
export async function openParquet(input: ParquetInput): Promise<ParquetReader> {
  const source = toByteSource(input);
  await checkMagic(source);
  requireAtMost(MAX_FILE_BYTES, source.size, 'the file', 'bytes');
  const failures: unknown[] = [];
  const blob = new BlobView(source, (error) => failures.push(error));
  const file = await guarded(failures, 'footer', () =>
    withWasm((wasm) => wasm.ParquetFile.fromFile(blob as unknown as Blob)),
  );
  const info = await guarded(failures, 'footer', () => withWasm(() => describe(file, source.size)));
  requireAtMost(MAX_ROWS, info.rows, 'the file', 'rows');
  const reader = (name: string) => readColumn(file, info, failures, name);
  return {
    info,
    readColumn: reader,
    read: (columns) => readTable(info.schema, columns, reader),
    batches: (columns) => readBatches(file, info, failures, wantedOf(info.schema, columns)),
    close: () => release(file),
  };
}

async function checkMagic(source: ByteSource): Promise<void> {
  if (source.size === 0) throw new ParquetError('empty', 'the file is empty');
  const text = async (start: number, end: number) => String.fromCharCode(...(await source.read(start, end)));
  const head = await text(0, Math.min(4, source.size));
  if (head === 'PARE')
    throw new ParquetError('unsupported', 'the file has an encrypted footer: decrypt it first');
  if (head !== 'PAR1') throw new ParquetError('not-parquet', 'the file does not begin with PAR1');
  if (source.size < 12 || (await text(source.size - 4, source.size)) !== 'PAR1') {
    throw new ParquetError('corrupt', `the file ends without a Parquet footer after ${source.size} bytes`);
  }
}

/** Runs a step of reading; an error of parquet-wasm means damage, unless the source failed first. */
async function guarded<T>(failures: unknown[], what: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (failures.length > 0) throw failures.splice(0)[0];
    if (error instanceof ParquetError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    const reason = why === 'unreachable' ? 'it cannot be decoded' : why.replace(/^Parquet error: /, '');
    throw new ParquetError('corrupt', `${what}: ${reason}`, error);
  }
}

function describe(file: ParquetFile, bytes: number): ParquetInfo {
  const metadata = file.metadata();
  const rowGroups: RowGroupInfo[] = [];
  const codecs = new Map<string, Codec>();
  for (let i = 0; i < metadata.numRowGroups(); i++) {
    const group = metadata.rowGroup(i);
    rowGroups.push({ rows: group.numRows() });
    if (i === 0) {
      for (const column of group.columns()) {
        codecs.set(column.columnPath().join('.'), codecOf(column.compression()));
        column.free();
      }
    }
    group.free();
  }
  metadata.free();
  const { schema } = tableFromIPC(file.schema().intoIPCStream());
  const rows = rowGroups.reduce((sum, group) => sum + group.rows, 0);
  return { bytes, rows, rowGroups, schema, codecs };
}

async function readColumn(
  file: ParquetFile,
  info: ParquetInfo,
  failures: unknown[],
  name: string,
): Promise<Vector> {
  const field = info.schema.fields.find((candidate) => candidate.name === name);
  if (field === undefined) throw new RangeError(`no column ${name}`);
  const chunks: Data<DataType>[] = [];
  for (const [index, group] of info.rowGroups.entries()) {
    if (group.rows === 0) continue;
    chunks.push(
      ...(await guarded(failures, `column ${name}, row group ${index}`, () => readChunks(file, name, index))),
    );
  }
  const rows = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (rows !== info.rows) {
    throw new ParquetError('corrupt', `column ${name}: ${rows} rows, but the footer says ${info.rows}`);
  }
  return chunks.length > 0 ? new Vector(chunks) : emptyVector(field.type);
}

function readChunks(file: ParquetFile, name: string, group: number): Promise<Data<DataType>[]> {
  return withWasm(async () => {
    const options = { columns: [name], rowGroups: [group], batchSize: BATCH_ROWS };
    const table = await file.read(options);
    try {
      return table.recordBatches().flatMap((batch) => {
        const arrow = tableFromIPC(batch.intoIPCStream());
        // Asked for `a`, parquet-wasm also gives a column called `a.b`.
        return [...(arrow.getChildAt(arrow.schema.names.indexOf(name))?.data ?? [])];
      });
    } finally {
      release(table);
    }
  });
}

function emptyVector(type: DataType): Vector {
  return new Vector([emptyData(type)]);
}

/** The columns that were asked for, in the file's order. */
function wantedOf({ names }: Schema, columns: readonly string[] | undefined): string[] {
  for (const name of columns ?? []) {
    if (!names.includes(name)) throw new RangeError(`no column ${name}; the file has ${names.join(', ')}`);
  }
  return names.map(String).filter((name) => columns === undefined || columns.includes(name));
}

async function* readBatches(
  file: ParquetFile,
  info: ParquetInfo,
  failures: unknown[],
  columns: readonly string[],
): AsyncGenerator<RecordBatch, void, undefined> {
  for (const [index, { rows }] of info.rowGroups.entries()) {
    if (rows === 0) continue;
    const group = await guarded(failures, `row group ${index}`, () =>
      withWasm(async () => {
        const table = await file.read({ columns: [...columns], rowGroups: [index], batchSize: BATCH_ROWS });
        try {
          return table.recordBatches().map((batch) => batch.intoIPCStream());
        } finally {
          release(table);
        }
      }),
    );
    // Asked for `a`, parquet-wasm also gives a column called `a.b`.
    for (const bytes of group) yield* tableFromIPC(bytes).select([...columns]).batches;
  }
}

async function readTable(
  schema: Schema,
  columns: readonly string[] | undefined,
  reader: (name: string) => Promise<Vector>,
): Promise<Table> {
  const wanted = wantedOf(schema, columns);
  const vectors: Record<string, Vector> = {};
  for (const name of wanted) vectors[name] = await reader(name);
  return new Table(schema.select(wanted), vectors as never);
}

function release(object: { free(): void }): void {
  try {
    object.free();
  } catch {
    // After a panic Rust still counts it as borrowed; its memory is lost with the operation that panicked.
  }
}

/** How {@link readParquet} and {@link streamParquet} read. */
export interface ReadOptions {
  /** The columns to read; the others are not decoded. Default: all. */
  readonly columns?: readonly string[] | undefined;
}

/**
 * Reads a Parquet file into an Arrow table, in the file's order of columns.
 *
 * @param input the bytes, a `Blob`, or a {@link ByteSource} of which only the needed ranges are read.
 * @throws ParquetError as {@link openParquet}: `too-large` above {@link MAX_FILE_BYTES} or {@link MAX_ROWS};
 *   RangeError for a column that is not there.
 * @example
 * ```ts
 * const prints = await readParquet(bytes, { columns: ['ts', 'token_id', 'price', 'size'] });
 * ```
 */
export async function readParquet(input: ParquetInput, { columns }: ReadOptions = {}): Promise<Table> {
  const file = await openParquet(input);
  try {
    return await file.read(columns);
  } finally {
    file.close();
  }
}

/**
 * Reads a Parquet file batch by batch, with not more than a row group in memory at a time.
 *
 * @throws what {@link readParquet} throws, from the first batch on.
 * @example
 * ```ts
 * for await (const batch of streamParquet(bytes, { columns: ['price'] })) console.log(batch.numRows);
 * ```
 */
export async function* streamParquet(
  input: ParquetInput,
  { columns }: ReadOptions = {},
): AsyncGenerator<RecordBatch, void, undefined> {
  const file = await openParquet(input);
  try {
    yield* file.batches(columns);
  } finally {
    file.close();
  }
}
