import { computeFeatures } from '@polyfeat/core';

const trades = [
  { ts: 1_767_225_700_000, token: 'A', market: 'm', side: 'BUY', outcome: 'Up', size: 1 },
  { ts: 1_767_225_704_000, token: 'B', market: 'm', side: 'BUY', outcome: 'Down', size: 3 },
];
const prints = [
  { ts: 1_767_225_640_000, token: 'A', price: 0.4, size: 1 },
  { ts: 1_767_225_670_000, token: 'A', price: 0.45, size: 16 },
  { ts: 1_767_225_700_000, token: 'A', price: 0.52, size: 8 },
];

// A column is a typed array, an array of values (null where there is none), or an Arrow vector.
const features = computeFeatures(
  {
    ts: BigInt64Array.from(trades, (trade) => BigInt(trade.ts)),
    token_id: trades.map((trade) => trade.token),
    market_slug: trades.map((trade) => trade.market),
    side: trades.map((trade) => trade.side),
    outcome: trades.map((trade) => trade.outcome),
    size: Float64Array.from(trades, (trade) => trade.size),
  },
  {
    ts: BigInt64Array.from(prints, (print) => BigInt(print.ts)),
    token_id: prints.map((print) => print.token),
    price: Float64Array.from(prints, (print) => print.price),
    size: Float64Array.from(prints, (print) => print.size),
  },
  { tsUnit: 'ms' }, // integers say nothing of their unit
);

for (const row of features) {
  console.log(row.token_id, row.mt_last_price, row.mt_trades_60s, row.complete_set_shares, row.regime);
}
