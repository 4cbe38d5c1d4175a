import {
  type DataType,
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

/** How large tables are. */
export interface TableSizes {
  readonly trades: number;
  readonly prints: number;
  readonly tokens: number;
}

/** Numbers that look random and are the same everywhere. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function column(type: DataType, values: ArrayLike<unknown>, dictionary?: Vector): Vector {
  const all = values as Float64Array;
  const chunks = [];
  for (let at = 0; at < all.length; at += CHUNK) {
    const data = all.subarray(at, Math.min(at + CHUNK, all.length));
    const given = { type, length: data.length, nullCount: 0, data, ...(dictionary && { dictionary }) };
    chunks.push(makeData(given as never));
  }
  return new Vector(chunks);
}

function words(texts: string[], codes: Int32Array): Vector {
  const dictionary = vectorFromArray(texts, new Utf8());
  return column(new Dictionary(new Utf8(), new Int32()), codes, dictionary);
}

/**
 * Trades and a tape in memory: tokens of 77 digits as dictionaries, the market of rank r about r^-0.75 as popular as
 * the first, chunks of 131,072 rows, ascending times over a day, no nulls. The same for the same sizes.
 */
export function makeTables({ trades, prints, tokens }: TableSizes): { trades: Table; tape: Table } {
  const random = numbers(7);
  const names = Array.from({ length: tokens }, (_, i) => String(i).padStart(77, '7'));
  const markets = Array.from({ length: Math.ceil(tokens / 2) }, (_, i) => `btc-updown-5m-${i}`);
  const common = (rows: number) => {
    const ts = BigInt64Array.from({ length: rows }, (_, i) =>
      BigInt(1_767_225_600_000 + Math.floor((i * 86_400_000) / Math.max(rows, 1))),
    );
    const codes = Int32Array.from({ length: rows }, () => Math.floor(random() ** 4 * tokens));
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

/** Bytes of the buffers of a table's columns; a dictionary that chunks share counts once. */
export function bytesOf(table: Table, names: readonly string[]): number {
  const seen = new Set<unknown>();
  const add = (vector: Vector | null | undefined): number => {
    let sum = 0;
    for (const data of vector?.data ?? []) {
      if (seen.has(data)) continue;
      seen.add(data);
      for (const buffer of [data.values, data.valueOffsets, data.nullBitmap]) {
        sum += (buffer as ArrayBufferView | undefined)?.byteLength ?? 0;
      }
      sum += add(data.dictionary);
    }
    return sum;
  };
  return names.reduce((sum, name) => sum + add(table.getChild(name)), 0);
}
