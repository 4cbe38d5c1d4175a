/** The output table: input columns in the new row order, then the features. */
import { Table as ArrowTable, Data, Field, RecordBatch, Schema, Struct, type Vector } from 'apache-arrow';
import { storedVector } from '../arrow/made.js';
import { take } from '../arrow/take.js';
import type { MadeColumn } from '../kernels/made.js';
import { PREFIX } from '../provenance.js';
import type { OutColumn } from './columns.js';
import type { Job } from './job.js';
import type { Table } from './table.js';
import { storable } from './vectors.js';

/** What the output is made of. */
export interface Output {
  readonly trades: Table;
  /** The times of the trades and the features, in the order of the output. */
  readonly made: readonly MadeColumn[];
  /** Row numbers of the trades, in the order of the output. */
  readonly order: ArrayLike<number>;
}

/** Makes the columns one by one; input columns are read only now. */
export async function assemble(job: Job, columns: readonly OutColumn[], output: Output): Promise<ArrowTable> {
  const fields: Field[] = [];
  const vectors: Vector[] = [];
  for (const { name, made, from, metadata } of columns) {
    const column = made || from === 'ts' ? output.made.find((one) => one.name === from) : undefined;
    const vector =
      column === undefined ? await passed(output, from) : storedVector(column, output.order.length);
    const source = made ? undefined : output.trades.field(from);
    const nullable = source?.nullable !== false || vector.nullCount > 0;
    fields.push(new Field(name, vector.type, nullable, new Map([...(source?.metadata ?? []), ...metadata])));
    vectors.push(vector);
    await job.step(vectors.length);
  }
  const schema = new Schema(fields, sourceMetadata(output.trades));
  const children = vectors.map((vector) => vector.data[0] as Data);
  const data = new Data(new Struct(fields), 0, output.order.length, 0, undefined, children);
  return new ArrowTable(schema, output.order.length > 0 ? [new RecordBatch(schema, data)] : []);
}

/** The metadata of the trades file, without what was written about columns that are now others. */
export function sourceMetadata(trades: Table): Map<string, string> {
  const metadata = new Map(trades.parts[0]?.reader.info.schema.metadata);
  for (const key of metadata.keys()) {
    if (key === 'pandas' || key === 'ARROW:schema' || key.startsWith(PREFIX)) metadata.delete(key);
  }
  return metadata;
}

async function passed({ trades, order }: Output, name: string): Promise<Vector> {
  return storable(take(await trades.readColumn(name), order), { file: trades.path, column: name });
}
