/** Result tables: the input's columns, passed on, and those that were made. */
import type { Table } from 'apache-arrow';
import type { Input } from '../arrow/input.js';
import { madeVector } from '../arrow/made.js';
import { type NamedVector, tableOf } from '../arrow/table.js';
import { take } from '../arrow/take.js';
import { IDENTITY } from '../columns.js';
import { PolyfeatError } from '../errors.js';
import type { MadeColumn } from '../kernels/made.js';
import { isNames } from '../options.js';
import { shown } from '../show.js';
import type { ColumnChoice } from '../types.js';

/** Which input columns a choice keeps; checked against the table. */
export function keeperOf(what: string, input: Input, choice: ColumnChoice): (name: string) => boolean {
  if (choice === 'all') return () => true;
  if (choice === 'features') return (name) => IDENTITY.includes(name);
  if (!isNames(choice)) {
    throw new PolyfeatError(
      'INVALID_OPTION',
      `${what}: columns is ${shown(choice)}, and must be all, features or a list of column names`,
    );
  }
  const names: readonly string[] = choice;
  const missing = names.find((name) => !input.has(name));
  if (missing === undefined) return (name) => names.includes(name);
  throw new PolyfeatError(
    'MISSING_COLUMN',
    `${input.table} has no column ${missing} to pass on; its columns are ${input.names.join(', ')}`,
    { column: missing },
  );
}

/** How a table is put together. */
export interface OutputOptions {
  /** The input's row number of each row; null (default): rows stay where they are, and nothing is copied. */
  readonly order?: Uint32Array | null;
  /** Metadata of made fields, by name. */
  readonly metadata?: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/**
 * A table of the input's columns that `keeps`, and of the made ones: in the place of an input column of that name,
 * else behind them.
 *
 */
export function outputTable(
  input: Input,
  keeps: (name: string) => boolean,
  made: readonly (MadeColumn | NamedVector)[],
  { order = null, metadata = new Map() }: OutputOptions = {},
): Table {
  const vectors = made.map(
    (column): NamedVector =>
      'vector' in column
        ? column
        : {
            name: column.name,
            vector: madeVector(column, input.rows),
            metadata: metadata.get(column.name),
          },
  );
  const columns: NamedVector[] = [];
  for (const name of input.names) {
    const replaced = vectors.find((column) => column.name === name);
    if (replaced !== undefined) columns.push(replaced);
    else if (keeps(name)) {
      const vector = input.vector(name);
      columns.push({ name, vector: order === null ? vector : take(vector, order), ...input.field(name) });
    }
  }
  columns.push(...vectors.filter(({ name }) => !input.has(name)));
  return tableOf(columns, input.rows, input.metadata);
}
