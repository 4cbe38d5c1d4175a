/**
 * Panics inside the native engine's work, by the hook that it has for this test: each is told as an error of code
 * INTERNAL, and the process lives to work on. Tells the codes as JSON.
 */
import { computeFeatures } from '@polyfeat/core';
import { loadBinding } from '@polyfeat/native';
import { fingerprint, tables } from './tables.mjs';

const native = await loadBinding();
const { trades, tape } = tables(1000);
const options = { engine: 'native', tsUnit: 's' };

const bytes = (values) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
const numbers = (name, type, values) => ({
  name,
  type,
  ...(type === 'timestamp' && { unit: 's' }),
  chunks: [{ length: values.length, values: bytes(values) }],
});
function texts(name, values) {
  const encoded = values.map((value) => new TextEncoder().encode(value));
  const offsets = new Int32Array(values.length + 1);
  encoded.forEach((text, i) => {
    offsets[i + 1] = offsets[i] + text.length;
  });
  const joined = Buffer.concat(encoded);
  return {
    name,
    type: 'utf8',
    chunks: [{ length: values.length, values: new Uint8Array(joined), offsets: bytes(offsets) }],
  };
}

const time = (table) => numbers('ts', 'timestamp', table.ts);
const tapeViews = {
  token: texts('token_id', tape.token_id),
  ts: time(tape),
  price: numbers('price', 'f64', tape.price),
  size: numbers('size', 'f64', tape.size),
};
const tradeViews = {
  token: texts('token_id', trades.token_id),
  ts: time(trades),
  market: texts('market_slug', trades.market_slug),
  side: texts('side', trades.side),
  outcome: texts('outcome', trades.outcome),
  size: numbers('size', 'f64', trades.size),
};
const keyed = (views) => ({ ts: views.ts, by: [views.token] });
const span = (seconds) => ({ nanos: `${seconds}000000000`, label: `${seconds}s` });
const sets = { bucket: span(10), mode: 'bucket', sum: 'exact', panicForTest: true };
const features = {
  returns: [],
  windows: [],
  bucket: span(10),
  sum: 'exact',
  order: 'input',
  panicForTest: true,
};
const join = { strict: false, direction: 'backward', maxAge: null, panicForTest: true };
const flow = { windows: [span(1)], closed: 'right', sum: 'exact', panicForTest: true };
const prepared = native.prepareTape('{}', tapeViews);

const calls = {
  prepareTape: [native, { panicForTest: true }, tapeViews],
  features: [native, features, tradeViews, tapeViews],
  'features of a prepared tape': [prepared, features, tradeViews],
  asofIndices: [native, join, keyed(tradeViews), keyed(tapeViews)],
  windowFlow: [native, flow, keyed(tradeViews), keyed(tapeViews), []],
  regimes: [native, sets, tradeViews],
  completeSets: [native, sets, tradeViews],
  tokenOrder: [native, { panicForTest: true }, tradeViews],
  times: [native, { panicForTest: true }, tapeViews.ts],
};

const before = fingerprint(computeFeatures(trades, tape, options));
const answers = {};
for (const [name, [on, request, ...views]] of Object.entries(calls)) {
  const method = name.split(' ')[0];
  const json = JSON.stringify(request);
  const said = ({ error }) => `${error?.code}: ${error?.message}`;
  answers[name] = said(on[method](json, ...views));
  const cancel = new native.CancelToken();
  answers[`${name}, later`] = said(await on[`${method}Async`](json, ...views, cancel));
}
const after = fingerprint(computeFeatures(trades, tape, options));
process.stdout.write(JSON.stringify({ answers, before, after }));
