/** Writes rows in one of the many ways that Arrow and Parquet have for the same values. */
import { join } from 'node:path';
import {
  Data,
  type DataType,
  Dictionary,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  LargeUtf8,
  Null,
  TimeUnit,
  Utf8,
  Vector,
  vectorFromArray,
} from 'apache-arrow';
import { take } from '../../src/arrow/take.js';
import { isoText } from '../../src/ts/text.js';
import type { TsUnit } from '../../src/types.js';
import { decimals, raw64, stamps } from './columns.js';
import type { Random } from './random.js';
import { isNumberColumn, isTextColumn, otherColumns, type RealTable, type Row } from './real-rows.js';
import { type Columns, writeColumns } from './snapshot.js';

const UNITS = {
  ms: [TimeUnit.MILLISECOND, 1_000_000n],
  us: [TimeUnit.MICROSECOND, 1000n],
  ns: [TimeUnit.NANOSECOND, 1n],
} as const;
const INT_NANOS = { s: 1_000_000_000n, ms: 1_000_000n, us: 1000n, ns: 1n } as const;
const NO_TIMES = ['', 'soon', '2026-02-30', '2026-02-27T25:00:00Z', '20260227T09:20:00+99'];

type Times = readonly (bigint | null)[];

const floorDiv = (a: bigint, b: bigint) => (a - (((a % b) + b) % b)) / b;
const inUnit = (values: Times, nanos: bigint) =>
  values.map((value) => (value === null ? null : floorDiv(value, nanos)));

/** The same instant in one of the forms that ISO 8601 allows; at times something that is no time. */
function timeText(value: bigint, random: Random): string {
  if (random.chance(0.02)) return random.pick(NO_TIMES);
  const text = isoText(value, 'ns');
  return random.pick([
    text,
    text.slice(0, -1),
    text.replace('T', ' '),
    text.replace('Z', '+00:00'),
    ` ${text} `,
  ]);
}

/** Encoded times, and what they are called. */
function timeColumn(values: Times, tsUnit: TsUnit | null, random: Random): [string, Vector] {
  const kind = random.pick([
    'ms',
    'ms',
    'us',
    'ns',
    'naive',
    'text',
    'dictionary',
    tsUnit === null ? 'ms' : 'int',
  ]);
  switch (kind) {
    case 'naive':
      return [kind, stamps(inUnit(values, 1000n), TimeUnit.MICROSECOND)];
    case 'int':
      return [`int64 ${tsUnit}`, raw64(new Int64(), inUnit(values, INT_NANOS[tsUnit as TsUnit]))];
    case 'text':
    case 'dictionary': {
      const type = kind === 'text' ? new Utf8() : new Dictionary(new Utf8(), new Int32());
      const texts = values.map((value) => (value === null ? null : timeText(value, random)));
      return [kind, vectorFromArray(texts, type as Utf8)];
    }
    default: {
      const [unit, nanos] = UNITS[kind as keyof typeof UNITS];
      const zone = random.pick(['UTC', 'America/New_York', '+02:00']);
      return [`${kind} ${zone}`, stamps(inUnit(values, nanos), unit, zone)];
    }
  }
}

function textColumn(values: readonly (string | null)[], random: Random): [string, Vector] {
  const types: DataType[] = [
    new Utf8(),
    new Utf8(),
    new LargeUtf8(),
    new Dictionary(new Utf8(), new Int32()),
    new Dictionary(new LargeUtf8(), new Int16()),
  ];
  const type = random.pick(types);
  return [String(type), vectorFromArray(values as string[], type as Utf8) as Vector];
}

function numberColumn(values: readonly (number | null)[], random: Random): [string, Vector] {
  const whole = (value: number | null, limit: number) =>
    value === null || !(Math.abs(value) < limit) ? null : Math.round(value);
  switch (random.pick(['double', 'double', 'double', 'double', 'float', 'int', 'decimal'])) {
    case 'float':
      return ['float32', vectorFromArray(values as number[], new Float32()) as Vector];
    case 'int':
      return [
        'int32',
        vectorFromArray(values.map((value) => whole(value, 2 ** 31)) as number[], new Int32()) as Vector,
      ];
    case 'decimal': {
      const unscaled = values.map((value) => whole(value === null ? null : value * 1e6, 1e30));
      return [
        'decimal',
        decimals(
          unscaled.map((value) => (value === null ? null : BigInt(value))),
          6,
        ),
      ];
    }
    default:
      return ['float64', vectorFromArray(values as number[], new Float64()) as Vector];
  }
}

/** The columns of rows, in the order of the real table, and how each one is encoded. */
function encode(table: RealTable, rows: readonly Row[], tsUnit: TsUnit | null, random: Random) {
  const others = otherColumns(table, rows);
  const columns: Record<string, Vector> = {};
  const encodings: string[] = [];
  for (const name of Object.keys(table.columns)) {
    if (others[name] !== undefined) {
      columns[name] = others[name];
      continue;
    }
    const values = rows.map((row) => row[name as keyof Row] ?? null);
    const empty = values.every((value) => value === null) && random.chance(0.5);
    const [encoding, vector] = empty
      ? (['null', new Vector([new Data(new Null(), 0, rows.length, rows.length)])] as [string, Vector])
      : isTextColumn(name)
        ? textColumn(values as (string | null)[], random)
        : isNumberColumn(name)
          ? numberColumn(values as (number | null)[], random)
          : timeColumn(values as Times, tsUnit, random);
    columns[name] = vector;
    encodings.push(`${name}: ${encoding}`);
  }
  return { columns, encodings };
}

/**
 * Writes one table of a snapshot: as a file, or as a folder of parts whose dictionaries differ.
 *
 * @returns how it was written.
 */
export async function writeTable(
  directory: string,
  name: string,
  table: RealTable,
  rows: readonly Row[],
  tsUnit: TsUnit | null,
  random: Random,
): Promise<string> {
  const { columns, encodings } = encode(table, rows, tsUnit, random);
  const codec = random.pick(['zstd', 'snappy', 'none', 'gzip', 'brotli', 'lz4_raw'] as const);
  const parts = rows.length > 0 && random.chance(0.3) ? random.int(1, 5) : 0;
  if (parts === 0) await writeColumns(join(directory, `${name}.parquet`), columns, { codec });
  const folder = random.pick([name, `${name}.parquet`]);
  for (let part = 0; part < parts; part++) {
    const [from, to] = [part, part + 1].map((k) => Math.floor((k * rows.length) / parts)) as [number, number];
    const indices = Array.from({ length: to - from }, (_, i) => from + i);
    const slice: Columns = Object.fromEntries(
      Object.entries(columns).map(([column, vector]) => [column, take(vector, indices)]),
    );
    await writeColumns(join(directory, folder, `part-${part}.parquet`), slice, { codec });
  }
  return `${name} (${rows.length} rows, ${parts > 0 ? `${parts} parts` : 'a file'}, ${codec}): ${encodings.join(', ')}`;
}
