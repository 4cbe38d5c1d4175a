/** Cases as Arrow tables and as the definition's rows, and results of either as rows that compare. */
import type { Features, Print, Trade } from '@polyfeat/reference';
import type { Options } from '@polyfeat/reference/testing';
import {
  Table as ArrowTable,
  Dictionary,
  Float64,
  Int32,
  Int64,
  type Table,
  type Timestamp,
  TimeUnit,
  Type,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import { stamps } from '../support/columns.js';
import type { Case } from './cases.js';

type Unit = 's' | 'ms' | 'us' | 'ns';
const UNITS = {
  s: TimeUnit.SECOND,
  ms: TimeUnit.MILLISECOND,
  us: TimeUnit.MICROSECOND,
  ns: TimeUnit.NANOSECOND,
};
const NANOS = { s: 1_000_000_000n, ms: 1_000_000n, us: 1000n, ns: 1n };

const times = (values: readonly (number | null)[], unit: Unit) =>
  stamps(
    values.map((value) => (value === null ? null : BigInt(value) / NANOS[unit])),
    UNITS[unit],
    'UTC',
  );
const texts = (values: readonly (string | null)[]) => vectorFromArray(values, new Utf8());
const numbers = (values: readonly (number | null)[]) => vectorFromArray(values, new Float64());

function iso(nanos: number): string {
  const seconds = Math.floor(nanos / 1e9);
  const rest = String(nanos - seconds * 1e9).padStart(9, '0');
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${rest}Z`;
}

function sequence(values: readonly (number | null)[], kind: Case['layout']['seq']): Vector {
  switch (kind) {
    case 'i32':
      return vectorFromArray(values, new Int32());
    case 'i64':
      return vectorFromArray(
        values.map((value) => (value === null ? null : BigInt(value) - 2n)),
        new Int64(),
      );
    // 10 is before 2 by bytes: letters, so that their order is that of the numbers.
    case 'text':
      return texts(values.map((value) => (value === null ? null : 'abcdé'.slice(value, value + 1))));
    case 'time':
      return times(
        values.map((value) => (value === null ? null : value * 1e9)),
        's',
      );
  }
}

/** The tables of a case. */
export function tablesOf({ trades, prints, layout }: Case): { trades: Table; tape: Table } {
  const hash = layout.hash === 'utf8' ? new Utf8() : new Dictionary(new Utf8(), new Int32());
  return {
    trades: chunked(
      {
        ts: times(
          trades.map(({ t }) => t),
          layout.trades,
        ),
        token_id: texts(trades.map(({ token }) => token)),
        market_slug: texts(trades.map(({ market }) => market)),
        side: texts(trades.map(({ side }) => side)),
        outcome: texts(trades.map(({ outcome }) => outcome)),
        size: numbers(trades.map(({ size }) => size)),
        seq: sequence(
          trades.map(({ seq }) => seq),
          layout.seq,
        ),
        hash: vectorFromArray(
          trades.map((row) => row.hash),
          hash,
        ),
        key: vectorFromArray(
          trades.map(({ key }) => key),
          new Int32(),
        ),
      },
      layout.chunks,
    ),
    tape: chunked(
      {
        ts: times(
          prints.map(({ s }) => s),
          layout.tape,
        ),
        token_id: texts(prints.map(({ token }) => token)),
        price: numbers(prints.map(({ p }) => p)),
        size: numbers(prints.map(({ q }) => q)),
        log_index: sequence(
          prints.map(({ seq }) => seq),
          layout.seq,
        ),
        captured_at:
          layout.seen === 'text'
            ? texts(prints.map(({ seen }) => (seen === null ? null : iso(seen))))
            : times(
                prints.map(({ seen }) => seen),
                layout.seen,
              ),
        hash: texts(prints.map((row) => row.hash)),
        // Integers of any width are compared by value.
        key: vectorFromArray(
          prints.map(({ key }) => (key === null ? null : BigInt(key))),
          new Int64(),
        ),
      },
      layout.chunks,
    ),
  };
}

function chunked(columns: Record<string, Vector>, chunks: 1 | 2): Table {
  const table = new ArrowTable(columns);
  const half = table.numRows >> 1;
  return chunks === 1 || half === 0 ? table : table.slice(0, half).concat(table.slice(half));
}

/** The rows of a case as the definition takes them. */
export function definitionRows({ trades, prints }: Case): { trades: Trade[]; prints: Print[] } {
  const big = (x: number | null) => (x === null ? null : BigInt(x));
  return {
    trades: trades.map(({ t, token, market, seq, hash, key, ...rest }) => ({
      ...rest,
      ts: big(t),
      tokenId: token,
      marketSlug: market,
      columns: { seq: big(seq), hash, key },
    })),
    prints: prints.map(({ s, token, p, q, seq, seen, hash, key }) => ({
      ts: big(s),
      tokenId: token,
      price: p,
      size: q,
      columns: { log_index: big(seq), captured_at: big(seen), hash, key },
    })),
  };
}

/** What the definition says, row by row; `known` is in no table. */
export function ofDefinition({ rows }: Features): object[] {
  return rows.map(({ tape, completeSetFlag, completeSetShares, regime }) => ({
    flag: completeSetFlag,
    shares: completeSetShares,
    regime,
    price: tape?.lastPrice,
    ts: tape?.lastTs,
    age: tape?.lastAgeMs,
    returns: tape?.returns,
    flows: tape?.flows.map(({ trades, volume, notional }) => [trades, volume, notional]),
    proof: tape?.proof,
  }));
}

/** What a table of features says, row by row, in the same words; times in nanoseconds. */
export function ofTable(table: Table, { lags, windows }: ReturnType<typeof labels>): object[] {
  const column = (name: string) => {
    const vector = table.getChild(name);
    if (vector === null) throw new Error(`the table has no column ${name}`);
    return valuesOf(vector);
  };
  const count = (name: string) => column(name).map((value) => (value === null ? null : Number(value)));
  const proof = [column('proof_newest_event'), column('proof_newest_availability')] as const;
  const counts = ['same_stamp_prints', 'own_prints', 'own_prints_seen', 'censored_windows'].map((name) =>
    count(`proof_${name}`),
  );
  const flows = windows.map((label) =>
    ['trades', 'volume', 'notional'].map((kind) => column(`mt_${kind}_${label}`)),
  );
  const returns = lags.map((label) => column(`mt_return_${label}`));
  const [flag, shares, regime] = [
    column('complete_set_flag'),
    column('complete_set_shares'),
    column('regime'),
  ];
  const [price, ts, age] = [column('mt_last_price'), column('mt_last_ts'), column('mt_last_age_ms')];
  return Array.from({ length: table.numRows }, (_, row) => ({
    flag: flag[row],
    shares: shares[row],
    regime: regime[row],
    price: price[row],
    ts: ts[row],
    age: age[row],
    returns: returns.map((values) => values[row]),
    flows: flows.map((kinds) => kinds.map((values) => values[row])),
    proof:
      counts[0]![row] === null
        ? null
        : {
            newestEvent: proof[0][row],
            newestAvailability: proof[1][row],
            sameStampPrints: counts[0]![row],
            ownPrints: counts[1]![row],
            ownSeen: counts[2]![row],
            censored: counts[3]![row],
          },
  }));
}

/** Names of the lags and windows of a case's options. */
export function labels(o: Options, label: (nanos: bigint) => string) {
  return {
    lags: o.lags.map((nanos) => label(BigInt(nanos))),
    windows: o.windows.map((nanos) => label(BigInt(nanos))),
  };
}

/** Values as they compare: times in nanoseconds, everything else as it is. */
function valuesOf(vector: Vector): unknown[] {
  return vector.data.flatMap((data) =>
    Array.from({ length: data.length }, (_, i) => {
      if (!data.getValid(i)) return null;
      if (data.type.typeId !== Type.Timestamp) return valueAt(data, i);
      const unit = (['s', 'ms', 'us', 'ns'] as const)[(data.type as Timestamp).unit]!;
      const words = new BigInt64Array(data.values.buffer, data.values.byteOffset, data.length);
      return words[i]! * NANOS[unit];
    }),
  );
}

function valueAt(data: Vector['data'][number], i: number): unknown {
  switch (data.type.typeId) {
    case Type.Bool:
      return ((data.values[(i + data.offset) >> 3]! >> ((i + data.offset) & 7)) & 1) === 1;
    case Type.Dictionary:
      return data.dictionary!.get(data.values[i]);
    case Type.Utf8:
      return Buffer.from(data.values.subarray(data.valueOffsets[i], data.valueOffsets[i + 1])).toString();
    default:
      return data.values[i];
  }
}
