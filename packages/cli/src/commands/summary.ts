import { loadEngine } from '@polyfeat/core/snapshot';
import type { SUMMARY_OPTIONS } from '../args/options.js';
import type { Io } from '../io.js';
import { version } from '../version.js';
import type { Call } from './command.js';
import { allWarnings, printJson, printWarnings } from './shared.js';

/** `summary FEATURES`: shows the regime counts and the PnL table of a file that exists, and how it was made. */
export async function summary(call: Call<typeof SUMMARY_OPTIONS>, io: Io): Promise<number> {
  const { json, engine: choice = 'auto' } = call.values;
  const file = call.positionals[0] as string;
  const { engine, warning } = await loadEngine(choice);
  const report = await engine.summarize(file, { signal: io.signal });
  const warnings = allWarnings([warning], report.warnings);
  if (json) {
    const { rows, regimes, pnl, made } = report;
    const counts = Object.fromEntries(regimes.map(({ regime, trades }) => [regime, trades]));
    printJson(
      { version: version(), engine: engine.name, file, rows, regimes: counts, pnl, made, warnings },
      io,
    );
    return 0;
  }
  printWarnings(warnings, io);
  const { summaryTables } = await import('../output/summary-tables.js');
  io.stdout.write(`${summaryTables(report.regimes, report.pnl)}\n`);
  if (report.made !== null) {
    const { madeText } = await import('../output/made-table.js');
    io.stdout.write(`\n${madeText(report.made)}\n`);
  }
  return 0;
}
