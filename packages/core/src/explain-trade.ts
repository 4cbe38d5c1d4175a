import { engineOf } from './build-snapshot.js';
import { type Duration, requireDurations } from './duration.js';
import { PolyfeatError } from './errors.js';
import type { ExplainReport, ExplainRequest } from './explain-types.js';
import { refuseAborted, refuseUnknown, requireOneOf, requireText } from './options.js';
import { type RuleOptions, readRules } from './rules.js';
import { shown } from './show.js';
import type { Engine, EngineChoice, Hooks, TsUnit } from './types.js';

/** How {@link explainTrade} explains; whatever is left out is as a build has it. */
export interface ExplainOptions extends Hooks, Partial<Pick<ExplainRequest, 'sum' | 'tsUnit' | 'limit'>> {
  /** Lags of the returns: durations, or their texts such as `5m`. Default 30 s and 300 s. */
  returns?: readonly (string | Duration)[];
  /** Lengths of the flow windows. Default 60 s. */
  windows?: readonly (string | Duration)[];
  /** Length of the complete-set bucket. Default 10 s. */
  bucket?: string | Duration;
  /** Which prints a trade may see; by default the notebook's rules. Spec section 4. */
  rules?: RuleOptions;
  /** Which engine explains, or one that is loaded. Default `auto`; the TypeScript engine cannot. */
  engine?: EngineChoice | Engine;
}

const KNOWN = [
  'returns',
  'windows',
  'bucket',
  'sum',
  'tsUnit',
  'rules',
  'limit',
  'engine',
  'signal',
  'onProgress',
] as const satisfies readonly (keyof ExplainOptions)[];

/**
 * Explains one trade of a snapshot: which prints it saw, which one was the last, what each window held, what was left
 * out and why, and what counted for its complete set. `values` are what a build with these options writes.
 *
 * The tape is read once, and the prints of one token are kept, so memory goes with the trades and not with the tape.
 *
 * @param row of the trades in file order, from 0.
 * @example
 * ```ts
 * const { tape, values } = await explainTrade('snapshots/alice-20260227', 17, { rules: { preset: 'strict' } });
 * console.log(values['mt_last_price'], tape?.last.print?.ts, tape?.left_out);
 * ```
 * @throws PolyfeatError `INVALID_OPTION` for a row that there is not, or an option; `UNSUPPORTED` by the TypeScript
 *   engine; what a build throws. An aborted `signal` rejects with its own reason.
 */
export async function explainTrade(
  snapshot: string,
  row: number,
  options: ExplainOptions = {},
): Promise<ExplainReport> {
  const what = 'explainTrade';
  refuseUnknown(what, options, KNOWN);
  refuseAborted(what, options);
  requireText(what, 'snapshot', snapshot);
  const { engine: choice = 'auto', signal, onProgress, rules, tsUnit } = options;
  const request: ExplainRequest = {
    snapshot,
    row: wholeNumber('row', row),
    limit: wholeNumber('limit', options.limit ?? 10),
    returns: requireDurations(`${what}: returns`, options.returns ?? ['30s', '300s']),
    windows: requireDurations(`${what}: windows`, options.windows ?? ['60s']),
    bucket: requireDurations(`${what}: bucket`, [options.bucket ?? '10s'])[0]!,
    sum: requireOneOf(what, 'sum', options.sum ?? 'exact', ['exact', 'notebook']),
    tsUnit: tsUnit == null ? null : requireOneOf<TsUnit>(what, 'tsUnit', tsUnit, ['s', 'ms', 'us', 'ns']),
    ...(rules !== undefined && { rules: readRules(`${what}: rules`, rules) }),
  };
  const { engine, warning } = await engineOf(what, choice);
  try {
    const report = await engine.explain(request, {
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    });
    return warning === undefined ? report : { ...report, warnings: [warning, ...report.warnings] };
  } catch (error) {
    // Whoever aborted knows why.
    signal?.throwIfAborted();
    throw error;
  }
}

function wholeNumber(name: string, value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw new PolyfeatError(
    'INVALID_OPTION',
    `explainTrade: ${name} is ${shown(value)}, and must be a whole number from 0 on`,
  );
}
