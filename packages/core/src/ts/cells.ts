/** The cells of a column, ready to be compared with those of another column. */

import { NANOS } from '@polyfeat/reference';
import { type DataType, Type, type Vector } from 'apache-arrow';
import { locate } from '../arrow/take.js';
import { withoutDictionary } from '../arrow/take-dictionary.js';
import { isText, valueType } from '../arrow/type-text.js';
import { I64_MIN, type Place, readNumbers, readTimes } from './coerce.js';
import { isoText, textOf } from './text.js';

/** What values mean: doubles; ints and decimals, exactly; instants; anything else by its text. */
export type Kind = 'float' | 'exact' | 'time' | 'text' | 'bool' | 'other' | 'null';

/** A column of one kind: equal values are `===`. */
export interface Cells {
  /** A double; or what stands for the exact value; null for null and NaN. */
  value(row: number): number | bigint | string | null;
  /** For people. */
  text(row: number): string | null;
}

/** The kind of a type. */
export function kindOf(type: DataType): Kind {
  const plain = valueType(type);
  if (isText(plain)) return 'text';
  switch (plain.typeId) {
    case Type.Float:
      return 'float';
    case Type.Int:
    case Type.Decimal:
      return 'exact';
    case Type.Timestamp:
    case Type.Date:
      return 'time';
    case Type.Bool:
      return 'bool';
    case Type.Null:
      return 'null';
    default:
      return 'other';
  }
}

/** Reads a column as cells of `kind`, which is its own or, for numbers, `float`. */
export function readCells(vector: Vector, kind: Kind, place: Place): Cells {
  if (kind === 'float') {
    const values = readNumbers(vector);
    return { value: (row) => values[row] ?? null, text: (row) => textOrNull(values[row]) };
  }
  if (kind === 'time') {
    const { unit, values } = readTimes(vector, null, place);
    const nanos = values.map((value) => (value === null || value === I64_MIN ? null : value * NANOS[unit]));
    const text = (row: number) => (values[row] == null ? null : isoText(values[row] as bigint, unit));
    return { value: (row) => nanos[row] ?? null, text };
  }
  const { data } = withoutDictionary(vector);
  const rows = Array.from({ length: vector.length }, (_, row) => row);
  const places = locate(data, rows);
  const text = (row: number) => {
    const chunk = data[places.chunk[row] as number];
    return chunk === undefined ? null : textOf(chunk, places.row[row] as number);
  };
  return { value: text, text };
}

function textOrNull(value: number | null | undefined): string | null {
  return value == null ? null : String(value);
}
