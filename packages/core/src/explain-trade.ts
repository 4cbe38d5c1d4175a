import { PolyfeatError } from './errors.js';
import type { ExplainReport, ExplainRequest } from './explain-types.js';
import { readValues, runOn, type ValueOptions } from './file-job.js';
import { refuseAborted, refuseUnknown, requireText } from './options.js';
import { shown } from './show.js';
import type { Engine, EngineChoice, Hooks } from './types.js';

/** How {@link explainTrade} explains; whatever is left out is as a build has it. */
export interface ExplainOptions
  extends Hooks,
    ValueOptions,
    Partial<Pick<ExplainRequest, 'sum' | 'tsUnit' | 'limit'>> {
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
  const request: ExplainRequest = {
    snapshot,
    row: wholeNumber('row', row),
    limit: wholeNumber('limit', options.limit ?? 10),
    ...readValues(what, options),
  };
  return runOn(what, options.engine ?? 'auto', options, (engine, hooks) => engine.explain(request, hooks));
}

function wholeNumber(name: string, value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw new PolyfeatError(
    'INVALID_OPTION',
    `explainTrade: ${name} is ${shown(value)}, and must be a whole number from 0 on`,
  );
}
