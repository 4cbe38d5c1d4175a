/** Ways to make real rows odd. Each changes the rows in place, by as much as chance wants. */
import type { Random } from './random.js';
import type { Row } from './real-rows.js';

/** The rows of a snapshot under change. */
export interface Rows {
  trades: Row[];
  tape: Row[];
}

type Mutation = (rows: Rows, random: Random) => void;

const SECOND = 1_000_000_000n;
const EXTREMES = [
  ...[1e300, -1e300, 1.7e308, 5e-324, -5e-324, 1e-300, 1e16, 1, 1e-16, 0.1, 0.2, -0.1, 0, -0, 2 ** 53],
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
];
const TRADE_COLUMNS = ['ts', 'token_id', 'market_slug', 'side', 'outcome', 'size'] as const;
const SUMMARY_COLUMNS = ['realized_pnl', 'exec_type', 'event_key'] as const;
const TAPE_COLUMNS = ['ts', 'token_id', 'price', 'size'] as const;

/** UTF-16 order is not UTF-8 order: the last two sort one way by code units and the other by code points. */
const TOKENS = ['', 'A', 'a', 'AB', 'é', '10', '9', 'A\u0000', '\uffff', '\u{10000}'];

/** Applies a change to some rows of either table. */
function sprinkle(rows: Rows, random: Random, change: (row: Row) => void): void {
  const share = random.pick([0.01, 0.1, 0.5, 1]);
  for (const table of random.some([rows.trades, rows.tape], 1)) {
    for (const row of table) if (random.chance(share)) change(row);
  }
}

const floorTo = (ts: bigint, step: bigint) => ts - (((ts % step) + step) % step);

/** A change of the rows' times; rows without one stay so. */
const moved = (row: Row, to: (ts: bigint) => bigint) => {
  if (row.ts !== null) row.ts = to(row.ts);
};

function strewNulls(rows: Row[], columns: readonly (keyof Row)[], random: Random): void {
  for (const column of random.some(columns, 1)) {
    const share = random.pick([0.02, 0.3, 1]);
    for (const row of rows) if (random.chance(share)) Object.assign(row, { [column]: null });
  }
}

/** The mutations, by what they do. */
export const mutations: Readonly<Record<string, Mutation>> = {
  'prints dropped': (rows, random) => {
    const share = random.pick([0.1, 0.5, 0.95, 1]);
    rows.tape = rows.tape.filter(() => !random.chance(share));
  },
  'prints of a token dropped': (rows, random) => {
    const gone = new Set(random.some([...new Set(rows.tape.map(({ token_id }) => token_id))]));
    rows.tape = rows.tape.filter(({ token_id }) => !gone.has(token_id));
  },
  'stamps tied': (rows, random) => {
    const step = SECOND * BigInt(random.pick([1, 10, 60, 3600]));
    for (const table of random.some([rows.trades, rows.tape], 1))
      for (const row of table) moved(row, (ts) => floorTo(ts, step));
  },
  'stamps moved by milliseconds': (rows, random) => {
    sprinkle(rows, random, (row) => moved(row, (ts) => ts + BigInt(random.int(-2000, 2000)) * 1_000_000n));
  },
  'stamps moved by nanoseconds': (rows, random) => {
    sprinkle(rows, random, (row) => moved(row, (ts) => ts + BigInt(random.int(-2_000_000, 2_000_000))));
  },
  'stamps moved by the lengths of windows': (rows, random) => {
    sprinkle(rows, random, (row) => moved(row, (ts) => ts - SECOND * BigInt(random.pick([10, 30, 60, 300]))));
  },
  'stamps before 1970': (rows) => {
    const first = rows.trades[0]?.ts ?? 0n;
    for (const row of [...rows.trades, ...rows.tape]) moved(row, (ts) => ts - first - 3n);
  },
  'rows shuffled': (rows, random) => {
    if (random.chance(0.7)) rows.trades = random.shuffled(rows.trades);
    if (random.chance(0.7)) rows.tape = random.shuffled(rows.tape);
  },
  'rows repeated': (rows, random) => {
    const twice = (table: Row[]) => table.flatMap((row) => (random.chance(0.3) ? [row, { ...row }] : [row]));
    rows.trades = twice(rows.trades);
    rows.tape = twice(rows.tape);
  },
  'nulls in trades': (rows, random) => strewNulls(rows.trades, TRADE_COLUMNS, random),
  'nulls in the columns of the summary': (rows, random) => strewNulls(rows.trades, SUMMARY_COLUMNS, random),
  'nulls in the tape': (rows, random) => strewNulls(rows.tape, TAPE_COLUMNS, random),
  'extreme numbers': (rows, random) => {
    const values = random.some(EXTREMES, 1);
    sprinkle(rows, random, (row) => {
      for (const column of ['price', 'size', 'realized_pnl'] as const)
        if (column in row && random.chance(0.5)) row[column] = random.pick(values);
    });
  },
  'one number among the others': (rows, random) => {
    const row = random.pick([...rows.tape, ...rows.trades]);
    if (row !== undefined) row.size = random.pick(EXTREMES);
  },
  'signs turned': (rows, random) => {
    sprinkle(rows, random, (row) => {
      if (typeof row.size === 'number') row.size = -row.size;
    });
  },
  'tokens renamed': (rows, random) => {
    const names = random.some(TOKENS, 1);
    const all = [...new Set([...rows.trades, ...rows.tape].map(({ token_id }) => token_id))];
    const renamed = new Map(all.filter(() => random.chance(0.8)).map((token) => [token, random.pick(names)]));
    for (const row of [...rows.trades, ...rows.tape])
      row.token_id = renamed.get(row.token_id) ?? row.token_id ?? null;
  },
  'tokens unknown to the tape': (rows, random) => {
    for (const row of rows.trades) if (random.chance(0.3)) row.token_id = `${row.token_id}?`;
  },
  'one token': (rows) => {
    for (const row of [...rows.trades, ...rows.tape]) row.token_id = 'one';
  },
  'one market': (rows) => {
    for (const row of rows.trades) row.market_slug = 'one';
  },
  'sells and other sides': (rows, random) => {
    for (const row of rows.trades)
      if (random.chance(0.4)) row.side = random.pick(['SELL', 'SELL', 'buy', '']);
  },
  'other outcomes': (rows, random) => {
    for (const row of rows.trades)
      if (random.chance(0.5)) row.outcome = random.pick(['Up', 'Down', 'Down', 'Yes', 'up']);
  },
  'groups for the summary': (rows, random) => {
    for (const row of rows.trades) {
      row.exec_type = random.pick(['MAKER_LIKE', 'TAKER_LIKE', 'é', '\uffff', '\u{10000}', null]);
      if (random.chance(0.5)) row.realized_pnl = random.pick([0.1, -0.1, 1, 1e16, null]);
    }
  },
  'no trades left': (rows, random) => {
    if (random.chance(0.3)) rows.trades = [];
  },
};
