/** A text column as codes: every text is looked at once per run of equal rows, a dictionary's once per entry. */
import { PolyfeatError } from '../errors.js';
import { type Place, placeText } from './place.js';
import { ROWS_PER_STEP, runSync, type Steps } from './steps.js';
import { type Coder, NULL_CODE } from './strings.js';
import { type ChunkView, type ColumnView, indicesOf, isValid, rowsOf, textParts, typed } from './view.js';

/** Where a text lies. */
interface Texts {
  /** Moves to a row, which is not null. */
  at(row: number): void;
  bytes: Uint8Array;
  start: number;
  end: number;
}

const NOT_LOOKED_AT = -2;

/** What has been looked at of the dictionaries of a column. */
type Entries = Map<ColumnView, Int32Array>;

/**
 * The code of every row, {@link NULL_CODE} for nulls.
 *
 * @param known `find`: only texts that `coder` has are looked for, others are as null; `add`: they are added to it.
 * @throws PolyfeatError `CORRUPT` for an index outside of its dictionary, or offsets outside of the bytes.
 */
export function readCodes(
  column: ColumnView,
  coder: Coder,
  place: Place,
  known: 'add' | 'find' = 'add',
): Int32Array {
  return runSync(codesInSteps(column, coder, place, known));
}

/** {@link readCodes} in steps of `rowsPerStep` rows. */
export function* codesInSteps(
  column: ColumnView,
  coder: Coder,
  place: Place,
  known: 'add' | 'find' = 'add',
  rowsPerStep: number = ROWS_PER_STEP,
): Steps<Int32Array> {
  const total = rowsOf(column);
  const codes = new Int32Array(total).fill(NULL_CODE);
  if (column.type === 'null') return codes;
  const entries: Entries = new Map();
  let at = 0;
  for (const part of textParts(column, rowsPerStep)) {
    const chunk = part.chunks[0]!;
    if (column.type === 'dictionary') codeEntries(column, chunk, codes, at, coder, known, entries, place);
    else codeChunk(column, chunk, codes, at, coder, known, place);
    at += chunk.length;
    if (at < total) yield { phase: 'keys', done: at, total, unit: 'rows' };
  }
  return codes;
}

function codeChunk(
  column: ColumnView,
  chunk: ChunkView,
  codes: Int32Array,
  at: number,
  coder: Coder,
  known: 'add' | 'find',
  place: Place,
): void {
  const { values, validity, length } = chunk;
  if (column.type !== 'utf8') {
    codeTexts(textsOf(column, chunk, at, place), chunk, codes, at, coder, known);
    return;
  }
  // The type that nearly all have, without a call per row.
  const offsets = typed(Uint32Array, chunk.offsets!, length + 1);
  let start = 0;
  let end = 0;
  let code = NULL_CODE;
  for (let row = 0; row < length; row++) {
    if (validity !== undefined && !isValid(chunk, row)) continue;
    const from = offsets[row]!;
    const to = offsets[row + 1]!;
    if (to < from || to > values.length) outside(at + row, place);
    // Tapes come in runs of one token: equal bytes need no hash.
    if (code === NULL_CODE || !sameBytes(values, from, to, values, start, end)) {
      code = known === 'add' ? coder.add(values, from, to) : coder.find(values, from, to);
      start = from;
      end = to;
    }
    codes[at + row] = code;
  }
}

function codeTexts(
  texts: Texts,
  chunk: ChunkView,
  codes: Int32Array,
  at: number,
  coder: Coder,
  known: 'add' | 'find',
): void {
  let { bytes, start, end } = texts;
  let code = NULL_CODE;
  for (let row = 0; row < chunk.length; row++) {
    if (!isValid(chunk, row)) continue;
    texts.at(row);
    if (code === NULL_CODE || !sameBytes(texts.bytes, texts.start, texts.end, bytes, start, end)) {
      ({ bytes, start, end } = texts);
      code = known === 'add' ? coder.add(bytes, start, end) : coder.find(bytes, start, end);
    }
    codes[at + row] = code;
  }
}

function sameBytes(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): boolean {
  const length = aEnd - aStart;
  if (bEnd - bStart !== length) return false;
  // Different ids may begin or end alike, but hardly both.
  if (a[aStart] !== b[bStart] || a[aEnd - 1] !== b[bEnd - 1]) return length === 0;
  for (let i = length - 2; i > 0; i--) if (a[aStart + i] !== b[bStart + i]) return false;
  return true;
}

function outside(row: number, place: Place): never {
  throw new PolyfeatError(
    'CORRUPT',
    `${placeText(place)}, row ${row}: its text lies outside of the column's bytes`,
    { ...place, row },
  );
}

function codeEntries(
  column: ColumnView,
  chunk: ChunkView,
  codes: Int32Array,
  at: number,
  coder: Coder,
  known: 'add' | 'find',
  cache: Entries,
  place: Place,
): void {
  const dictionary = chunk.dictionary!;
  const indices = indicesOf(chunk, column.indexType!);
  let entries = cache.get(dictionary);
  if (entries === undefined) {
    // Entries that no row has are never looked at: a slice may carry a large dictionary.
    entries = new Int32Array(rowsOf(dictionary)).fill(NOT_LOOKED_AT);
    cache.set(dictionary, entries);
  }
  for (let row = 0; row < chunk.length; row++) {
    if (!isValid(chunk, row)) continue;
    const index = indices[row]!;
    let code = entries[index];
    if (code === undefined) {
      throw new PolyfeatError(
        'CORRUPT',
        `${placeText(place)}, row ${at + row}: its index ${index} is outside of the dictionary of ${entries.length} values`,
        { ...place, row: at + row },
      );
    }
    if (code === NOT_LOOKED_AT) {
      code = codeEntry(dictionary, index, coder, known, place);
      entries[index] = code;
    }
    codes[at + row] = code;
  }
}

function codeEntry(
  dictionary: ColumnView,
  index: number,
  coder: Coder,
  known: 'add' | 'find',
  place: Place,
): number {
  let row = index;
  for (const chunk of dictionary.chunks) {
    if (row < chunk.length) {
      if (dictionary.type === 'null' || !isValid(chunk, row)) return NULL_CODE;
      const texts = textsOf(dictionary, chunk, 0, place);
      texts.at(row);
      const { bytes, start, end } = texts;
      return known === 'add' ? coder.add(bytes, start, end) : coder.find(bytes, start, end);
    }
    row -= chunk.length;
  }
  return NULL_CODE;
}

/** The texts of a chunk, wherever its type keeps them. `first` is the row number of the chunk's first row. */
export function textsOf(column: ColumnView, chunk: ChunkView, first: number, place: Place): Texts {
  const { values, length } = chunk;
  const corrupt = (row: number) => outside(first + row, place);
  if (column.type === 'utf8_view') {
    const words = typed(Int32Array, values, length * 4);
    const buffers = chunk.buffers ?? [];
    return {
      bytes: values,
      start: 0,
      end: 0,
      at(row) {
        const size = words[4 * row]!;
        if (size <= 12) {
          this.bytes = values;
          this.start = row * 16 + 4;
        } else {
          this.bytes = buffers[words[4 * row + 2]!] ?? corrupt(row);
          this.start = words[4 * row + 3]!;
        }
        this.end = this.start + size;
        if (size < 0 || this.start < 0 || this.end > this.bytes.length) corrupt(row);
      },
    };
  }
  const wide = column.type === 'large_utf8';
  const offsets = typed(Uint32Array, chunk.offsets!, (length + 1) * (wide ? 2 : 1));
  const offsetOf = wide
    ? (row: number) => offsets[2 * row]! + offsets[2 * row + 1]! * 2 ** 32
    : (row: number) => offsets[row]!;
  return {
    bytes: values,
    start: 0,
    end: 0,
    at(row) {
      this.start = offsetOf(row);
      this.end = offsetOf(row + 1);
      if (this.end < this.start || this.end > values.length) corrupt(row);
    },
  };
}

/** Whether a column has a value other than null. */
export function hasValue(column: ColumnView): boolean {
  if (column.type === 'null') return false;
  return column.chunks.some((chunk) => {
    const { dictionary, validity } = chunk;
    if (dictionary === undefined) {
      if (validity === undefined) return chunk.length > 0;
      for (let row = 0; row < chunk.length; row++) if (isValid(chunk, row)) return true;
      return false;
    }
    const indices = indicesOf(chunk, column.indexType!);
    const entry = nullEntries(dictionary);
    for (let row = 0; row < chunk.length; row++) {
      if (isValid(chunk, row) && entry[indices[row]!] === false) return true;
    }
    return false;
  });
}

/** Which entries of a dictionary are null. */
export function nullEntries(dictionary: ColumnView): boolean[] {
  return dictionary.chunks.flatMap((chunk) =>
    Array.from({ length: chunk.length }, (_, row) => dictionary.type === 'null' || !isValid(chunk, row)),
  );
}
