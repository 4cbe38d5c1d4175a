import {
  type BuildRequest,
  findNewestSnapshot,
  type Hooks,
  parseDuration,
  parseDurations,
  type RuleOptions,
  type Warning,
} from '@polyfeat/core/snapshot';
import { readConfig } from '../args/config.js';
import type { Options, Values } from '../args/option.js';
import { RULE_OPTIONS, type SNAPSHOT_OPTIONS, type VALUE_OPTIONS } from '../args/options.js';
import { type Io, printable } from '../io.js';
import { type ProgressMode, showProgress } from '../output/progress.js';

/** The options of a call: those of the config file, with those of the command line over them. */
export async function withConfig<O extends Options & Pick<typeof SNAPSHOT_OPTIONS, 'config'>>(
  given: Values<O>,
  options: O,
  io: Io,
): Promise<Values<O>> {
  const { config } = given as Values<Pick<typeof SNAPSHOT_OPTIONS, 'config'>>;
  return { ...(await readConfig(config, io.cwd, options)), ...given };
}

/** The snapshot that a call names, or the newest one of where it says to look. */
export async function snapshotOf(
  named: string | undefined,
  values: Values<typeof SNAPSHOT_OPTIONS>,
  env: Io['env'],
): Promise<string> {
  if (named !== undefined) return named;
  return findNewestSnapshot({ root: snapshotsRootOf(values, env), username: values.username });
}

/** Where snapshots are looked for: what the call says, else the environment, else the default. */
export function snapshotsRootOf(
  values: Values<Pick<typeof SNAPSHOT_OPTIONS, 'snapshotsRoot'>>,
  env: Io['env'],
): string {
  return values.snapshotsRoot ?? (env['POLYFEAT_SNAPSHOTS_ROOT'] || 'research/data/snapshots');
}

/** Runs a job that Ctrl-C stops and whose progress is shown, as the call wants it. */
export async function followed<T>(
  values: { readonly quiet?: boolean | undefined; readonly progress?: ProgressMode | undefined },
  io: Io,
  job: (hooks: Hooks) => Promise<T>,
): Promise<T> {
  const progress = await showProgress(values.quiet ? 'never' : (values.progress ?? 'auto'), io);
  try {
    return await job({ signal: io.signal, ...(progress.listener && { onProgress: progress.listener }) });
  } finally {
    progress.stop();
  }
}

/** What a build's values depend on, with the defaults filled in. */
export function valueRequest(
  snapshot: string,
  values: Partial<Values<typeof VALUE_OPTIONS & Pick<typeof SNAPSHOT_OPTIONS, 'tsUnit'>>>,
): Omit<BuildRequest, 'out' | 'compression'> {
  return {
    snapshot,
    order: values.order ?? 'token',
    returns: values.returns ?? parseDurations('30s,300s'),
    windows: values.windows ?? parseDurations('60s'),
    bucket: values.bucket ?? parseDuration('10s'),
    sum: values.sum ?? 'exact',
    columns: values.columns ?? 'all',
    ...(values.labelAvailableAt && { labelAvailableAt: true }),
    tsUnit: values.tsUnit ?? null,
  };
}

/** The rules that a call asks for; undefined: none but the notebook's. */
export function rulesOf(values: Partial<Values<typeof RULE_OPTIONS>>): RuleOptions | undefined {
  const rules: Record<string, unknown> = {};
  for (const name of Object.keys(RULE_OPTIONS) as (keyof typeof RULE_OPTIONS)[]) {
    if (values[name] !== undefined) rules[name] = values[name];
  }
  return Object.keys(rules).length === 0 ? undefined : rules;
}

/** Rules as `--json` shows them: durations by their labels. */
export function shownRules(rules: RuleOptions | undefined): Record<string, unknown> {
  const label = (value: unknown) =>
    typeof value === 'object' && value !== null && 'label' in value ? value.label : value;
  return Object.fromEntries(Object.entries(rules ?? {}).map(([name, value]) => [name, label(value)]));
}

/** The options of a request as `--json` shows them. */
export function shownOptions(request: Omit<BuildRequest, 'out' | 'compression'>): Record<string, unknown> {
  const { order, returns, windows, bucket, sum, columns, labelAvailableAt = false, tsUnit } = request;
  return {
    order,
    returns: returns.map(({ label }) => label),
    windows: windows.map(({ label }) => label),
    bucket: bucket.label,
    sum,
    columns,
    labelAvailableAt,
    tsUnit,
  };
}

/** Prints the one object of `--json`; what JSON has no number for is null. */
export function printJson(value: object, io: Io): void {
  io.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Writes warnings to standard error, one line each. With `--json` they belong in the object instead. */
export function printWarnings(warnings: readonly Warning[], io: Io): void {
  for (const { message } of warnings) io.stderr.write(`polyfeat-fast: warning: ${printable(message)}\n`);
}

/** The warnings of a report, after those of this side, where there are any. */
export function allWarnings(ours: readonly (Warning | undefined)[], warnings: readonly Warning[]): Warning[] {
  return [...ours.filter((warning) => warning !== undefined), ...warnings];
}
