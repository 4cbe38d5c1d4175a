import { checkBounds } from './bounds.js';
import type { Duration } from './duration.js';
import { PolyfeatError } from './errors.js';
import { readValues, runOn, type ValueOptions } from './file-job.js';
import { refuseAborted, refuseUnknown, requireOneOf, requireText } from './options.js';
import { PRESETS, type Rules } from './rules.js';
import { shown } from './show.js';
import type { Hooks, SumMode, TsUnit, Warning } from './types.js';

/** One run of the audit, as the engine takes it. */
export interface AuditRequest {
  snapshot: string;
  features: string | null;
  returns: Duration[];
  windows: Duration[];
  bucket: Duration;
  sum: SumMode;
  rules: Rules;
  judge: (typeof PRESETS)[number];
  safeColumns: boolean;
  cuts: number;
  seed: number;
  tsUnit: TsUnit | null;
  threads?: number;
  memory?: number;
}

/** Rows that something is true of, out of those that were looked at. */
export interface AuditRows {
  rows: number;
  of: number;
  /** The first ten: rows of `trades.parquet`, from 0. */
  first: number[];
}

/** A rule that is broken. */
export interface AuditLeak {
  /**
   * The rule by the name of its option (`ties`, `excludeSelf`, `direction`, `availability`, `unknownToken`, `regime`),
   * or `prefix` (cutting off later data changes values), `columns` (input columns that were not known at the trade),
   * `file` (columns of a features file that nothing knowable gives).
   */
  rule: string;
  columns: string[];
  /** Null where it is no matter of rows. */
  share: number | null;
  rows: AuditRows | null;
  /** What is wrong, in a sentence. */
  why: string;
}

/** A value that is another one without the data after a moment. */
export interface PrefixFailure {
  /** Row of `trades.parquet`, from 0. */
  row: number;
  column: string;
  /** From all data. */
  full: number | string | boolean | null;
  /** From the data up to the cut. */
  prefix: number | string | boolean | null;
  /** The cut, ISO 8601. */
  cut: string;
  /** The record after the cut with which the value changes; null when no single one does it. */
  later: { file: string; row: number } | null;
}

/** An added column of a features file. */
export interface AuditedColumn {
  column: string;
  /** The rules that give the column's value in every row, such as `strict`; the file's own are called `file`. */
  reproduced_by: string[];
  /** Whether rules that the judge allows give all its values. */
  knowable: boolean;
  /** Of the nearest rules that the judge allows: the rows whose value they do not give. */
  differing: AuditRows;
  /** The first of these rows: the file's value, and that of those rules. */
  example: { row: number; file: string; knowable: string } | null;
  /** Rows whose value alone shows that it was not knowable; null where values cannot show it. */
  shown_by_value: AuditRows | null;
}

/** What an audit found. Shares are defined in section 7 of the specification; null: the files do not tell. */
export interface AuditReport {
  engine: 'native';
  snapshot: string;
  /** The features file that was judged; null: what a build with these rules makes. */
  features: string | null;
  rows: number;
  /** The rules as they were settled with the files. */
  rules: Record<string, unknown>;
  judge: (typeof PRESETS)[number];
  /** The rules of `judge` that are broken. None: no leak was found. */
  leaks: AuditLeak[];
  /** Rows that use a print of their own tick or a later one ÷ rows that use a print. */
  same_tick_share: number | null;
  /** Rows that see a print of their own transaction ÷ rows with time and token. */
  self_print_share: number | null;
  /** Rows whose book was captured after them ÷ rows that say when theirs was. */
  tob_after_trade_share: number | null;
  /** Rows of tokens that never print ÷ rows with a token. */
  unknown_token_share: number | null;
  /** Rows with a window that begins before the tape ÷ rows with time and token. */
  censored_window_share: number | null;
  /** Rows whose complete set counts a trade later than they are ÷ rows. */
  bucket_lookahead_share: number | null;
  /** Rows that use a print captured after them ÷ rows that use a print. */
  availability_after_trade_share: number | null;
  /** Input columns that tell how the market ended. */
  outcome_columns: string[];
  /** Input columns that are known only after the trade. */
  late_columns: string[];
  /** No value changed by cutting off the data after a moment. */
  prefix_invariant: boolean;
  prefix_cuts_tried: number;
  prefix_seed: number;
  /** Rows that a cut changed, by column. */
  prefix_columns: Record<string, number>;
  /** The first ten rows. */
  prefix_failures: PrefixFailure[];
  /** The rows behind each share, by its name without `_share`. */
  counts: Record<string, AuditRows | null>;
  /** Why a share is null. */
  missing: Record<string, string>;
  /** Of a features file: its added columns. */
  columns: AuditedColumn[] | null;
  warnings: Warning[];
  timings_ms: Record<string, number>;
}

/** How {@link auditSnapshot} audits; whatever is left out is as on the command line. */
export interface AuditOptions extends Hooks, ValueOptions {
  /** A features file that is judged in place of what a build would make; its columns say lags and windows. */
  features?: string;
  sum?: SumMode;
  /** The preset whose rules must not be broken. Default `strict`. */
  judge?: (typeof PRESETS)[number];
  /** `safe`: input columns that were not known at the trade are leaks too. Default `all`: they are only listed. */
  columns?: 'all' | 'safe';
  /** At how many random moments the data is cut off. Default 50. */
  cuts?: number;
  /** By which these are drawn, a whole number; the same seed draws the same. Default 1. */
  seed?: number;
  /** The unit of integer times. */
  tsUnit?: TsUnit | null;
  threads?: number;
  memory?: number;
}

const KNOWN = [
  'features',
  'returns',
  'windows',
  'bucket',
  'sum',
  'rules',
  'judge',
  'columns',
  'cuts',
  'seed',
  'tsUnit',
  'threads',
  'memory',
  'signal',
  'onProgress',
] as const satisfies readonly (keyof AuditOptions)[];

/** Cuts of an audit that says nothing else. */
export const DEFAULT_CUTS = 50;
const MAX_CUTS = 100_000;

/**
 * Measures which rows of a snapshot's features use what they could not have known, and tests it: the data is cut off
 * at random moments, and the features of the rows before must stay the same, bit for bit. With `features` the columns
 * of a file made elsewhere are judged by what was knowable. Nothing is written. Spec section 7.
 *
 * Needs the native engine. Cost: about that of a build's sweeps, and half of it again for each cut.
 *
 * @example
 * ```ts
 * const report = await auditSnapshot('snapshots/alice-20260227', { rules: { preset: 'strict' } });
 * if (report.leaks.length > 0) console.log(report.leaks);
 * ```
 * @throws PolyfeatError, whatever goes wrong. `NATIVE_UNAVAILABLE` without the native engine; `INVALID_OPTION` for an
 *   option that there is not. Finding leaks is no error. An aborted `signal` rejects with its own reason.
 */
export async function auditSnapshot(snapshot: string, options: AuditOptions = {}): Promise<AuditReport> {
  const what = 'auditSnapshot';
  refuseUnknown(what, options, KNOWN);
  refuseAborted(what, options);
  requireText(what, 'snapshot', snapshot);
  if (options.features !== undefined) requireText(what, 'features', options.features);
  checkBounds(options);
  const { threads, memory } = options;
  const { rules, ...values } = readValues(what, { ...options, rules: options.rules ?? {} });
  if (rules?.proof !== undefined) {
    throw new PolyfeatError('INVALID_OPTION', `${what}: proof adds columns to a build; leave it out`);
  }
  const columns = requireOneOf(what, 'columns', options.columns ?? 'all', ['all', 'safe']);
  const request: AuditRequest = {
    snapshot,
    features: options.features ?? null,
    ...values,
    rules: rules ?? {},
    judge: requireOneOf(what, 'judge', options.judge ?? 'strict', PRESETS),
    safeColumns: columns === 'safe',
    cuts: whole('cuts', options.cuts ?? DEFAULT_CUTS, MAX_CUTS),
    seed: whole('seed', options.seed ?? 1, Number.MAX_SAFE_INTEGER),
    ...(threads !== undefined && { threads }),
    ...(memory !== undefined && { memory }),
  };
  return runOn(what, 'native', options, (engine, hooks) => {
    if (engine.audit === undefined) {
      throw new PolyfeatError('UNSUPPORTED', `the ${engine.name} engine cannot audit; use the native one`);
    }
    return engine.audit(request, hooks);
  });
}

function whole(name: string, value: unknown, most: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most)
    return value as number;
  throw new PolyfeatError(
    'INVALID_OPTION',
    `auditSnapshot: ${name} is ${shown(value)}: it must be a whole number from 0 to ${most}`,
  );
}
