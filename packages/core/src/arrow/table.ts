/** Tables of the installed apache-arrow from columns, whose buffers they share. */
import { Data, type DataType, Field, RecordBatch, Schema, Struct, Table, type Vector } from 'apache-arrow';
import { withOwnDictionaries } from './dictionary-ids.js';

/** A column of a table to be made. */
export interface NamedVector {
  readonly name: string;
  readonly vector: Vector;
  readonly nullable?: boolean | undefined;
  readonly metadata?: ReadonlyMap<string, string> | undefined;
}

/**
 * Puts columns of `rows` rows side by side. Where they are chunked differently, batches end wherever a chunk of any
 * column does: chunks are sliced, never copied or joined.
 */
export function tableOf(
  given: readonly NamedVector[],
  rows: number,
  metadata: ReadonlyMap<string, string> = new Map(),
): Table {
  const columns = withOwnDictionaries(given);
  const fields = columns.map(
    ({ name, vector, nullable = true, metadata: own }) =>
      new Field(name, vector.type as DataType, nullable || vector.nullCount > 0, new Map(own)),
  );
  const schema = new Schema(fields, new Map(metadata));
  const type = new Struct(fields);
  const cursors = columns.map(({ vector }) => new Cursor(vector));
  const batches: RecordBatch[] = [];
  for (let at = 0; at < rows; ) {
    const length = Math.min(rows - at, ...cursors.map((cursor) => cursor.left()));
    const children = cursors.map((cursor) => cursor.take(length));
    batches.push(new RecordBatch(schema, new Data(type, 0, length, 0, undefined, children)));
    at += length;
  }
  return new Table(schema, batches);
}

/** Where in a column's chunks the next batch begins. */
class Cursor {
  readonly #chunks: readonly Data<DataType>[];
  #chunk = 0;
  #row = 0;

  constructor(vector: Vector) {
    this.#chunks = vector.data.filter(({ length }) => length > 0) as Data<DataType>[];
  }

  /** Rows left in the chunk. */
  left(): number {
    return this.#chunks[this.#chunk]!.length - this.#row;
  }

  /** The next rows, at most as many as are left. */
  take(length: number): Data<DataType> {
    const data = this.#chunks[this.#chunk]!;
    const whole = this.#row === 0 && length === data.length;
    const slice = whole ? data : data.slice(this.#row, length);
    this.#row += length;
    if (this.#row === data.length) {
      this.#chunk++;
      this.#row = 0;
    }
    return slice;
  }
}
