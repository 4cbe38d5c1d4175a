/** What callers give as a table: an Arrow table of any copy, or columns by name. */
import type { DataType, Vector } from 'apache-arrow';
import { PolyfeatError } from '../errors.js';
import { isNumeric } from '../kernels/numbers.js';
import { timeUnit } from '../kernels/times.js';
import { type ColumnView, rowsOf } from '../kernels/view.js';
import { isPromise, shown } from '../show.js';
import type { TsUnit } from '../types.js';
import { adoptVector, isKnownType } from './adopt.js';
import { type NumberArray, typedVector, type ValueArray, valuesVector } from './plain.js';
import {
  type ArrowTable,
  type ArrowTableLike,
  type ArrowVector,
  type ArrowVectorLike,
  isTable,
  isVector,
} from './shape.js';
import { typeText } from './type-text.js';
import { viewOf } from './view.js';

/** A column: an Arrow vector of any copy of apache-arrow, a typed array, or an array of values. */
export type ColumnInput = ArrowVectorLike | NumberArray | ValueArray;

/** A table: of any copy of apache-arrow, or columns of equal length by name. */
export type TableInput = ArrowTableLike | { readonly [name: string]: ColumnInput };

/** What a column is needed for. */
export type Role = 'time' | 'text' | 'number';

const EXPECTED: Readonly<Record<Role, string>> = {
  time: 'a timestamp, a date or ISO 8601 text',
  text: 'text (utf8, large_utf8, utf8_view, or a dictionary of those)',
  number: 'a number (any int, float or decimal)',
};

/** A table's columns, looked up and checked as they are asked for. */
export class Input {
  /** How messages name it. */
  readonly table: string;
  readonly names: readonly string[];
  readonly rows: number;
  readonly #vectors: ReadonlyMap<string, ArrowVector>;
  readonly #fields: ReadonlyMap<string, ArrowTable['schema']['fields'][number]>;
  readonly #schema: ArrowTable['schema'] | null;

  /**
   * @throws PolyfeatError `WRONG_TYPE` for what is no table or column, `WRONG_LENGTH` for columns that differ in it,
   *   `UNSUPPORTED` for two columns of one name.
   */
  constructor(table: string, given: TableInput) {
    this.table = table;
    this.#schema = isTable(given) ? given.schema : null;
    this.#fields = new Map(this.#schema?.fields.map((field) => [field.name, field]));
    this.#vectors = isTable(given) ? tableVectors(table, given) : plainVectors(table, given);
    this.names = [...this.#vectors.keys()];
    this.rows = isTable(given) ? given.numRows : ([...this.#vectors.values()][0]?.length ?? 0);
    for (const [name, { length }] of this.#vectors) {
      if (length === this.rows) continue;
      throw new PolyfeatError(
        'WRONG_LENGTH',
        `${table}: column ${name} has ${length} rows, but ${this.names[0]} has ${this.rows}; all columns of a table need the same`,
        { column: name },
      );
    }
  }

  /** Whether there is a column of that name. */
  has(name: string): boolean {
    return this.#vectors.has(name);
  }

  /** The metadata of the table, without what pandas wrote about columns that are now others. */
  get metadata(): ReadonlyMap<string, string> {
    const metadata = new Map(this.#schema?.metadata);
    metadata.delete('pandas');
    return metadata;
  }

  /** Whether a column may have nulls, and its metadata, as far as the table says. */
  field(name: string): {
    nullable?: boolean | undefined;
    metadata?: ReadonlyMap<string, string> | undefined;
  } {
    const field = this.#fields.get(name);
    return field === undefined ? {} : { nullable: field.nullable, metadata: field.metadata };
  }

  /** A column of the installed apache-arrow, its buffers shared. */
  vector(name: string): Vector {
    const vector = this.#vector(name);
    if (isKnownType(vector.type)) return adoptVector(vector);
    throw new PolyfeatError(
      'UNSUPPORTED',
      `${this.table}: column ${name} has a type that the installed apache-arrow does not know; update it, or leave the column out by columns`,
      { column: name },
    );
  }

  /**
   * A view of a column.
   *
   * @throws PolyfeatError `MISSING_COLUMN`; `WRONG_TYPE` when it cannot play its role.
   */
  view(name: string, role?: Role, tsUnit: TsUnit | null = null): ColumnView {
    const vector = this.#vector(name);
    const view = viewOf(name, vector, this.table);
    if (view === null || (role !== undefined && !plays(view, vector, role, tsUnit))) {
      this.#wrongType(name, vector, role, view);
    }
    if (rowsOf(view!) !== vector.length) {
      throw new PolyfeatError(
        'WRONG_LENGTH',
        `${this.table}: the chunks of column ${name} do not add up to its length`,
        {
          column: name,
        },
      );
    }
    return view!;
  }

  #vector(name: string): ArrowVector {
    const vector = this.#vectors.get(name);
    if (vector !== undefined) return vector;
    const has = this.names.length > 0 ? this.names.join(', ') : 'none';
    throw new PolyfeatError('MISSING_COLUMN', `${this.table} has no column ${name}; its columns are ${has}`, {
      column: name,
    });
  }

  #wrongType(name: string, vector: ArrowVector, role: Role | undefined, view: ColumnView | null): never {
    const expected = role === undefined ? 'text, a number, a boolean or a time' : EXPECTED[role];
    const integers = role === 'time' && view !== null && timeUnit(view, 's') !== null;
    const advice = integers ? '; say tsUnit if these integers are times since 1970' : '';
    const token = role === 'text' && view !== null && isNumeric(view) && name === 'token_id';
    const why = token ? ' (a number cannot hold a 77-digit token id)' : '';
    throw new PolyfeatError(
      'WRONG_TYPE',
      `${this.table}: column ${name} is ${typeText(vector.type as DataType)}; expected ${expected}${why}${advice}`,
      { column: name },
    );
  }
}

function plays(view: ColumnView, { type }: ArrowVector, role: Role, tsUnit: TsUnit | null): boolean {
  if (view.type === 'null') return true;
  // A dictionary without rows says by its type alone what it holds.
  const values =
    type.dictionary === undefined ? view : viewOf('', { type: type.dictionary, length: 0, data: [] });
  if (values === null) return false;
  if (role === 'time') return timeUnit(values, tsUnit) !== null;
  if (role === 'number') return isNumeric(values);
  return values.type === 'utf8' || values.type === 'large_utf8' || values.type === 'utf8_view';
}

function tableVectors(table: string, given: ArrowTable): Map<string, ArrowVector> {
  const vectors = new Map<string, ArrowVector>();
  given.schema.fields.forEach(({ name, type }, i) => {
    if (vectors.has(name)) {
      throw new PolyfeatError('UNSUPPORTED', `${table}: two columns are called ${name}; rename one of them`, {
        column: name,
      });
    }
    // A table without batches has no chunks to ask for.
    const vector = given.numRows > 0 ? given.getChildAt(i) : null;
    vectors.set(name, vector ?? { type, length: 0, data: [] });
  });
  return vectors;
}

function plainVectors(table: string, given: object): Map<string, ArrowVector> {
  if (
    typeof given !== 'object' ||
    given === null ||
    Array.isArray(given) ||
    isVector(given) ||
    isPromise(given) ||
    Symbol.iterator in given
  ) {
    throw new PolyfeatError(
      'WRONG_TYPE',
      `${table} is ${shown(given)}, and no table: give an Arrow table, or columns by name`,
    );
  }
  const vectors = new Map<string, ArrowVector>();
  for (const [name, column] of Object.entries(given) as [string, unknown][]) {
    const where = `${table}: column ${name}`;
    const vector = isVector(column)
      ? column
      : Array.isArray(column)
        ? valuesVector(column, where)
        : typedVector(column);
    if (vector === null) {
      throw new PolyfeatError(
        'WRONG_TYPE',
        `${where} is ${shown(column)}, and no column: give an Arrow vector, a typed array or an array of values`,
        { column: name },
      );
    }
    vectors.set(name, vector as ArrowVector);
  }
  return vectors;
}
