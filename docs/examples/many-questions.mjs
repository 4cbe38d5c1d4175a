import { readFile } from 'node:fs/promises';
import { prepare } from '@polyfeat/core';
import { tableFromIPC } from 'apache-arrow';

const trades = tableFromIPC(await readFile('test-data/streams/clickhouse-trades.arrows'));
const prints = tableFromIPC(await readFile('test-data/streams/clickhouse-market-trades.arrows'));

// Coded, grouped by token and sorted once. The handle owns what it needs: `prints` may go.
const tape = prepare(prints);
try {
  console.log(`${tape.rows} prints of ${tape.tokens} tokens`);
  for (const window of ['10s', '60s', '1h']) {
    const features = tape.computeFeatures(trades.slice(0, 1000), { windows: [window], columns: [] });
    console.log(
      window,
      features.schema.names.filter((name) => String(name).startsWith('mt_volume')),
    );
  }
} finally {
  tape.dispose(); // or `using tape = prepare(prints)`; the collector of garbage frees it, too
}
