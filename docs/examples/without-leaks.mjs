import { computeFeatures } from '@polyfeat/core';

const trades = {
  ts: [100, 100, 400],
  token_id: ['A', 'A', 'A'],
  market_slug: ['m', 'm', 'm'],
  side: ['BUY', 'BUY', 'BUY'],
  outcome: ['Up', 'Down', 'Up'],
  size: [4, 1, 2],
  transaction_hash: ['0xa', '0xb', '0xc'],
};
// The recorder's tape holds the trades themselves: the last print of 100 s is the first trade.
const prints = {
  ts: [40, 41, 70, 100, 100],
  token_id: ['A', 'A', 'A', 'A', 'A'],
  price: [0.4, 0.41, 0.45, 0.5, 0.52],
  size: [1, 2, 16, 8, 4],
  transaction_hash: ['0x1', '0x2', '0x3', '0x4', '0xa'],
};
const seconds = (/** @type {{ ts: number[] }} */ table) => BigInt64Array.from(table.ts, BigInt);
const tables = /** @type {const} */ ([
  { ...trades, ts: seconds(trades) },
  { ...prints, ts: seconds(prints) },
]);

for (const preset of /** @type {const} */ (['notebook', 'strict'])) {
  const features = computeFeatures(...tables, { tsUnit: 's', preset, proof: true });
  console.log(preset);
  for (const row of features) {
    const { mt_last_price, mt_last_age_ms, mt_trades_60s, complete_set_flag, proof_same_stamp_prints } = row;
    console.log(mt_last_price, mt_last_age_ms, mt_trades_60s, complete_set_flag, proof_same_stamp_prints);
  }
  const { metadata } = features.schema.fields.find(({ name }) => name === 'mt_last_price') ?? {};
  console.log('mt_last_price looks ahead:', metadata?.get('polyfeat:lookahead'));
}

// A single rule beside a preset wins, and what that lets back in is told.
computeFeatures(...tables, {
  tsUnit: 's',
  preset: 'strict',
  regime: 'bucket',
  embargo: '5s',
  onWarning: ({ code, message }) => console.log(code, '-', message),
});
