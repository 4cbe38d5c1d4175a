import { PolyfeatError } from '../errors.js';

/** The table and column that an error is about. */
export interface Place {
  /** How messages name the table: a file, or what the caller calls it. */
  readonly table: string;
  readonly column: string;
  /** The file, when the table is one. */
  readonly file?: string | undefined;
}

/** The beginning of a message about a column. */
export function placeText({ table, column }: Place): string {
  return `${table}: column ${column}`;
}

/** Throws `OVERFLOW`. `row` counts from 0. */
export function overflow(what: string, place: Place, row: number): never {
  throw new PolyfeatError(
    'OVERFLOW',
    `${placeText(place)}, row ${row}: ${what}; check the unit of the times`,
    { ...place, row },
  );
}
