/** What the jobs on snapshot files have in common: the options that bear on values, and how a job runs. */
import { type Duration, requireDurations } from './duration.js';
import { type LoadedEngine, loadEngine } from './engine.js';
import { requireOneOf } from './options.js';
import { type RuleOptions, type Rules, readRules } from './rules.js';
import type { Engine, EngineChoice, Hooks, SumMode, TsUnit, Warning } from './types.js';

/** Options that bear on values. */
export interface ValueOptions {
  /** Lags of the returns: durations, or their texts such as `5m`. Default 30 s and 300 s. */
  returns?: readonly (string | Duration)[];
  /** Lengths of the flow windows. Default 60 s. */
  windows?: readonly (string | Duration)[];
  /** Length of the complete-set bucket. Default 10 s. */
  bucket?: string | Duration;
  /** Which prints a trade may see; by default the notebook's rules. Spec section 4. */
  rules?: RuleOptions;
}

/** The same as an engine takes them. */
export interface ReadValues {
  returns: Duration[];
  windows: Duration[];
  bucket: Duration;
  sum: SumMode;
  tsUnit: TsUnit | null;
  rules?: Rules;
}

/**
 * Reads these options of the function `what`, with the defaults filled in.
 *
 * @throws PolyfeatError `INVALID_OPTION`.
 */
export function readValues(
  what: string,
  options: ValueOptions & { readonly sum?: SumMode; readonly tsUnit?: TsUnit | null },
): ReadValues {
  const {
    returns = ['30s', '300s'],
    windows = ['60s'],
    bucket = '10s',
    sum = 'exact',
    tsUnit,
    rules,
  } = options;
  return {
    returns: requireDurations(`${what}: returns`, returns),
    windows: requireDurations(`${what}: windows`, windows),
    bucket: requireDurations(`${what}: bucket`, [bucket])[0]!,
    sum: requireOneOf(what, 'sum', sum, ['exact', 'notebook']),
    tsUnit: tsUnit == null ? null : requireOneOf<TsUnit>(what, 'tsUnit', tsUnit, ['s', 'ms', 'us', 'ns']),
    ...(rules !== undefined && { rules: readRules(`${what}: rules`, rules) }),
  };
}

/**
 * Runs a job on the chosen engine, or the one that is given. What is odd about the choice comes before the report's own
 * warnings. An aborted signal rejects with its own reason.
 *
 * @throws PolyfeatError `INVALID_OPTION` for a choice that there is not; what loading an engine throws.
 */
export async function runOn<R extends { warnings: Warning[] }>(
  what: string,
  choice: EngineChoice | Engine,
  { signal, onProgress }: Hooks,
  job: (engine: Engine, hooks: Hooks) => Promise<R>,
): Promise<R> {
  const { engine, warning } = await engineOf(what, choice);
  try {
    const report = await job(engine, { ...(signal && { signal }), ...(onProgress && { onProgress }) });
    return warning === undefined ? report : { ...report, warnings: [warning, ...report.warnings] };
  } catch (error) {
    // Whoever aborted knows why.
    signal?.throwIfAborted();
    throw error;
  }
}

async function engineOf(what: string, choice: EngineChoice | Engine): Promise<LoadedEngine> {
  if (typeof (choice as Partial<Engine> | null)?.build === 'function') return { engine: choice as Engine };
  return loadEngine(requireOneOf(what, 'engine', choice as EngineChoice, ['auto', 'native', 'ts']));
}
