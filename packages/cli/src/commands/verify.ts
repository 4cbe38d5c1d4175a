import { readRules, type VerifyReport, verifySnapshot } from '@polyfeat/core/snapshot';
import { VERIFY_OPTIONS } from '../args/options.js';
import type { Io } from '../io.js';
import { elapsed } from '../output/numbers.js';
import { version } from '../version.js';
import type { Call } from './command.js';
import { resourcesOf, shownResources } from './resources.js';
import {
  followed,
  printJson,
  rulesOf,
  shownOptions,
  shownRules,
  snapshotOf,
  valueRequest,
  withConfig,
} from './shared.js';

/** `verify [SNAPSHOT]`: exit code 1 when the engines disagree in any value. */
export async function verify(call: Call<typeof VERIFY_OPTIONS>, io: Io): Promise<number> {
  const values = await withConfig(call.values, VERIFY_OPTIONS, io);
  const snapshot = await snapshotOf(call.positionals[0], values, io.env);
  // For the native side: the TypeScript engine heeds neither.
  const rules = rulesOf(values);
  const request = {
    ...valueRequest(snapshot, values),
    ...(rules && { rules: readRules('verify', rules) }),
    ...resourcesOf(values, 'native'),
  };
  const report = await followed(values, io, (hooks) => verifySnapshot(request, hooks));
  if (values.json) {
    printJson(
      {
        version: version(),
        ...report,
        options: { ...shownOptions(request), ...shownRules(rules), ...shownResources(request) },
      },
      io,
    );
  } else if (!values.quiet) {
    io.stdout.write(`${await verifyText(report)}\n`);
  }
  return report.equal ? 0 : 1;
}

async function verifyText(report: VerifyReport): Promise<string> {
  const { compareTables } = await import('../output/compare-tables.js');
  const parts = [compareTables(report.comparison, 'native', 'ts')];
  if (report.report_differences.length > 0) {
    parts.push(`the reports differ in: ${report.report_differences.join(', ')}`);
  }
  const { native, ts } = report.timings_ms;
  const verdict = report.equal ? 'the engines agree in every value' : 'the engines DIFFER';
  parts.push(`${verdict} (native ${elapsed(native)}, ts ${elapsed(ts)})`);
  return parts.filter((part) => part !== '').join('\n\n');
}
