import { readFile } from 'node:fs/promises';
import { computeFeatures } from '@polyfeat/core';
import { tableFromIPC } from 'apache-arrow';

// Recorded answers of ClickHouse; of a server they are the body of
// POST /?output_format_arrow_low_cardinality_as_dictionary=1&output_format_arrow_compression_method=none
// with SELECT … FROM trades FORMAT ArrowStream.
const streams = 'test-data/streams';
const trades = tableFromIPC(await readFile(`${streams}/clickhouse-trades.arrows`));
const prints = tableFromIPC(await readFile(`${streams}/clickhouse-market-trades.arrows`));

const tokens = trades.getChild('token_id');
const dictionaries = tokens?.data.map((chunk) => chunk.dictionary?.length);
console.log(`${trades.batches.length} batches, dictionaries of ${dictionaries?.join(', ')} tokens`);
console.log(`sizes are ${prints.getChild('size')?.type}`);

// Batches and dictionaries are read as they lie: nothing is joined, no token becomes a string.
const features = computeFeatures(trades, prints, { windows: ['60s', '5m'] });

const volume = features.getChild('mt_volume_300s');
console.log(`${features.numRows} rows in ${features.batches.length} batches, ${volume?.nullCount} nulls`);
console.log(features.get(3_972)?.toJSON());
