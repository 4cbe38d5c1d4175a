import { join } from 'node:path';
import {
  type BuildReport,
  type BuildRequest,
  buildSnapshot,
  loadEngine,
  type Warning,
} from '@polyfeat/core/snapshot';
import { BUILD_OPTIONS } from '../args/options.js';
import { type Io, printable } from '../io.js';
import { count, elapsed } from '../output/numbers.js';
import { version } from '../version.js';
import type { Call } from './command.js';
import { resourcesOf, shownResources, unusedResources } from './resources.js';
import {
  allWarnings,
  followed,
  printJson,
  printWarnings,
  rulesOf,
  shownOptions,
  shownRules,
  snapshotOf,
  valueRequest,
  withConfig,
} from './shared.js';

/** `build [SNAPSHOT]`: writes the features file and shows what is in it. */
export async function build(call: Call<typeof BUILD_OPTIONS>, io: Io): Promise<number> {
  const values = await withConfig(call.values, BUILD_OPTIONS, io);
  const snapshot = await snapshotOf(call.positionals[0], values, io.env);
  const choice = values.engine ?? 'auto';
  const { engine, warning } = await loadEngine(choice);
  const rules = rulesOf(values);
  const request: Omit<BuildRequest, 'rules'> = {
    ...valueRequest(snapshot, values),
    out: values.out ?? join(snapshot, 'features.parquet'),
    compression: values.compression ?? 'source',
    ...resourcesOf(values, engine.name),
  };
  const { snapshot: _, ...options } = request;
  const report = await followed(values, io, (hooks) =>
    buildSnapshot(snapshot, { ...options, ...(rules && { rules }), engine, ...hooks }),
  );
  const warnings = allWarnings([warning, unusedResources(values, engine.name)], report.warnings);
  if (values.json) {
    printJson(
      buildJson(report, warnings, {
        ...shownOptions(request),
        ...shownRules(rules),
        compression: request.compression,
        engine: choice,
        ...shownResources(request),
      }),
      io,
    );
  } else if (!values.quiet) {
    printWarnings(warnings, io);
    await printTables(report, io);
  }
  return 0;
}

async function printTables(report: BuildReport, io: Io): Promise<void> {
  const { summaryTables } = await import('../output/summary-tables.js');
  const took = elapsed(report.timings_ms['total'] ?? 0);
  const shape = `${count(report.rows)} rows × ${count(report.columns)} columns`;
  io.stdout.write(`${summaryTables(report.regimes, report.pnl)}\n\n`);
  io.stdout.write(`${printable(report.out)}: ${shape}, ${took} (${report.engine} engine)\n`);
}

function buildJson(report: BuildReport, warnings: Warning[], options: Record<string, unknown>): object {
  const { engine, snapshot, out, rows, columns, tables, regimes, pnl, dropped, timings_ms } = report;
  return {
    version: version(),
    engine,
    snapshot,
    out,
    rows,
    columns,
    tables,
    regimes: Object.fromEntries(regimes.map(({ regime, trades }) => [regime, trades])),
    pnl,
    dropped,
    warnings,
    timings_ms,
    // Node gives kilobytes on every platform.
    peak_rss_bytes: process.resourceUsage().maxRSS * 1024,
    options,
  };
}
