/** The output table as Parquet bytes. */
import { type Codec, writeParquet } from '@polyfeat/parquet';
import type { Table as ArrowTable } from 'apache-arrow';
import type { Compression } from '../types.js';
import { sourceMetadata } from './assemble.js';
import { readingError } from './io-errors.js';
import type { Table } from './table.js';

/**
 * Encodes the output.
 *
 * @param trades the source, whose codec (with `source`) and metadata the output takes over.
 * @param provenance further entries of the footer.
 * @throws PolyfeatError `TOO_LARGE` above what WebAssembly takes, `UNSUPPORTED` for a type that Parquet lacks.
 */
export async function encode(
  table: ArrowTable,
  trades: Table,
  compression: Compression,
  provenance: ReadonlyMap<string, string>,
  out: string,
): Promise<Uint8Array> {
  const codec = compression === 'source' ? sourceCodec(trades) : compression;
  try {
    return await writeParquet(table, {
      codec,
      metadata: new Map([...sourceMetadata(trades), ...provenance]),
      createdBy: 'polyfeat-fast (TypeScript engine)',
    });
  } catch (error) {
    throw readingError(out, error);
  }
}

/** The codec of the trades' first column; zstd for a file without row groups, which has none. */
function sourceCodec(trades: Table): Codec {
  for (const { reader } of trades.parts) for (const codec of reader.info.codecs.values()) return codec;
  return 'zstd';
}
