import { Input, type TableInput } from '../arrow/input.js';
import { featureColumns, lookaheadMetadata } from '../columns.js';
import { PolyfeatError } from '../errors.js';
import type { RegimeMode } from '../kernels/sets.js';
import { NOTEBOOK } from '../kernels/visible/rules.js';
import { refuseAborted, refuseUnknown, requireOneOf } from '../options.js';
import { REGIME_MODES } from '../rules.js';
import type { ColumnChoice, SumMode } from '../types.js';
import {
  ASYNC,
  type AsyncOptions,
  COMMON,
  type CommonOptions,
  commonOf,
  type DurationInput,
  durationOf,
  engineOf,
  hooksOf,
  SUMS,
  tellWarnings,
} from './options.js';
import { keeperOf, outputTable } from './output.js';
import type { KeptOf, RegimeTypes, Requires, SetTypes, TableWith, TypesOf } from './types.js';

/** How complete sets are counted. */
export interface SetOptions extends CommonOptions {
  /** Length of the bucket. Default `10s`. */
  readonly bucket?: DurationInput | undefined;
  /**
   * Which trades of its market a row's sets are made of. Default `bucket`: those of its bucket, later ones too (the
   * notebook's: a label, it looks ahead). `bucket-asof`: those of its bucket up to it. `trailing`: those of (t -
   * bucket, t] up to it. `prev-bucket`: those of the bucket before.
   */
  readonly regime?: RegimeMode | undefined;
  /** Numerics of the sums. Default `exact`. `notebook` needs whole buckets: regimes `bucket` and `prev-bucket`. */
  readonly sum?: SumMode | undefined;
  /** Input columns that are passed on: `all` (default), the four keys (`features`), or those named. */
  readonly columns?: ColumnChoice | undefined;
}

const OPTIONS = [...COMMON, 'bucket', 'regime', 'sum', 'columns'];

/** The columns that complete sets need. */
export type NeededForSets = 'ts' | 'market_slug' | 'side' | 'outcome' | 'size';

/** The trades with the columns of complete sets. */
export type SetTable<L, O> = TableWith<KeptOf<TypesOf<L>, O>, SetTypes>;
/** The trades with the columns of complete sets, and the regime. */
export type RegimeTable<L, O> = TableWith<KeptOf<TypesOf<L>, O>, RegimeTypes>;

/**
 * Adds `bucket`, `complete_set_flag` and `complete_set_shares`: whether, and for how many shares, the trader bought
 * both outcomes of a market within a bucket of time. Every trade of that market and bucket gets them. Null sizes add
 * nothing; without a time or market: false and 0. Spec section 2, and section 4 for the regime modes.
 *
 * @throws PolyfeatError `MISSING_COLUMN`, `WRONG_TYPE`, `WRONG_LENGTH`, `BUCKET_UNIT`, `OVERFLOW`, `INVALID_OPTION`.
 * @example
 * ```ts
 * const sets = completeSets(trades, { bucket: '30s', regime: 'trailing' });
 * sets.getChild('complete_set_shares')?.get(0);
 * ```
 */
export function completeSets<const L extends TableInput, const O extends SetOptions = SetOptions>(
  trades: L & Requires<L, NeededForSets>,
  options?: O,
): SetTable<L, O> {
  const { task, finish } = plan('completeSets', trades, options ?? {}, [], 3);
  return finish(task.now()) as SetTable<L, O>;
}

/**
 * {@link completeSets} beside the event loop.
 *
 * @throws PolyfeatError as {@link completeSets} does, by rejecting; the reason of an aborted `signal`.
 */
export async function completeSetsAsync<
  const L extends TableInput,
  const O extends SetOptions & AsyncOptions = SetOptions & AsyncOptions,
>(trades: L & Requires<L, NeededForSets>, options?: O): Promise<SetTable<L, O>> {
  refuseAborted('completeSetsAsync', options);
  const { task, finish } = plan('completeSetsAsync', trades, options ?? {}, ASYNC, 3);
  return finish(await task.later(hooksOf(options ?? {}))) as SetTable<L, O>;
}

/**
 * {@link completeSets}, and with it `regime`: a buy of Up or Down is `COMPLETE_SET_ARBITRAGE` where the flag holds,
 * else `DIRECTIONAL`; anything else is `OTHER`. The regime is a dictionary of these three texts.
 *
 * @throws PolyfeatError as {@link completeSets} does.
 * @example
 * ```ts
 * regimes(trades).getChild('regime')?.get(0); // 'DIRECTIONAL'
 * ```
 */
export function regimes<const L extends TableInput, const O extends SetOptions = SetOptions>(
  trades: L & Requires<L, NeededForSets>,
  options?: O,
): RegimeTable<L, O> {
  const { task, finish } = plan('regimes', trades, options ?? {}, [], 4);
  return finish(task.now()) as RegimeTable<L, O>;
}

/**
 * {@link regimes} beside the event loop.
 *
 * @throws PolyfeatError as {@link regimes} does, by rejecting; the reason of an aborted `signal`.
 */
export async function regimesAsync<
  const L extends TableInput,
  const O extends SetOptions & AsyncOptions = SetOptions & AsyncOptions,
>(trades: L & Requires<L, NeededForSets>, options?: O): Promise<RegimeTable<L, O>> {
  refuseAborted('regimesAsync', options);
  const { task, finish } = plan('regimesAsync', trades, options ?? {}, ASYNC, 4);
  return finish(await task.later(hooksOf(options ?? {}))) as RegimeTable<L, O>;
}

function plan(
  what: string,
  trades: TableInput,
  options: SetOptions,
  more: readonly string[],
  columns: 3 | 4,
) {
  refuseUnknown(what, options, [...OPTIONS, ...more]);
  const engine = engineOf(what, options);
  const request = {
    ...commonOf(what, ['trades', ''], options),
    bucket: durationOf(what, 'bucket', options.bucket ?? '10s'),
    mode: requireOneOf(what, 'regime', options.regime ?? 'bucket', REGIME_MODES),
    sum: requireOneOf(what, 'sum', options.sum ?? 'exact', SUMS),
  };
  requireWholeBuckets(what, request);
  const input = new Input('trades', trades);
  const keeps = keeperOf(what, input, options.columns ?? 'all');
  const task = engine.regimes(
    {
      ts: input.view('ts', 'time', request.tsUnit),
      market: input.view('market_slug', 'text'),
      side: input.view('side', 'text'),
      outcome: input.view('outcome', 'text'),
      size: input.view('size', 'number'),
      // The notebook's sums add up in its row order.
      ...(request.sum === 'notebook' && input.has('token_id') && { token: input.view('token_id', 'text') }),
    },
    request,
  );
  return {
    task,
    finish: (answer: ReturnType<typeof task.now>) => {
      tellWarnings(options, answer.warnings);
      const metadata = lookaheadMetadata(featureColumns([], []), { ...NOTEBOOK, regime: request.mode });
      return outputTable(input, keeps, answer.columns.slice(0, columns), { metadata });
    },
  };
}

function requireWholeBuckets(what: string, { sum, mode }: { sum: SumMode; mode: RegimeMode }): void {
  if (sum === 'exact' || mode === 'bucket' || mode === 'prev-bucket') return;
  throw new PolyfeatError(
    'INVALID_OPTION',
    `${what}: sum notebook adds whole buckets, and regime ${mode} has none; use sum exact`,
  );
}
