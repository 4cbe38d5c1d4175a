import { readdirSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileMetaData, parquetMetadataAsync } from 'hyparquet';

/**
 * The footer of a Parquet file.
 *
 * @throws what reading or parsing it throws.
 */
export async function footerOf(path: string): Promise<FileMetaData> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    return await parquetMetadataAsync({
      byteLength: size,
      slice: async (start, end = size) => {
        const bytes = new Uint8Array(end - start);
        await file.read(bytes, 0, bytes.length, start);
        return bytes.buffer;
      },
    });
  } finally {
    await file.close();
  }
}

/** The codecs of a file's columns, such as `ZSTD`, each once; null when it is no Parquet file. */
export async function codecOf(path: string): Promise<string | null> {
  try {
    return codecsIn(await footerOf(path));
  } catch {
    return null;
  }
}

/** The codecs that a footer names, each once. */
export function codecsIn(footer: FileMetaData): string {
  const codecs = footer.row_groups.flatMap(({ columns }) =>
    columns.map(({ meta_data }) => meta_data?.codec ?? 'UNCOMPRESSED'),
  );
  return [...new Set(codecs)].sort().join(', ');
}

/** The Parquet files of a snapshot, parts included. */
export function parquetFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.parquet'))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort();
}
