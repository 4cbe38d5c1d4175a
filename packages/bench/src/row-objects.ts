import type { Features, Print, Trade } from '@polyfeat/reference';
import {
  Bool,
  DataType,
  Float64,
  makeData,
  makeVector,
  type Table,
  TimestampNanosecond,
  TimeUnit,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';

/** Nanoseconds of a step of each unit. */
const NANOS: Record<TimeUnit, bigint> = {
  [TimeUnit.SECOND]: 1_000_000_000n,
  [TimeUnit.MILLISECOND]: 1_000_000n,
  [TimeUnit.MICROSECOND]: 1_000n,
  [TimeUnit.NANOSECOND]: 1n,
};

/** The trades of a table, an object each. */
export function tradeRows(table: Table): Trade[] {
  const ts = times(columnOf(table, 'ts'));
  const tokenId = values<string>(columnOf(table, 'token_id'));
  const marketSlug = values<string>(columnOf(table, 'market_slug'));
  const side = values<string>(columnOf(table, 'side'));
  const outcome = values<string>(columnOf(table, 'outcome'));
  const size = values<number>(columnOf(table, 'size'));
  return ts.map((time, i) => ({
    ...{ ts: time, tokenId: tokenId[i]!, marketSlug: marketSlug[i]!, side: side[i]! },
    ...{ outcome: outcome[i]!, size: size[i]! },
  }));
}

/** The prints of a table, an object each. */
export function printRows(table: Table): Print[] {
  const ts = times(columnOf(table, 'ts'));
  const tokenId = values<string>(columnOf(table, 'token_id'));
  const price = values<number>(columnOf(table, 'price'));
  const size = values<number>(columnOf(table, 'size'));
  return ts.map((time, i) => ({ ts: time, tokenId: tokenId[i]!, price: price[i]!, size: size[i]! }));
}

/**
 * The features as columns, in the order of the trades and under the names that the notebook's lags and windows give.
 */
export function featureVectors({ rows }: Features): Record<string, Vector> {
  const numbers = (pick: (row: (typeof rows)[number]) => number | null) =>
    vectorFromArray(rows.map(pick), new Float64());
  const stamps = (pick: (row: (typeof rows)[number]) => bigint | null) => nanoStamps(rows.map(pick));
  return {
    mt_last_price: numbers((row) => row.tape!.lastPrice),
    mt_last_ts: stamps((row) => row.tape!.lastTs),
    mt_last_age_ms: numbers((row) => row.tape!.lastAgeMs),
    mt_return_30s: numbers((row) => row.tape!.returns[0]!),
    mt_return_300s: numbers((row) => row.tape!.returns[1]!),
    mt_trades_60s: numbers((row) => row.tape!.flows[0]!.trades),
    mt_volume_60s: numbers((row) => row.tape!.flows[0]!.volume),
    mt_notional_60s: numbers((row) => row.tape!.flows[0]!.notional),
    bucket: stamps((row) => row.bucket),
    complete_set_flag: vectorFromArray(
      rows.map((row) => row.completeSetFlag),
      new Bool(),
    ),
    complete_set_shares: numbers((row) => row.completeSetShares),
    regime: vectorFromArray(
      rows.map((row) => row.regime),
      new Utf8(),
    ),
  };
}

function columnOf(table: Table, name: string): Vector {
  const column = table.getChild(name);
  if (column === null) throw new Error(`The table has no column ${name}.`);
  return column;
}

/** Values of a column, null where there is none; the texts of a dictionary are decoded once for each chunk. */
function values<T>(column: Vector): (T | null)[] {
  if (!DataType.isDictionary(column.type)) return Array.from(column, (value) => value as T | null);
  return column.data.flatMap((data) => {
    const words = Array.from(data.dictionary ?? [], (word) => word as T);
    const codes = data.values as Int32Array;
    return Array.from({ length: data.length }, (_, i) => (data.getValid(i) ? words[codes[i]!]! : null));
  });
}

function times(column: Vector): (bigint | null)[] {
  if (!DataType.isTimestamp(column.type)) throw new Error(`ts is of the type ${column.type}.`);
  const step = NANOS[column.type.unit as TimeUnit];
  return column.data.flatMap((data) => {
    const raw = data.values as BigInt64Array;
    return Array.from({ length: data.length }, (_, i) => (data.getValid(i) ? raw[i]! * step : null));
  });
}

/** A column of nanoseconds: the builders of apache-arrow take milliseconds as doubles only. */
function nanoStamps(nanos: readonly (bigint | null)[]): Vector {
  const nullBitmap = new Uint8Array(Math.ceil(nanos.length / 64) * 8);
  const data = BigInt64Array.from(nanos, (time, i) => {
    if (time !== null) nullBitmap[i >> 3]! |= 1 << (i & 7);
    return time ?? 0n;
  });
  const nullCount = nanos.reduce((sum, time) => sum + Number(time === null), 0);
  const type = new TimestampNanosecond('UTC');
  return makeVector(makeData({ type, length: nanos.length, nullCount, nullBitmap, data }));
}
