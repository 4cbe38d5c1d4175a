import { asofJoin, windowFlow } from '@polyfeat/core';

const orders = {
  at: BigInt64Array.of(10n, 20n, 30n),
  symbol: ['X', 'X', 'Y'],
};
const quotes = {
  at: BigInt64Array.of(4n, 20n, 20n, 29n),
  symbol: ['X', 'X', 'X', 'Z'],
  bid: Float64Array.of(1, 2, 3, 4),
  size: Float64Array.of(10, 20, 30, 40),
};

// The last quote of the order's symbol, at most 15 seconds old; of two at 20 the last row.
const joined = asofJoin(orders, quotes, {
  on: 'at',
  by: ['symbol'],
  columns: ['bid'],
  maxAge: '15s',
  tsUnit: 's',
});
console.log(joined.getChild('bid')?.toJSON());

// What was quoted in the 10 and the 60 seconds up to the order, that moment included.
const flow = windowFlow(orders, quotes, {
  on: 'at',
  by: ['symbol'],
  windows: ['10s', '60s'],
  sums: { notional: ['bid', 'size'] },
  tsUnit: 's',
});
for (const row of flow) console.log(row.toJSON());
