/** Integer columns of any width as 64-bit ones. */

import { PolyfeatError } from '../errors.js';
import { MAX_TIME, NULL_TIME } from './int64.js';
import { type Place, placeText } from './place.js';
import {
  type ChunkView,
  type ColumnView,
  type IntType,
  indicesOf,
  isValid,
  narrowInts,
  rowsOf,
  typed,
} from './view.js';

/**
 * Reads integers; the smallest 64-bit one is null.
 *
 * @throws PolyfeatError `OVERFLOW` for a value that is that number, or does not fit into 64 signed bits.
 */
export function readIntegers(column: ColumnView, place: Place): BigInt64Array<ArrayBuffer> {
  const values = new BigInt64Array(rowsOf(column)).fill(NULL_TIME);
  if (column.type === 'null') return values;
  let at = 0;
  for (const chunk of column.chunks) {
    if (column.type === 'dictionary') {
      const entries = readIntegers(chunk.dictionary!, place);
      const indices = indicesOf(chunk, column.indexType!);
      for (let row = 0; row < chunk.length; row++) {
        if (isValid(chunk, row)) values[at + row] = entries[indices[row]!] ?? NULL_TIME;
      }
    } else readChunk(column.type as IntType, chunk, values, at, place);
    at += chunk.length;
  }
  return values;
}

function readChunk(type: IntType, chunk: ChunkView, values: BigInt64Array, at: number, place: Place): void {
  const narrow = narrowInts(type, chunk.values, chunk.length);
  const long =
    type === 'u64'
      ? typed(BigUint64Array, chunk.values, chunk.length)
      : typed(BigInt64Array, chunk.values, narrow === null ? chunk.length : 0);
  for (let row = 0; row < chunk.length; row++) {
    if (!isValid(chunk, row)) continue;
    const value = narrow === null ? long[row]! : BigInt(narrow[row]!);
    if (value > MAX_TIME || value === NULL_TIME) {
      const message = `${placeText(place)}, row ${at + row}: the value ${value} does not fit into 64 bits; write smaller ones`;
      throw new PolyfeatError('OVERFLOW', message, { ...place, row: at + row });
    }
    values[at + row] = value;
  }
}
