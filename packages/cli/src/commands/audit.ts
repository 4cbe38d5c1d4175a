import { type AuditOptions, auditSnapshot } from '@polyfeat/core/snapshot';
import { AUDIT_OPTIONS } from '../args/options.js';
import type { Io } from '../io.js';
import { version } from '../version.js';
import type { Call } from './command.js';
import { resourcesOf } from './resources.js';
import { followed, printJson, printWarnings, rulesOf, snapshotOf, withConfig } from './shared.js';

/** `audit [SNAPSHOT]`: with `--fail-on-leak` exit code 1 when a leak was found. */
export async function audit(call: Call<typeof AUDIT_OPTIONS>, io: Io): Promise<number> {
  const values = await withConfig(call.values, AUDIT_OPTIONS, io);
  const snapshot = await snapshotOf(call.positionals[0], values, io.env);
  const { features, rules: judge, columns, returns, windows, bucket, sum, cuts, seed, tsUnit } = values;
  const rules = rulesOf(values);
  const options: AuditOptions = {
    ...(features !== undefined && { features }),
    ...(judge && { judge }),
    ...(columns && { columns }),
    ...(returns && { returns }),
    ...(windows && { windows }),
    ...(bucket && { bucket }),
    ...(sum && { sum }),
    ...(cuts !== undefined && { cuts }),
    ...(seed !== undefined && { seed }),
    ...(tsUnit && { tsUnit }),
    ...(rules && { rules }),
    ...resourcesOf(values, 'native'),
  };
  const report = await followed(values, io, (hooks) => auditSnapshot(snapshot, { ...options, ...hooks }));
  if (values.json) {
    printJson({ version: version(), ...report }, io);
  } else if (!values.quiet) {
    printWarnings(report.warnings, io);
    const { auditText } = await import('../output/audit-text.js');
    io.stdout.write(`${auditText(report)}\n`);
  }
  return values.failOnLeak && report.leaks.length > 0 ? 1 : 0;
}
