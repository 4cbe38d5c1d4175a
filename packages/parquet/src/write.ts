import { type DataType, type Table, Type, tableToIPC } from 'apache-arrow';
import { type Codec, compressionOf } from './codec.js';
import { ParquetError } from './errors.js';
import { MAX_ROWS, MAX_TABLE_BYTES, requireAtMost } from './limits.js';
import { withWasm } from './wasm.js';

/** How a file is written. */
export interface WriteOptions {
  /** Codec of every column. Default `zstd`. */
  readonly codec?: Codec;
  /** Key-value metadata of the footer, beside the Arrow schema (whose own metadata travels in the schema). */
  readonly metadata?: ReadonlyMap<string, string>;
  /** Who wrote it, for the footer. */
  readonly createdBy?: string;
}

/**
 * Writes an Arrow table as a Parquet file.
 *
 * View types become plain ones. `timestamp[s]`, `time32[s]` and `date64` have no Parquet type and would become bare
 * integers: convert them first. Every dictionary type in the table needs an id of its own.
 *
 * @returns the bytes of the file.
 * @throws ParquetError `too-large` above {@link MAX_ROWS} rows or {@link MAX_TABLE_BYTES} bytes of Arrow data;
 *   `unsupported` for a type that Parquet does not know, such as a union.
 * @example
 * ```ts
 * const bytes = await writeParquet(table, { codec: 'zstd' });
 * ```
 */
export async function writeParquet(table: Table, options: WriteOptions = {}): Promise<Uint8Array> {
  for (const { name, type } of table.schema.fields) {
    // parquet-wasm panics at them.
    if (holdsUnion(type))
      throw new ParquetError('unsupported', `column ${String(name)} is ${type}: Parquet has no unions`);
  }
  requireAtMost(MAX_ROWS, table.numRows, 'the table', 'rows');
  // apache-arrow's byteLength fails on the lists of a batch without rows.
  const bytes = table.batches.reduce(
    (sum, batch) => sum + (batch.numRows > 0 ? batch.data.byteLength : 0),
    0,
  );
  requireAtMost(MAX_TABLE_BYTES, bytes, 'the table', 'bytes of data');
  const ipc = tableToIPC(table, 'stream');
  try {
    return await withWasm((wasm) => {
      let builder = new wasm.WriterPropertiesBuilder().setCompression(compressionOf(options.codec ?? 'zstd'));
      if (options.metadata !== undefined && options.metadata.size > 0) {
        builder = builder.setKeyValueMetadata(new Map(options.metadata));
      }
      if (options.createdBy !== undefined) builder = builder.setCreatedBy(options.createdBy);
      return wasm.writeParquet(wasm.Table.fromIPCStream(ipc), builder.build());
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    // Rust panics when the memory cannot grow; for a type that it does not know it returns an error.
    if (error instanceof WebAssembly.RuntimeError) {
      throw new ParquetError('too-large', 'the table does not fit into the memory of WebAssembly', error);
    }
    throw new ParquetError('unsupported', `the table cannot be written as Parquet: ${why}`, error);
  }
}

function holdsUnion(type: DataType): boolean {
  return type.typeId === Type.Union || (type.children ?? []).some((field) => holdsUnion(field.type));
}
