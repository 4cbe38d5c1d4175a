import { type ExplainOptions, explainTrade } from '@polyfeat/core/snapshot';
import { EXPLAIN_OPTIONS } from '../args/options.js';
import type { Io } from '../io.js';
import { UsageError } from '../usage-error.js';
import { version } from '../version.js';
import type { Call } from './command.js';
import {
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

/** `explain [SNAPSHOT] --row N`: shows what one trade saw, and what counted for its complete set. */
export async function explain(call: Call<typeof EXPLAIN_OPTIONS>, io: Io): Promise<number> {
  const values = await withConfig(call.values, EXPLAIN_OPTIONS, io);
  if (values.row === undefined) {
    throw new UsageError('explain needs --row N, a row of trades.parquet counted from 0');
  }
  const snapshot = await snapshotOf(call.positionals[0], values, io.env);
  const { returns, windows, bucket, sum, tsUnit, ...rest } = valueRequest(snapshot, values);
  const rules = rulesOf(values);
  const options: ExplainOptions = {
    ...{ returns, windows, bucket, sum, tsUnit },
    ...(rules && { rules }),
    ...(values.limit !== undefined && { limit: values.limit }),
    engine: 'native',
  };
  const { row } = values;
  const report = await followed(values, io, (hooks) => explainTrade(snapshot, row, { ...options, ...hooks }));
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
