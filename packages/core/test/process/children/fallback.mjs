/** What is said where the native binary does not load, as JSON. */
process.env.NAPI_RS_NATIVE_LIBRARY_PATH = 'no/such/binary.node';
process.env.POLYFEAT_ENGINE = '';
const { regimes } = await import('@polyfeat/core');

const trades = { ts: [new Date(0)], market_slug: ['m'], side: ['BUY'], outcome: ['Up'], size: [1] };
const warnings = [];
const onWarning = ({ code }) => warnings.push(code);
const rows = regimes(trades, { onWarning }).numRows;
let error = null;
try {
  regimes(trades, { engine: 'native' });
} catch ({ code, message }) {
  error = `${code}: ${message}`;
}
process.stdout.write(JSON.stringify({ rows, warnings, error }));
