import { Float64, Int32, type RecordBatch, Table, Utf8, vectorFromArray } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { MAX_ROWS, openParquet, ParquetError, readParquet, streamParquet, writeParquet } from './index.js';

const ROWS = 100_000;
const table = new Table({
  a: vectorFromArray(
    Array.from({ length: ROWS }, (_, i) => i),
    new Int32(),
  ),
  'a.b': vectorFromArray(
    Array.from({ length: ROWS }, (_, i) => i / 2),
    new Float64(),
  ),
  text: vectorFromArray(
    Array.from({ length: ROWS }, (_, i) => `t${i % 7}`),
    new Utf8(),
  ),
});
const bytes = await writeParquet(table);

describe('readParquet', () => {
  it('reads all columns, or those that are named, in the order of the file', async () => {
    const all = await readParquet(bytes);
    expect([all.schema.names, all.numRows]).toEqual([['a', 'a.b', 'text'], ROWS]);
    const some = await readParquet(new Blob([bytes as Uint8Array<ArrayBuffer>]), { columns: ['text', 'a'] });
    expect(some.schema.names).toEqual(['a', 'text']);
    expect(some.getChild('a')?.get(ROWS - 1)).toBe(ROWS - 1);
  });

  it('refuses a column that is not there, and a file that is too large', async () => {
    await expect(readParquet(bytes, { columns: ['nope'] })).rejects.toThrow('no column nope');
    const size = 300_000_000;
    const magic = new TextEncoder().encode('PAR1');
    const large = { size, read: async () => magic };
    await expect(readParquet(large)).rejects.toSatisfy(
      (error) => error instanceof ParquetError && error.kind === 'too-large',
    );
    expect(MAX_ROWS).toBeLessThan(10_000_000);
  });
});

describe('streamParquet', () => {
  it('gives the rows in order, batch by batch, of the named columns alone', async () => {
    const batches: RecordBatch[] = [];
    for await (const batch of streamParquet(bytes, { columns: ['a'] })) batches.push(batch);
    expect(batches.length).toBeGreaterThan(1);
    expect(batches.map((batch) => batch.schema.names)).toEqual(batches.map(() => ['a']));
    const values = batches.flatMap((batch) => Array.from(batch.getChild('a') ?? []));
    expect(values).toEqual(Array.from({ length: ROWS }, (_, i) => i));
  });

  it('frees the file when the reader stops early, and reads it again', async () => {
    for await (const batch of streamParquet(bytes)) {
      expect(batch.numCols).toBe(3);
      break;
    }
    const file = await openParquet(bytes);
    let rows = 0;
    for await (const batch of file.batches()) rows += batch.numRows;
    file.close();
    expect(rows).toBe(ROWS);
  });

  it('fails where the file is damaged, and says where', async () => {
    const damaged = bytes.slice();
    damaged.fill(255, 100, 2000);
    const read = async () => {
      for await (const _ of streamParquet(damaged));
    };
    await expect(read()).rejects.toMatchObject({ name: 'ParquetError', kind: 'corrupt' });
  });
});
