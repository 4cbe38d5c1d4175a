import { loadEngine } from '@polyfeat/core/snapshot';
import type { COMPARE_OPTIONS } from '../args/options.js';
import type { Io } from '../io.js';
import { version } from '../version.js';
import type { Call } from './command.js';
import { allWarnings, printJson, printWarnings } from './shared.js';

/** `compare A B`: exit code 1 when the files differ. */
export async function compare(call: Call<typeof COMPARE_OPTIONS>, io: Io): Promise<number> {
  const { json, engine: choice = 'auto', rtol = 0, atol = 0, key = [] } = call.values;
  const [a, b] = call.positionals as [string, string];
  const { engine, warning } = await loadEngine(choice);
  const report = await engine.compare({ a, b, rtol, atol, key }, { signal: io.signal });
  const warnings = allWarnings([warning], []);
  if (json) {
    printJson({ version: version(), engine: engine.name, a, b, rtol, atol, key, ...report, warnings }, io);
  } else {
    printWarnings(warnings, io);
    const { compareTables } = await import('../output/compare-tables.js');
    io.stdout.write(`${compareTables(report)}\n`);
  }
  return report.equal ? 0 : 1;
}
