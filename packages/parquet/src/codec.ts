import { Compression } from 'parquet-wasm/esm';

/** The compression of a column. */
export type Codec = 'none' | 'snappy' | 'gzip' | 'brotli' | 'lz4' | 'zstd' | 'lz4_raw' | 'lzo';

const CODECS: readonly (readonly [Codec, Compression])[] = [
  ['none', Compression.UNCOMPRESSED],
  ['snappy', Compression.SNAPPY],
  ['gzip', Compression.GZIP],
  ['brotli', Compression.BROTLI],
  ['lz4', Compression.LZ4],
  ['zstd', Compression.ZSTD],
  ['lz4_raw', Compression.LZ4_RAW],
  ['lzo', Compression.LZO],
];

/** The codec of a footer entry. */
export function codecOf(compression: Compression): Codec {
  return CODECS.find(([, code]) => code === compression)?.[0] ?? 'none';
}

/** What to ask the writer for. The old framing of LZ4 is deprecated, and LZO is written by nobody. */
export function compressionOf(codec: Codec): Compression {
  if (codec === 'lz4') return Compression.LZ4_RAW;
  if (codec === 'lzo') return Compression.ZSTD;
  return CODECS.find(([name]) => name === codec)?.[1] ?? Compression.UNCOMPRESSED;
}
