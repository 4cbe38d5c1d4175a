// node compare.js A B: compares two features files and prints the report as JSON.
import { loadEngine } from '@polyfeat/core/snapshot';

const [a = '', b = ''] = process.argv.slice(2);
const { engine } = await loadEngine('auto');
console.log(JSON.stringify(await engine.compare({ a, b, rtol: 1e-9, atol: 1e-6, key: [] })));
