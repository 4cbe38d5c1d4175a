import { loadEngine } from '@polyfeat/core/snapshot';
import { INSPECT_OPTIONS } from '../args/options.js';
import type { Io } from '../io.js';
import { version } from '../version.js';
import type { Call } from './command.js';
import { allWarnings, printJson, printWarnings, snapshotOf, withConfig } from './shared.js';

/** `inspect [SNAPSHOT]`: shows what is in each file of a snapshot. */
export async function inspect(call: Call<typeof INSPECT_OPTIONS>, io: Io): Promise<number> {
  const values = await withConfig(call.values, INSPECT_OPTIONS, io);
  const snapshot = await snapshotOf(call.positionals[0], values, io.env);
  const { engine, warning } = await loadEngine(values.engine ?? 'auto');
  const report = await engine.inspect(snapshot, values.tsUnit ?? null, { signal: io.signal });
  const warnings = allWarnings([warning], report.warnings);
  if (values.json) {
    printJson({ version: version(), engine: engine.name, ...report, warnings }, io);
    return 0;
  }
  printWarnings(warnings, io);
  const { inspectTables } = await import('../output/inspect-tables.js');
  io.stdout.write(`${inspectTables(report, io)}\n`);
  return 0;
}
