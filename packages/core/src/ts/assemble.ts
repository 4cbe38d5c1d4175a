/** The output table: input columns in the new row order, then the features. */
import { type FeatureRow, type Features, NANOS, type TapeFeatures } from '@polyfeat/reference';
import { Table as ArrowTable, Data, Field, RecordBatch, Schema, Struct, type Vector } from 'apache-arrow';
import type { TsUnit } from '../types.js';
import type { Feature, OutColumn } from './columns.js';
import type { Job } from './job.js';
import type { TableTimes } from './rows.js';
import { type Table, utf8Vector } from './table.js';
import { take } from './take.js';
import { booleans, doubles, storable, timestamps } from './vectors.js';

/** What the output is made of. */
export interface Output {
  readonly trades: Table;
  readonly times: TableTimes;
  readonly features: Features;
  /** Row numbers of the trades, in the order of the output. */
  readonly order: readonly number[];
  /** The stored unit of the tape's times. */
  readonly tapeUnit: TsUnit;
}

/** Makes the columns one by one; input columns are read only now. */
export async function assemble(job: Job, columns: readonly OutColumn[], output: Output): Promise<ArrowTable> {
  const fields: Field[] = [];
  const vectors: Vector[] = [];
  for (const { name, feature } of columns) {
    const vector = feature === null ? await passed(output, name) : made(output, feature);
    const source = feature === null ? output.trades.field(name) : undefined;
    fields.push(
      new Field(name, vector.type, source?.nullable !== false || vector.nullCount > 0, source?.metadata),
    );
    vectors.push(vector);
    await job.step(vectors.length);
  }
  const schema = new Schema(fields, sourceMetadata(output.trades));
  const children = vectors.map((vector) => vector.data[0] as Data);
  const data = new Data(new Struct(fields), 0, output.order.length, 0, undefined, children);
  return new ArrowTable(schema, output.order.length > 0 ? [new RecordBatch(schema, data)] : []);
}

/** The metadata of the trades file, without what pandas wrote about columns that are now others. */
export function sourceMetadata(trades: Table): Map<string, string> {
  const metadata = new Map(trades.parts[0]?.reader.info.schema.metadata);
  metadata.delete('pandas');
  metadata.delete('ARROW:schema');
  return metadata;
}

async function passed({ trades, times, order }: Output, name: string): Promise<Vector> {
  if (name === 'ts')
    return timestamps(
      times.unit,
      order.map((row) => times.values[row] ?? null),
    );
  return storable(take(await trades.readColumn(name), order), { file: trades.path, column: name });
}

function made({ features, order, times, tapeUnit }: Output, feature: Feature): Vector {
  const rows = order.map((row) => features.rows[row] as FeatureRow);
  const tape = <T>(value: (tape: TapeFeatures) => T | null) =>
    rows.map((row) => (row.tape === null ? null : value(row.tape)));
  const inUnit = (nanos: bigint | null, unit: TsUnit) => (nanos === null ? null : nanos / NANOS[unit]);
  switch (feature.kind) {
    case 'last_price':
      return doubles(tape(({ lastPrice }) => lastPrice));
    case 'last_ts':
      return timestamps(
        tapeUnit,
        tape(({ lastTs }) => inUnit(lastTs, tapeUnit)),
      );
    case 'last_age_ms':
      return doubles(tape(({ lastAgeMs }) => lastAgeMs));
    case 'return':
      return doubles(tape(({ returns }) => returns[feature.index] ?? null));
    case 'trades':
    case 'volume':
    case 'notional':
      return doubles(tape(({ flows }) => flows[feature.index]?.[feature.kind] ?? null));
    case 'bucket':
      return timestamps(
        times.unit,
        rows.map((row) => inUnit(row.bucket, times.unit)),
      );
    case 'flag':
      return booleans(rows.map((row) => row.completeSetFlag));
    case 'shares':
      return doubles(rows.map((row) => row.completeSetShares));
    case 'regime':
      return utf8Vector(rows.map((row) => row.regime));
  }
}
