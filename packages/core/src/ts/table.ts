/** A table of a snapshot: one Parquet file, or a folder of parts that are read in byte order of their names. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openParquet, type ParquetReader } from '@polyfeat/parquet';
import { type DataType, type Field, makeData, type Timestamp, Type, Utf8, Vector } from 'apache-arrow';
import { withoutDictionary } from '../arrow/take-dictionary.js';
import { isText, typeText, valueType } from '../arrow/type-text.js';
import { PolyfeatError } from '../errors.js';
import type { TableName } from '../types.js';
import { readTexts } from './coerce.js';
import { type FileSource, openFileSource } from './file-source.js';
import { readingError } from './io-errors.js';

/** One file of a table, with its footer read. */
interface Part {
  readonly path: string;
  readonly reader: ParquetReader;
  readonly source: FileSource;
}

/** The most rows of a table: each row becomes an object of the definition. */
const MAX_TABLE_ROWS = 5_000_000;

/** An open table: footers are read, columns are read when they are asked for. */
export class Table {
  /** What errors name: the file, or the folder of parts. */
  readonly path: string;
  readonly parts: readonly Part[];
  readonly rows: number;
  /** The fields of the first part. */
  readonly fields: readonly Field[];

  private constructor(path: string, parts: readonly Part[]) {
    this.path = path;
    this.parts = parts;
    this.rows = parts.reduce((sum, part) => sum + part.reader.info.rows, 0);
    this.fields = (parts[0] as Part).reader.info.schema.fields;
  }

  /**
   * Opens the files of a table.
   *
   * @throws PolyfeatError `NOT_PARQUET`, `CORRUPT`, `TOO_LARGE`, `IO`; `PARTS_DIFFER` naming part and column.
   */
  static async open(path: string, files: readonly string[]): Promise<Table> {
    const parts: Part[] = [];
    try {
      for (const file of files) parts.push(await openPart(file));
      const table = new Table(path, parts);
      for (const part of parts.slice(1)) requireSameSchema(parts[0] as Part, part);
      requireDistinctNames(table);
      if (table.rows > MAX_TABLE_ROWS) {
        const message = `${path}: ${table.rows} rows, and the TypeScript engine takes ${MAX_TABLE_ROWS}; use the native engine (--engine native)`;
        throw new PolyfeatError('TOO_LARGE', message, { file: path });
      }
      return table;
    } catch (error) {
      await closeParts(parts);
      throw error;
    }
  }

  /** The field of a column, if it is there. */
  field(name: string): Field | undefined {
    return this.fields.find((field) => field.name === name);
  }

  /** [rows, columns]. */
  get shape(): [number, number] {
    return [this.rows, this.fields.length];
  }

  /** Reads one column of all parts. */
  async readColumn(name: string): Promise<Vector> {
    const vectors: Vector[] = [];
    for (const { path, reader } of this.parts) {
      try {
        vectors.push(await reader.readColumn(name));
      } catch (error) {
        throw readingError(path, error);
      }
    }
    return joined(vectors);
  }

  close(): Promise<void> {
    return closeParts(this.parts);
  }
}

async function openPart(path: string): Promise<Part> {
  let source: FileSource | undefined;
  try {
    source = await openFileSource(path);
    return { path, source, reader: await openParquet(source) };
  } catch (error) {
    await source?.close();
    throw readingError(path, error);
  }
}

async function closeParts(parts: readonly Part[]): Promise<void> {
  for (const { reader, source } of parts) {
    reader.close();
    await source.close();
  }
}

/**
 * The files of a table in a snapshot: `NAME.parquet`; or the regular files of the folder `NAME.parquet/`; or
 * `NAME/*.parquet`. Names that begin with `.` or `_` (`_SUCCESS`) are no parts.
 *
 * @returns null when there are none.
 */
export async function findTable(
  snapshot: string,
  name: TableName,
): Promise<{ path: string; files: string[] } | null> {
  const single = join(snapshot, `${name}.parquet`);
  const kind = await kindOf(single);
  if (kind === 'file') return { path: single, files: [single] };
  const folder = kind === 'directory' ? single : join(snapshot, name);
  if (kind === null && (await kindOf(folder)) !== 'directory') return null;
  const files = await partFiles(folder, kind === null ? '.parquet' : '');
  return files.length > 0 ? { path: folder, files } : null;
}

/** Whether a path is a file or a directory; null: nothing is there. */
export async function kindOf(path: string): Promise<'file' | 'directory' | null> {
  try {
    return (await stat(path)).isDirectory() ? 'directory' : 'file';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw readingError(path, error);
  }
}

/**
 * Opens a file, or a folder of parts, as a table.
 *
 * @throws PolyfeatError `NOT_FOUND`, and what {@link Table.open} throws.
 */
export async function openFile(path: string): Promise<Table> {
  const files = (await kindOf(path)) === 'directory' ? await partFiles(path, '') : [path];
  if (files.length > 0) return Table.open(path, files);
  throw new PolyfeatError('NOT_FOUND', `${path} is a folder without files: name a Parquet file`, {
    file: path,
  });
}

async function partFiles(folder: string, suffix: string): Promise<string[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    throw readingError(folder, error);
  }
  names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const files: string[] = [];
  for (const name of names) {
    if (name.startsWith('.') || name.startsWith('_') || !name.endsWith(suffix)) continue;
    const path = join(folder, name);
    if ((await kindOf(path)) === 'file') files.push(path);
  }
  return files;
}

/** What Parquet itself stores of a type: not whether it is read as a dictionary, nor the name of a time zone. */
function storedType(type: DataType): string {
  const plain = valueType(type);
  if (isText(plain)) return 'string';
  if (plain.typeId === Type.Timestamp)
    return `${typeText(plain).split(',')[0]} ${(plain as Timestamp).timezone != null}`;
  return typeText(plain);
}

function requireSameSchema(first: Part, part: Part): void {
  const [a, b] = [first.reader.info.schema.fields, part.reader.info.schema.fields];
  const lacking = (of: readonly Field[], other: readonly Field[]) =>
    of.find(({ name }) => !other.some((field) => field.name === name))?.name;
  const missing = lacking(a, b);
  if (missing !== undefined) differ(part, missing, 'is missing, but is in', first);
  const extra = lacking(b, a);
  if (extra !== undefined) differ(part, extra, 'is not in', first);
  for (const [i, x] of a.entries()) {
    const y = b[i];
    if (y === undefined) differ(part, x.name, 'stands twice in', first);
    if (x.name !== y.name) differ(part, y.name, `stands where ${x.name} stands in`, first);
    const same = storedType(x.type) === storedType(y.type) && x.nullable === y.nullable;
    if (!same) differ(part, y.name, `is ${described(y)}, but ${described(x)} in`, first);
  }
}

function described({ type, nullable }: Field): string {
  return `${typeText(type)}${nullable ? '' : ' not null'}`;
}

function differ(part: Part, column: string, how: string, first: Part): never {
  const message = `${part.path}: column ${column} ${how} ${first.path}; all parts of a table need the same columns and types`;
  throw new PolyfeatError('PARTS_DIFFER', message, { file: part.path, column });
}

function requireDistinctNames({ path, fields }: Table): void {
  const seen = new Set<string>();
  for (const { name } of fields) {
    if (seen.has(name)) {
      const message = `${path}: two columns are called ${name}; rename one of them`;
      throw new PolyfeatError('UNSUPPORTED', message, { file: path, column: name });
    }
    seen.add(name);
  }
}

/** The chunks of all parts as one vector; where only some are dictionaries or large, all become plain. */
function joined(vectors: readonly Vector[]): Vector {
  const first = vectors[0] as Vector;
  const filled = vectors.filter((vector) => vector.length > 0);
  if (filled.length <= 1) return filled[0] ?? first;
  const alike = filled.every((vector) => typeText(vector.type) === typeText(first.type));
  const zonesOnly = first.type.typeId === Type.Timestamp;
  if (alike || zonesOnly) return new Vector(filled.flatMap((vector) => vector.data));
  const plain = filled.map((vector) => (isText(vector.type) ? asUtf8(vector) : withoutDictionary(vector)));
  return new Vector(plain.flatMap((vector) => vector.data));
}

function asUtf8(vector: Vector): Vector {
  return utf8Vector(readTexts(vector));
}

/** A utf8 column of one chunk. */
export function utf8Vector(texts: readonly (string | null)[]): Vector<Utf8> {
  const encoded = texts.map((text) => (text === null ? null : Buffer.from(text, 'utf8')));
  const valueOffsets = new Int32Array(texts.length + 1);
  const nullBitmap = new Uint8Array((texts.length + 7) >> 3);
  let nullCount = 0;
  encoded.forEach((bytes, i) => {
    valueOffsets[i + 1] = (valueOffsets[i] as number) + (bytes?.length ?? 0);
    if (bytes === null) nullCount++;
    else nullBitmap[i >> 3] = (nullBitmap[i >> 3] as number) | (1 << (i & 7));
  });
  const data = Buffer.concat(encoded.filter((bytes) => bytes !== null));
  const length = texts.length;
  return new Vector([makeData({ type: new Utf8(), length, nullCount, nullBitmap, valueOffsets, data })]);
}
