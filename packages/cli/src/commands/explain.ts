import { explainTrade } from '@polyfeat/core/snapshot';
import { EXPLAIN_OPTIONS } from '../args/options.js';
import type { Io } from '../io.js';
import { showProgress } from '../output/progress.js';
import { UsageError } from '../usage-error.js';
import { version } from '../version.js';
import type { Call } from './command.js';
import {
  printJson,
  printWarnings,
  rulesOf,
  shownOptions,
  shownRules,
  snapshotOf,
  valueRequest,
  withConfig,
} from './shared.js';

/** `explain [SNAPSHOT] --row N`: shows what one trade saw, and what counted for its complete set. */
export async function explain(call: Call<typeof EXPLAIN_OPTIONS>, io: Io): Promise<number> {
  const values = await withConfig(call.values, EXPLAIN_OPTIONS, io);
  if (values.row === undefined) {
    throw new UsageError('explain needs --row N, a row of trades.parquet counted from 0');
  }
  const snapshot = await snapshotOf(call.positionals[0], values, io.env);
  const { returns, windows, bucket, sum, tsUnit, ...rest } = valueRequest(snapshot, values);
  const rules = rulesOf(values);
  const progress = await showProgress(values.quiet ? 'never' : (values.progress ?? 'auto'), io);
  const report = await explainTrade(snapshot, values.row, {
    ...{ returns, windows, bucket, sum, tsUnit },
    ...(rules && { rules }),
    ...(values.limit !== undefined && { limit: values.limit }),
    engine: 'native',
    signal: io.signal,
    ...(progress.listener && { onProgress: progress.listener }),
  }).finally(() => progress.stop());
  if (values.json) {
    const asked = { ...rest, returns, windows, bucket, sum, tsUnit };
    printJson(
      { version: version(), ...report, options: { ...shownOptions(asked), ...shownRules(rules) } },
      io,
    );
  } else {
    if (!values.quiet) printWarnings(report.warnings, io);
    const { explainTables } = await import('../output/explain-tables.js');
    io.stdout.write(`${explainTables(report, io)}\n`);
  }
  return 0;
}
