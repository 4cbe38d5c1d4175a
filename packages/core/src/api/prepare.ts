import { Input, type TableInput } from '../arrow/input.js';
import { refuseAborted, refuseUnknown } from '../options.js';
import { RULES, type RuleOptions } from '../rules.js';
import type { TsUnit, Warning } from '../types.js';
import {
  FEATURE_OPTIONS,
  type FeatureOptions,
  featureCommon,
  featureRequest,
  finisher,
  type NeededPrints,
  type NeededTrades,
  tapeViews,
  tradeViews,
} from './compute-features.js';
import type { EngineTape } from './engine.js';
import {
  ASYNC,
  type AsyncOptions,
  COMMON,
  type CommonOptions,
  commonOf,
  engineOf,
  hooksOf,
  tellWarnings,
} from './options.js';
import { keeperOf } from './output.js';
import { PreparedRules } from './prepared-rules.js';
import { callRules, givenRules, moreOfTrades } from './rules.js';
import type { FeatureTable, Requires } from './types.js';

/**
 * How a tape is prepared. Rules that are given here are those of every question to it, unless a question says otherwise;
 * those that name columns of the tape have to be given here, because the tape keeps only what it needs.
 */
export interface PrepareOptions extends CommonOptions, RuleOptions {
  /** Refuse rows that do not ascend in time within each token, in place of sorting them. */
  readonly assumeSorted?: boolean | undefined;
}

/** What features of a prepared tape take: its engine is settled, and it is sorted. */
export type PreparedOptions = Omit<FeatureOptions, 'engine' | 'assumeSorted'>;

const PREPARE_OPTIONS = [...COMMON, 'assumeSorted', ...RULES];
const PREPARED_OPTIONS = FEATURE_OPTIONS.filter((name) => name !== 'engine');

/**
 * A tape that has been coded, grouped and sorted once, to be asked many times. It owns a copy of what it needs, so
 * that the table it was made from may go. Free it by {@link dispose}, by `using`, or leave it to the collector of
 * garbage, which knows of its memory.
 */
export class PreparedTape implements Disposable {
  readonly #tape: EngineTape;
  readonly #rules: PreparedRules;
  /** What was odd about the tape. */
  readonly warnings: readonly Warning[];

  /** @internal Made by {@link prepare}. */
  constructor(tape: EngineTape, rules: PreparedRules) {
    this.#tape = tape;
    this.#rules = rules;
    this.warnings = tape.warnings;
  }

  /** Bytes of memory that it holds; 0 once disposed. */
  get bytes(): number {
    return this.#tape.bytes;
  }

  /** Number of prints that it holds: those with a time and a token. */
  get rows(): number {
    return this.#tape.rows;
  }

  /** Number of distinct tokens with prints. */
  get tokens(): number {
    return this.#tape.tokens;
  }

  /** The unit of its times, which `mt_last_ts` has. */
  get unit(): TsUnit {
    return this.#tape.unit;
  }

  /** Whether it has been disposed. */
  get disposed(): boolean {
    return this.#tape.disposed;
  }

  /**
   * What `computeFeatures(trades, marketTrades, options)` gives for the tape that this was made from, by the rules that
   * {@link prepare} was given, with those of `options` in their place.
   *
   * @throws PolyfeatError as `computeFeatures` does; `DISPOSED` after {@link dispose}; `INVALID_OPTION` for a rule that names a
   *   column which the tape was not prepared with.
   */
  computeFeatures<const L extends TableInput, const O extends PreparedOptions = PreparedOptions>(
    trades: L & Requires<L, NeededTrades>,
    options?: O,
  ): FeatureTable<L, object, O> {
    const { task, finish } = this.#plan('computeFeatures', trades, options ?? {}, []);
    return finish(task.now()) as FeatureTable<L, object, O>;
  }

  /**
   * The same beside the event loop. A tape that is disposed meanwhile is kept until the work is done.
   *
   * @throws PolyfeatError as {@link PreparedTape.computeFeatures} does, by rejecting; the reason of an aborted signal.
   */
  async computeFeaturesAsync<
    const L extends TableInput,
    const O extends PreparedOptions & AsyncOptions = PreparedOptions & AsyncOptions,
  >(trades: L & Requires<L, NeededTrades>, options?: O): Promise<FeatureTable<L, object, O>> {
    refuseAborted('computeFeaturesAsync', options);
    const { task, finish } = this.#plan('computeFeaturesAsync', trades, options ?? {}, ASYNC);
    return finish(await task.later(hooksOf(options ?? {}))) as FeatureTable<L, object, O>;
  }

  /** Frees its memory; asking it afterwards is an error. Calling this again does nothing. */
  dispose(): void {
    this.#tape.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #plan(what: string, trades: TableInput, options: PreparedOptions, more: readonly string[]) {
    refuseUnknown(what, options, [...PREPARED_OPTIONS, ...more]);
    const common = featureCommon(what, options);
    const input = new Input('trades', trades);
    const keeps = keeperOf(what, input, options.columns ?? 'all');
    const rules = { ...this.#rules.given, ...givenRules(what, options) };
    const call = callRules(what, rules, common.sum, input, this.#rules.columns(what));
    const request = featureRequest(common, call);
    const views = { ...tradeViews(input, request), ...moreOfTrades(input, call) };
    return {
      task: this.#tape.features(views, request),
      finish: finisher(input, keeps, request, call, options),
    };
  }
}

/**
 * Prepares a tape to be asked many times: for several users' trades, or with several sets of options. Asking it
 * costs what is left of `computeFeatures` without reading and sorting the tape.
 *
 * Rules (`preset`, …) that are given here hold for every question. `excludeSelf: 'auto'`, as in the presets, is settled by
 * the tape alone: the first of `transaction_hash`, `event_key` with a value in it.
 *
 * @param marketTrades the tape: `ts`, `token_id`, `price`, `size`. Not needed any more afterwards.
 * @throws PolyfeatError `MISSING_COLUMN`, `WRONG_TYPE`, `WRONG_LENGTH`, `NOT_SORTED`, `OVERFLOW`, `CORRUPT`.
 * @example
 * ```ts
 * using tape = prepare(marketTrades, { preset: 'strict' });
 * const [mine, hers] = [tape.computeFeatures(myTrades), tape.computeFeatures(herTrades, { windows: ['5m'] })];
 * ```
 */
export function prepare<const M extends TableInput>(
  marketTrades: M & Requires<M, NeededPrints>,
  options: PrepareOptions = {},
): PreparedTape {
  const { task, rules } = plan('prepare', marketTrades, options, []);
  return prepared(task.now(), rules, options);
}

/**
 * {@link prepare} beside the event loop.
 *
 * @throws PolyfeatError as {@link prepare} does, by rejecting; the reason of an aborted `signal`.
 */
export async function prepareAsync<const M extends TableInput>(
  marketTrades: M & Requires<M, NeededPrints>,
  options: PrepareOptions & AsyncOptions = {},
): Promise<PreparedTape> {
  refuseAborted('prepareAsync', options);
  const { task, rules } = plan('prepareAsync', marketTrades, options, ASYNC);
  return prepared(await task.later(hooksOf(options)), rules, options);
}

function plan(what: string, marketTrades: TableInput, options: PrepareOptions, more: readonly string[]) {
  refuseUnknown(what, options, [...PREPARE_OPTIONS, ...more]);
  const engine = engineOf(what, options);
  const request = commonOf(what, ['trades', 'marketTrades'], options);
  const tape = new Input('marketTrades', marketTrades);
  const views = tapeViews(tape, request);
  const rules = new PreparedRules(what, givenRules(what, options), tape, request.tsUnit);
  return { task: engine.prepare({ ...views, ...rules.views }, request), rules };
}

function prepared(tape: EngineTape, rules: PreparedRules, options: PrepareOptions): PreparedTape {
  tellWarnings(options, tape.warnings);
  return new PreparedTape(tape, rules);
}
