/**
 * Apache Arrow tables from and to Parquet, by parquet-wasm: for the TypeScript engine and for browsers. The only
 * place that imports parquet-wasm; its traps are dealt with here.
 */
export type { Codec } from './codec.js';
export { ParquetError, type ParquetErrorKind } from './errors.js';
export { MAX_FILE_BYTES, MAX_ROWS, MAX_TABLE_BYTES } from './limits.js';
export {
  openParquet,
  type ParquetInfo,
  type ParquetReader,
  type ReadOptions,
  type RowGroupInfo,
  readParquet,
  streamParquet,
} from './read.js';
export type { ByteSource, ParquetInput } from './source.js';
export { initParquet } from './wasm.js';
export { type WriteOptions, writeParquet } from './write.js';
