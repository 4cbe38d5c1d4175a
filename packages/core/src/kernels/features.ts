/** All features of all trades. Spec section 2. */
import type { Duration } from '../duration.js';
import type { RowOrder, TsUnit, Warning } from '../types.js';
import { floorToBuckets } from './bucket.js';
import { codesInSteps } from './codes.js';
import { doubles, type MadeColumn, positives, timestamps } from './made.js';
import { marketOf, ownOf } from './market.js';
import { reordered } from './reorder.js';
import { completeSetShares, LEG, type RegimeMode } from './sets.js';
import { type Steps, within } from './steps.js';
import { Coder } from './strings.js';
import type { SweepPlan } from './sweep.js';
import { prepareTape, type Tape, type TapeColumns, type TapeOptions } from './tape.js';
import {
  groupByToken,
  type RowTimes,
  readLegs,
  readRowTimes,
  readSizes,
  type TradeColumns,
  type TradeOptions,
  timeWarnings,
  tokenOrder,
  tradePlace,
} from './trades.js';
import type { Visibility } from './visible/rules.js';

/** What to compute. */
export interface FeaturePlan extends SweepPlan {
  readonly bucket: Duration;
  readonly regime: RegimeMode;
  readonly order: RowOrder;
  /** Which prints a trade sees. */
  readonly visibility: Visibility;
  /** Begin with a column `ts`: the times as they were read. */
  readonly time: boolean;
}

/** A tape that is prepared, or its columns. */
export type TapeInput =
  | { readonly prepared: Tape }
  | { readonly columns: TapeColumns; readonly options: TapeOptions };

/** The features of all trades. */
export interface FeatureAnswer {
  /** In the notebook's order. */
  readonly columns: readonly MadeColumn[];
  /** With `order: 'token'`: the input's row number of each row. Null: rows are where they were. */
  readonly order: Uint32Array | null;
  readonly warnings: readonly Warning[];
  /** The tape that was read, unless it was there before. */
  readonly tape: Tape | null;
  /** The unit of `ts`, as it was read. */
  readonly unit: TsUnit;
  /** The tick of the stamps in nanoseconds, by which rows were rounded or proven; null where no rule asked for it. */
  readonly resolution: bigint | null;
}

/**
 * Computes the features of trades. Columns of the tape are made only where there is one, and it has rows; without
 * one, rows keep their order.
 *
 * @throws PolyfeatError `BUCKET_UNIT`, `OVERFLOW`, `NOT_SORTED`, `CORRUPT`; `MISSING_COLUMN` for a column that rules
 *   need and that was not given; `DUPLICATE_TIME`.
 */
export function* computeFeatures(
  trades: TradeColumns,
  tape: TapeInput | null,
  plan: FeaturePlan,
  options: TradeOptions,
): Steps<FeatureAnswer> {
  const rows = readRowTimes(trades.ts, options);
  const { axis, times } = rows;
  const total = times.stamps.length;
  const progress = (done: number) => ({ phase: 'features', done, total, unit: 'rows' as const });
  // Bad buckets are found before any work is done.
  const buckets = floorToBuckets(times, axis, plan.bucket, tradePlace(options, 'ts'));
  yield { ...progress(0), phase: 'keys' };
  const tokens = new Coder();
  const codes = yield* codesInSteps(trades.token, tokens, tradePlace(options, 'token_id'));
  const groups = groupByToken(codes, tokens.size, axis);
  yield { ...progress(total), phase: 'keys' };

  const { visibility } = plan;
  const reads = tape !== null && !('prepared' in tape);
  const own = reads && visibility.excludeSelf ? ownOf(trades, options) : undefined;
  // When the tape begins, prints of all tokens say.
  const coded = visibility.proof ? undefined : tokens;
  const read =
    tape === null || 'prepared' in tape
      ? null
      : yield* prepareTape(tape.columns, tape.options, { wanted: coded, own });
  const known = read ?? (tape !== null && 'prepared' in tape ? tape.prepared : null);
  const hasTape = known !== null && known.rows > 0;
  const needsOrder = hasTape && (plan.order === 'token' || plan.sum === 'notebook');
  const order = needsOrder ? tokenOrder(codes, tokens, groups, axis) : undefined;

  const columns: MadeColumn[] = plan.time ? [timestamps('ts', times.unit, times.stamps)] : [];
  let [proof, resolution]: [MadeColumn[], bigint | null] = [[], null];
  if (hasTape) {
    const asked = { columns: trades, axis, groups, tokens, own, options };
    const market = yield* marketOf(known, known === read && coded === tokens, asked, plan);
    columns.push(...market.columns);
    ({ proof, resolution } = market);
  }
  yield progress(total);
  columns.push(...(yield* setColumns(trades, rows, buckets, order, plan, options)), ...proof);
  const reorder = plan.order === 'token' && order !== undefined;
  return {
    columns: reorder ? columns.map((column) => reordered(column, order)) : columns,
    order: reorder ? new Uint32Array(order.buffer as ArrayBuffer) : null,
    warnings: timeWarnings(rows, options.table),
    tape: read,
    unit: times.unit,
    resolution,
  };
}

/** What complete sets and regimes need of the trades. */
export type SetColumns = Pick<TradeColumns, 'market' | 'side' | 'outcome' | 'size'>;

/** The columns `bucket`, `complete_set_flag`, `complete_set_shares`, `regime`. */
export function* setColumns(
  trades: SetColumns,
  { times, axis }: RowTimes,
  buckets: ReturnType<typeof floorToBuckets>,
  order: Int32Array | undefined,
  plan: Pick<FeaturePlan, 'bucket' | 'regime' | 'sum'>,
  options: TradeOptions,
): Steps<MadeColumn[]> {
  const markets = new Coder();
  const market = yield* within(
    codesInSteps(trades.market, markets, tradePlace(options, 'market_slug')),
    ({ total }) => ({ phase: 'sets', done: 0, total, unit: 'rows' }),
  );
  const leg = readLegs(trades.side, trades.outcome, options);
  const shares = yield* completeSetShares(
    { market, markets: markets.size, times: axis, buckets, leg, size: readSizes(trades.size), order },
    { mode: plan.regime, sum: plan.sum, nanos: plan.bucket.nanos },
  );
  const regime = new Int8Array(leg.length);
  for (let row = 0; row < leg.length; row++)
    regime[row] = leg[row] === LEG.none ? 2 : shares[row]! > 0 ? 0 : 1;
  return [
    timestamps('bucket', times.unit, buckets.stamps),
    positives('complete_set_flag', shares),
    doubles('complete_set_shares', shares),
    { name: 'regime', type: 'regime', values: regime, validity: null, nullCount: 0 },
  ];
}
