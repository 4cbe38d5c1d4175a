import {
  Bool,
  DateDay,
  Decimal,
  Dictionary,
  Field,
  Float64,
  Int32,
  Int64,
  List,
  makeData,
  Schema,
  SparseUnion,
  Struct,
  Table,
  type Timestamp,
  TimestampMicrosecond,
  TimestampNanosecond,
  Type,
  tableFromIPC,
  tableToIPC,
  Utf8,
  Vector,
  vectorFromArray,
} from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { MAX_FILE_BYTES, openParquet, ParquetError, writeParquet } from './index.js';

/** A timestamp column from raw values: apache-arrow's builders take milliseconds as doubles. */
function stamps(values: readonly (bigint | null)[], type: Timestamp): Vector {
  const nullBitmap = new Uint8Array((values.length >> 3) + 1);
  values.forEach((value, i) => {
    if (value !== null) nullBitmap[i >> 3]! |= 1 << (i % 8);
  });
  const data = BigInt64Array.from(values, (value) => value ?? 0n);
  return new Vector([makeData({ type, data, nullBitmap, length: values.length })]);
}

function sample(rows = 5): Table {
  const pick = <T>(values: readonly T[]) =>
    Array.from({ length: rows }, (_, i) => values[i % values.length] as T);
  const pair = new Struct([new Field('x', new Int64(), true), new Field('y', new Utf8(), true)]);
  return new Table({
    a: vectorFromArray(pick([1, null, 3]), new Int32()),
    'a.b': vectorFromArray(pick([0.5, null]), new Float64()),
    text: vectorFromArray(pick(['x', null, 'é', '']), new Utf8()),
    dict: vectorFromArray(pick(['p', 'q', null, 'p']), new Dictionary(new Utf8(), new Int32())),
    flag: vectorFromArray(pick([true, null, false]), new Bool()),
    day: vectorFromArray(pick([new Date(0), null]), new DateDay()),
    us: stamps(pick([1n, null, -5n]), new TimestampMicrosecond('UTC')),
    ns: stamps(pick([2n ** 62n, null]), new TimestampNanosecond()),
    list: vectorFromArray(pick([[1, null], null, []]), new List(new Field('item', new Int32(), true))),
    pair: vectorFromArray(pick([{ x: 1n, y: 'b' }, null]), pair),
    dec: vectorFromArray(pick([new Uint32Array([5, 0, 0, 0]), null]), new Decimal(2, 10, 128)),
  } as unknown as Record<string, Vector>);
}

/** A column's values as text; timestamps raw, because reading them one by one gives doubles. */
function text(vector: Vector | null): string {
  const chunks = vector?.data.map((chunk) =>
    chunk.type.typeId === Type.Timestamp
      ? Array.from(chunk.values, (value, i) => (chunk.getValid(i) ? value : null))
      : new Vector([chunk]).toJSON(),
  );
  return JSON.stringify(chunks, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
}

const kind = async (input: Promise<unknown>) => {
  const error = await input.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ParquetError);
  return (error as ParquetError).kind;
};

describe('a round trip', () => {
  it('keeps types, values, nulls and metadata', async () => {
    const table = sample();
    const metadata = new Map([['origin', 'test']]);
    const withMetadata = new Table(new Schema(table.schema.fields, metadata), table.batches);
    const file = await openParquet(await writeParquet(withMetadata, { codec: 'snappy', metadata }));
    expect(file.info.rows).toBe(5);
    expect(file.info.codecs.get('a')).toBe('snappy');
    expect(file.info.schema.metadata.get('origin')).toBe('test');
    expect(file.info.schema.fields.map((f) => `${f.name}: ${f.type}`)).toEqual(
      table.schema.fields.map((f) => `${f.name}: ${f.type}`),
    );
    const back = await file.read();
    for (const { name } of table.schema.fields)
      expect(text(back.getChild(name))).toBe(text(table.getChild(name)));
    file.close();
  });

  it.each(['none', 'snappy', 'gzip', 'brotli', 'zstd', 'lz4_raw'] as const)('writes %s', async (codec) => {
    const file = await openParquet(await writeParquet(sample(), { codec }));
    expect(file.info.codecs.get('list.list.item') ?? file.info.codecs.get('a')).toBe(codec);
    expect((await file.readColumn('a')).toJSON()).toEqual([1, null, 3, 1, null]);
  });

  it('writes and reads a table without rows', async () => {
    const empty = tableFromIPC(tableToIPC(new Table(sample().schema), 'stream'));
    const file = await openParquet(await writeParquet(empty));
    expect(file.info.rows).toBe(0);
    for (const { name, type } of file.info.schema.fields) {
      const column = await file.readColumn(name);
      expect([column.length, String(column.type)]).toEqual([0, String(type)]);
    }
  });
});

describe('reading', () => {
  it('reads only the columns asked for, in the file order, however their names begin', async () => {
    const file = await openParquet(await writeParquet(sample()));
    expect((await file.read(['text', 'a'])).schema.names).toEqual(['a', 'text']);
    expect((await file.readColumn('a')).toJSON()).toEqual([1, null, 3, 1, null]);
    expect((await file.readColumn('a.b')).toJSON()).toEqual([0.5, null, 0.5, null, 0.5]);
    await expect(file.readColumn('zzz')).rejects.toThrow(RangeError);
  });

  it('touches little more of a source than the footer and the column', async () => {
    const bytes = await writeParquet(sample(50_000), { codec: 'none' });
    let read = 0;
    const source = {
      size: bytes.length,
      read: async (start: number, end: number) => {
        read += end - start;
        return bytes.subarray(start, end);
      },
    };
    const file = await openParquet(source);
    const column = await file.readColumn('flag');
    expect(column.length).toBe(50_000);
    expect(read).toBeLessThan(bytes.length / 2);
    expect((await (await openParquet(new Blob([bytes as BlobPart]))).readColumn('flag')).length).toBe(50_000);
  });

  it('passes a failure of the source on as it is', async () => {
    const bytes = await writeParquet(sample());
    const broken = new Error('disk on fire');
    let reads = 0;
    const source = {
      size: bytes.length,
      read: async (start: number, end: number) => {
        if (++reads > 2) throw broken;
        return bytes.subarray(start, end);
      },
    };
    await expect(openParquet(source)).rejects.toBe(broken);
  });
});

describe('what is no good Parquet', () => {
  it('is told apart', async () => {
    const bytes = await writeParquet(sample());
    expect(await kind(openParquet(new Uint8Array(0)))).toBe('empty');
    expect(await kind(openParquet(new TextEncoder().encode('ts,token_id,price\n')))).toBe('not-parquet');
    expect(await kind(openParquet(bytes.subarray(0, bytes.length - 10)))).toBe('corrupt');
    expect(await kind(openParquet(bytes.subarray(0, 6)))).toBe('corrupt');
    expect(await kind(openParquet(new TextEncoder().encode('PARE....PARE')))).toBe('unsupported');
    expect(await kind(openParquet(new TextEncoder().encode('PAR1aaaaaaaaaaaaPAR1')))).toBe('corrupt');
  });

  it('ends in an error also where the decoder panics, and the next read works', async () => {
    const good = await writeParquet(sample(2000));
    const outcomes = new Set<string>();
    for (let seed = 1; seed <= 60; seed++) {
      const bad = good.slice();
      for (let k = 0; k < 25; k++)
        bad[4 + ((seed * 7919 + k * 104729) % (good.length >> 1))]! ^= 1 << (seed % 8);
      try {
        const file = await openParquet(bad);
        await file.read();
        outcomes.add('read');
      } catch (error) {
        expect(error).toBeInstanceOf(ParquetError);
        outcomes.add((error as ParquetError).kind);
      }
    }
    expect(outcomes).toContain('corrupt');
    expect((await (await openParquet(good)).readColumn('a')).length).toBe(2000);
  });

  it('is refused when too large, before any of it is read', async () => {
    const bytes = await writeParquet(sample());
    const source = {
      size: MAX_FILE_BYTES + 1,
      read: async (start: number, end: number) => (start === 0 ? bytes.subarray(0, end) : bytes.subarray(-4)),
    };
    const refused = openParquet(source);
    expect(await kind(refused)).toBe('too-large');
    await expect(refused).rejects.toThrow('256,000,001 bytes, and at most 256,000,000');
  });
});

describe('writing', () => {
  it('says which type Parquet does not know', async () => {
    const union = new SparseUnion([0], [new Field('a', new Int32(), true)]);
    const child = vectorFromArray([1, 2], new Int32()).data[0];
    const data = makeData({
      type: union,
      length: 2,
      nullCount: 0,
      typeIds: new Int8Array(2),
      children: [child],
    } as never);
    const table = new Table({ u: new Vector([data as never]) });
    expect(await kind(writeParquet(table))).toBe('unsupported');
  });
});
