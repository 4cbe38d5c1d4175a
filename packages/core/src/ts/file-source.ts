import { type FileHandle, open } from 'node:fs/promises';
import type { ByteSource } from '@polyfeat/parquet';

/** An open file to read ranges from. */
export interface FileSource extends ByteSource {
  close(): Promise<void>;
}

/** Opens a file; throws the file system's own errors. */
export async function openFileSource(path: string): Promise<FileSource> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    return { size, read: (start, end) => readRange(handle, start, end), close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function readRange(handle: FileHandle, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, start + done);
    if (bytesRead === 0) throw new Error(`it ends at byte ${start + done}: it changed while it was read`);
    done += bytesRead;
  }
  return bytes;
}
