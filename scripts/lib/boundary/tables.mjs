import {
  Dictionary,
  Float64,
  Int32,
  makeData,
  Table,
  TimestampMillisecond,
  Utf8,
  Vector,
  vectorFromArray,
} from 'apache-arrow';

/** Rows of a chunk, as DuckDB and Parquet readers tend to give them. */
const CHUNK = 131_072;

/** Numbers that look random and are the same everywhere. @param {number} seed */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** @param {import('apache-arrow').DataType} type @param {ArrayLike<unknown>} values @param {Vector} [dictionary] */
function column(type, values, dictionary) {
  const all = /** @type {Float64Array} */ (values);
  const chunks = [];
  for (let at = 0; at < all.length; at += CHUNK) {
    const data = all.subarray(at, Math.min(at + CHUNK, all.length));
    const given = { type, length: data.length, nullCount: 0, data, ...(dictionary && { dictionary }) };
    chunks.push(makeData(/** @type {never} */ (given)));
  }
  return new Vector(chunks);
}

/** @param {string[]} texts @param {Int32Array} codes */
function words(texts, codes) {
  const dictionary = vectorFromArray(texts, new Utf8());
  return column(new Dictionary(new Utf8(), new Int32()), codes, dictionary);
}

/**
 * Trades and a tape in memory: tokens of 77 digits as dictionaries, chunks of 131,072 rows, ascending times over a
 * day, no nulls.
 * @param {{ trades: number, prints: number, tokens: number }} size
 */
export function makeTables({ trades, prints, tokens }) {
  const random = numbers(7);
  const names = Array.from({ length: tokens }, (_, i) => String(i).padStart(77, '7'));
  const markets = Array.from({ length: Math.ceil(tokens / 2) }, (_, i) => `btc-updown-5m-${i}`);
  /** @param {number} rows */
  const common = (rows) => {
    const ts = BigInt64Array.from({ length: rows }, (_, i) =>
      BigInt(1_767_225_600_000 + Math.floor((i * 86_400_000) / Math.max(rows, 1))),
    );
    const codes = Int32Array.from({ length: rows }, () => Math.floor(random() * tokens));
    return {
      codes,
      ts: column(new TimestampMillisecond('UTC'), ts),
      token_id: words(names, codes),
      size: column(
        new Float64(),
        Float64Array.from({ length: rows }, () => Math.ceil(random() * 1e6) / 1e4),
      ),
      price: column(
        new Float64(),
        Float64Array.from({ length: rows }, () => Math.ceil(random() * 99) / 100),
      ),
    };
  };
  const { codes, ...own } = common(trades);
  const { codes: _, ...tape } = common(prints);
  const sides = codes.map(() => Number(random() < 0.2));
  return {
    trades: new Table({
      ...own,
      market_slug: words(
        markets,
        codes.map((code) => code >> 1),
      ),
      side: words(['BUY', 'SELL'], sides),
      outcome: words(
        ['Up', 'Down'],
        codes.map((code) => code & 1),
      ),
    }),
    tape: new Table(tape),
  };
}

/**
 * Bytes of the buffers of a table's columns; a dictionary that chunks share counts once.
 * @param {Table} table
 * @param {readonly string[]} names
 */
export function bytesOf(table, names) {
  /** @type {Set<unknown>} */
  const seen = new Set();
  /** @param {Vector | null | undefined} vector @returns {number} */
  const add = (vector) => {
    let sum = 0;
    for (const data of vector?.data ?? []) {
      if (seen.has(data)) continue;
      seen.add(data);
      for (const buffer of [data.values, data.valueOffsets, data.nullBitmap]) {
        sum += /** @type {ArrayBufferView | undefined} */ (buffer)?.byteLength ?? 0;
      }
      sum += add(data.dictionary);
    }
    return sum;
  };
  return names.reduce((sum, name) => sum + add(table.getChild(name)), 0);
}
