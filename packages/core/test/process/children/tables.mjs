/** Tables for the processes that the tests start: plain columns, the same in every thread. */
import { Table, vectorFromArray } from 'apache-arrow';

const SIDES = ['BUY', 'SELL'];
const OUTCOMES = ['Up', 'Down'];

/** A generator of numbers below `n`, the same in every run. */
function numbers(seed) {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

/** Trades of `rows` rows, out of order, and a tape of as many. */
export function tables(rows, seed = 7) {
  const next = numbers(seed);
  const column = (make) => Array.from({ length: rows }, make);
  const ts = () => BigInt64Array.from({ length: rows }, () => BigInt(1_700_000_000 + next(100_000)));
  const token = () => column(() => `token-${next(50)}`);
  return {
    trades: {
      ts: ts(),
      token_id: token(),
      market_slug: column(() => `market-${next(20)}`),
      side: column(() => SIDES[next(2)]),
      outcome: column(() => OUTCOMES[next(2)]),
      size: Float64Array.from({ length: rows }, () => next(10_000) / 100),
    },
    tape: {
      ts: ts(),
      token_id: token(),
      price: Float64Array.from({ length: rows }, () => next(1000) / 1000),
      size: Float64Array.from({ length: rows }, () => next(10_000) / 100),
    },
  };
}

/** Columns as an Arrow table. */
export function arrow(columns) {
  const vectors = Object.entries(columns).map(([name, values]) => [name, vectorFromArray(values)]);
  return new Table(Object.fromEntries(vectors));
}

/** A number that all the bytes of a table's buffers decide. */
export function fingerprint(table) {
  let hash = 2_166_136_261;
  for (const batch of table.batches) {
    for (const { name } of table.schema.fields) {
      for (const { values } of batch.getChild(name)?.data ?? []) {
        const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
        for (const byte of bytes) hash = Math.imul(hash ^ byte, 16_777_619) >>> 0;
      }
    }
  }
  return hash;
}
