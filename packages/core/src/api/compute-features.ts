import { Input, type TableInput } from '../arrow/input.js';
import { featureColumns, lookaheadMetadata } from '../columns.js';
import { refuseAborted, refuseUnknown, requireOneOf } from '../options.js';
import { RULES, type RuleOptions } from '../rules.js';
import { visibilityOf } from '../settled-rules.js';
import type { ColumnChoice, RowOrder, SumMode } from '../types.js';
import type { FeatureColumns, FeatureRequest, TapeViews, Task, TradeViews } from './engine.js';
import {
  ASYNC,
  type AsyncOptions,
  COMMON,
  type CommonOptions,
  commonOf,
  type DurationInput,
  durationOf,
  durationsOf,
  engineOf,
  hooksOf,
  SUMS,
  tellWarnings,
} from './options.js';
import { keeperOf, outputTable } from './output.js';
import { type CallRules, callRules, columnsOfTable, givenRules, moreOfTape, moreOfTrades } from './rules.js';
import type { FeatureTable, Requires } from './types.js';

/**
 * What to compute, and which prints a trade sees; whatever is left out is as in the notebook. Spec sections 2 and 4. A
 * `preset` names a set of rules, of which single ones beside it win.
 */
export interface FeatureOptions extends CommonOptions, RuleOptions {
  /** Lags of `mt_return_*`, in the order of the columns. Default `['30s', '300s']`. */
  readonly returns?: readonly DurationInput[] | undefined;
  /** Lengths of the flow windows, `(t - w, t]` unless rules say otherwise, in the order of the columns. Default `['60s']`. */
  readonly windows?: readonly DurationInput[] | undefined;
  /** Length of the complete-set bucket. Default `10s`. */
  readonly bucket?: DurationInput | undefined;
  /** Numerics of the sums. Default `exact`: correctly rounded. */
  readonly sum?: SumMode | undefined;
  /** Default `input`: rows stay where they are. `token`: stable by (token_id, ts), nulls last; columns are copied. */
  readonly order?: RowOrder | undefined;
  /** Input columns that are passed on: `all` (default), the four keys (`features`), or those named. */
  readonly columns?: ColumnChoice | undefined;
  /** Refuse a tape whose rows do not ascend in time within each token, in place of sorting it. */
  readonly assumeSorted?: boolean | undefined;
}

/** The columns that trades need. */
export type NeededTrades = 'ts' | 'token_id' | 'market_slug' | 'side' | 'outcome' | 'size';
/** The columns that the tape needs. */
export type NeededPrints = 'ts' | 'token_id' | 'price' | 'size';

/** Names of the options that a prepared tape's features take. */
export const FEATURE_OPTIONS = [
  ...COMMON,
  'returns',
  'windows',
  'bucket',
  'sum',
  'order',
  'columns',
  ...RULES,
] as const;

/**
 * Adds the feature layer to trades: what the tape said at the time of each, complete sets, and the regime.
 *
 * Times may differ in unit and are compared exactly. Of prints with equal times the last row counts. Null and NaN are
 * the same: missing. `mt_` columns are null for a token that is nowhere in the tape, and are left out without a tape
 * or with one without rows. Spec sections 1 to 3 define every value.
 *
 * Input columns are passed on without a copy (their buffers are shared), unless `order` is `token`. Input columns
 * with the name of a feature are replaced where they stand, or dropped when this run does not make them. Cost:
 * linear, but for sorting what is out of order; a few additions per print and window.
 *
 * Rules of visibility (`preset`, `ties`, `excludeSelf`, …; spec section 4) say which prints a trade sees; by default all
 * up to its own time, itself among them. `proof` adds columns by which each row can be checked. The metadata of a made
 * field says under `polyfeat:lookahead` whether the column looks ahead: `none`, or at what.
 *
 * @param trades an Arrow table of any copy of apache-arrow 15 to 21, or columns by name; needs `ts`, `token_id`,
 *   `market_slug`, `side`, `outcome`, `size`.
 * @param marketTrades the tape: `ts`, `token_id`, `price`, `size`.
 * @returns the trades with the added columns, a table of the installed apache-arrow.
 * @throws PolyfeatError `MISSING_COLUMN`, `WRONG_TYPE`, `WRONG_LENGTH`, `BUCKET_UNIT`, `OVERFLOW`, `NOT_SORTED`,
 *   `CORRUPT`, `OUT_OF_MEMORY`, `INVALID_OPTION`, `NATIVE_UNAVAILABLE`; `DUPLICATE_TIME` with `tie: 'error'`.
 * @example
 * ```ts
 * const features = computeFeatures(trades, marketTrades, { windows: ['60s', '5m'], preset: 'strict' });
 * features.getChild('mt_volume_300s')?.get(0);
 * ```
 */
export function computeFeatures<
  const L extends TableInput,
  const M extends TableInput | null | undefined = undefined,
  const O extends FeatureOptions = FeatureOptions,
>(
  trades: L & Requires<L, NeededTrades>,
  marketTrades?: M & Requires<M, NeededPrints>,
  options?: O,
): FeatureTable<L, M, O> {
  const { task, finish } = plan('computeFeatures', trades, marketTrades, options ?? {}, []);
  return finish(task.now()) as FeatureTable<L, M, O>;
}

/**
 * {@link computeFeatures} beside the event loop: native work on other threads, TypeScript work in short slices. The
 * native engine copies the columns that it needs before this returns; the TypeScript engine reads them as it goes, so
 * leave them unchanged until the promise settles.
 *
 * @throws PolyfeatError as {@link computeFeatures} does, by rejecting; the reason of an aborted `signal`.
 * @example
 * ```ts
 * const features = await computeFeaturesAsync(trades, marketTrades, { signal: AbortSignal.timeout(60_000) });
 * ```
 */
export async function computeFeaturesAsync<
  const L extends TableInput,
  const M extends TableInput | null | undefined = undefined,
  const O extends FeatureOptions & AsyncOptions = FeatureOptions & AsyncOptions,
>(
  trades: L & Requires<L, NeededTrades>,
  marketTrades?: M & Requires<M, NeededPrints>,
  options?: O,
): Promise<FeatureTable<L, M, O>> {
  refuseAborted('computeFeaturesAsync', options);
  const { task, finish } = plan('computeFeaturesAsync', trades, marketTrades, options ?? {}, ASYNC);
  return finish(await task.later(hooksOf(options ?? {}))) as FeatureTable<L, M, O>;
}

function plan(
  what: string,
  trades: TableInput,
  marketTrades: TableInput | null | undefined,
  options: FeatureOptions,
  more: readonly string[],
) {
  refuseUnknown(what, options, [...FEATURE_OPTIONS, 'assumeSorted', ...more]);
  const engine = engineOf(what, options);
  const common = featureCommon(what, options);
  const input = new Input('trades', trades);
  const given = marketTrades == null ? null : new Input('marketTrades', marketTrades);
  const keeps = keeperOf(what, input, options.columns ?? 'all');
  // Its columns are looked at even if it has no rows.
  const views = given === null ? null : tapeViews(given, common);
  const tape = given !== null && given.rows > 0 ? given : null;
  const rules = givenRules(what, options);
  const call = callRules(what, rules, common.sum, input, tape && columnsOfTable(tape));
  const request = featureRequest(common, call);
  const task = engine.features(
    { ...tradeViews(input, request), ...(tape !== null && moreOfTrades(input, call)) },
    tape === null ? null : { ...views!, ...moreOfTape(tape, call, common.tsUnit) },
    request,
  );
  return { task, finish: finisher(input, keeps, request, call, options) };
}

/** Reads the options of features, but for the rules. */
export function featureCommon(what: string, options: FeatureOptions): FeatureCommon {
  return {
    ...commonOf(what, ['trades', 'marketTrades'], options),
    returns: durationsOf(what, 'returns', options.returns ?? ['30s', '300s']),
    windows: durationsOf(what, 'windows', options.windows ?? ['60s']),
    bucket: durationOf(what, 'bucket', options.bucket ?? '10s'),
    sum: requireOneOf(what, 'sum', options.sum ?? 'exact', SUMS),
    order: requireOneOf(what, 'order', options.order ?? 'input', ['input', 'token']),
  };
}

/** A request without its rules. */
export type FeatureCommon = Omit<FeatureRequest, 'regime' | 'visibility'>;

/** Puts a request together. */
export function featureRequest(common: FeatureCommon, { rules, own }: CallRules): FeatureRequest {
  return { ...common, regime: rules.regime, visibility: visibilityOf(rules, own) };
}

/** The trades' columns, checked. */
export function tradeViews(input: Input, { tsUnit }: FeatureCommon): TradeViews {
  return {
    ts: input.view('ts', 'time', tsUnit),
    token: input.view('token_id', 'text'),
    market: input.view('market_slug', 'text'),
    side: input.view('side', 'text'),
    outcome: input.view('outcome', 'text'),
    size: input.view('size', 'number'),
  };
}

/** The tape's columns, checked. */
export function tapeViews(input: Input, { tsUnit }: Pick<FeatureRequest, 'tsUnit'>): TapeViews {
  return {
    ts: input.view('ts', 'time', tsUnit),
    token: input.view('token_id', 'text'),
    price: input.view('price', 'number'),
    size: input.view('size', 'number'),
  };
}

/** Puts the result together. */
export function finisher(
  input: Input,
  keeps: (name: string) => boolean,
  { returns, windows }: FeatureRequest,
  { rules, warnings: ofRules }: CallRules,
  options: CommonOptions,
) {
  const features = featureColumns(returns, windows);
  const names = new Set(features.map(({ name }) => name));
  const metadata = lookaheadMetadata(features, rules);
  return ({ columns, order, warnings }: FeatureColumns) => {
    tellWarnings(options, [...ofRules, ...warnings]);
    // Columns of an earlier run that this one does not make would be another run's.
    return outputTable(input, (name) => keeps(name) && !names.has(name), columns, { order, metadata });
  };
}

/** What {@link plan} gives, for prepared tapes. */
export type FeatureTask = Task<FeatureColumns>;
