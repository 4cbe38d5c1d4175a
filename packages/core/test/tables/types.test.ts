/** Types of results, and calls that must not compile. Checked by the compiler; `tsc` fails where one does not hold. */
import type {
  Dictionary,
  Float64,
  Int8,
  Table,
  Timestamp,
  TimestampMillisecond,
  Utf8,
  Vector,
} from 'apache-arrow';
import { describe, expectTypeOf, it } from 'vitest';
import {
  asofJoin,
  completeSets,
  computeFeatures,
  computeFeaturesAsync,
  type LabelOf,
  type PreparedTape,
  regimes,
  type TableInput,
  windowFlow,
} from '../../src/index.js';

type Trades = {
  ts: TimestampMillisecond;
  token_id: Utf8;
  market_slug: Utf8;
  side: Utf8;
  outcome: Utf8;
  size: Float64;
  note: Utf8;
};
type Prints = { ts: TimestampMillisecond; token_id: Utf8; price: Float64; size: Float64 };

declare const trades: Table<Trades>;
declare const tape: Table<Prints>;
declare const unknown: Table;
declare const prepared: PreparedTape;

// Never called: the compiler is what is tested.
describe('labels of durations', () => {
  it('are those of parseDuration', () => {
    expectTypeOf<LabelOf<'5s'>>().toEqualTypeOf<'5s'>();
    expectTypeOf<LabelOf<'060s'>>().toEqualTypeOf<'60s'>();
    expectTypeOf<LabelOf<'5m'>>().toEqualTypeOf<'300s'>();
    expectTypeOf<LabelOf<'90m'>>().toEqualTypeOf<'5400s'>();
    expectTypeOf<LabelOf<'1h'>>().toEqualTypeOf<'3600s'>();
    expectTypeOf<LabelOf<'36h'>>().toEqualTypeOf<'129600s'>();
    expectTypeOf<LabelOf<'1d'>>().toEqualTypeOf<'86400s'>();
    expectTypeOf<LabelOf<'365d'>>().toEqualTypeOf<'31536000s'>();
    expectTypeOf<LabelOf<'250ms'>>().toEqualTypeOf<'250ms'>();
    expectTypeOf<LabelOf<'1000ms'>>().toEqualTypeOf<'1s'>();
    expectTypeOf<LabelOf<'10us'>>().toEqualTypeOf<'10us'>();
    expectTypeOf<LabelOf<'5000us'>>().toEqualTypeOf<'5ms'>();
    expectTypeOf<LabelOf<'7000000000ns'>>().toEqualTypeOf<'7s'>();
    expectTypeOf<LabelOf<'7ns'>>().toEqualTypeOf<'7ns'>();
    expectTypeOf<LabelOf<string>>().toEqualTypeOf<string>();
  });
});

describe('results', () => {
  it('name the columns that are added, and keep those of the input', () => {
    const call = () => computeFeatures(trades, tape);
    type Result = ReturnType<typeof call>;
    const get = (result: Result) => result.getChild('mt_last_price');
    expectTypeOf(get).returns.toEqualTypeOf<Vector<Float64> | null>();
    expectTypeOf<Result extends Table<infer T> ? T : never>().toEqualTypeOf<
      Trades & {
        mt_last_price: Float64;
        mt_last_ts: Timestamp;
        mt_last_age_ms: Float64;
        mt_return_30s: Float64;
        mt_return_300s: Float64;
        mt_trades_60s: Float64;
        mt_volume_60s: Float64;
        mt_notional_60s: Float64;
        bucket: Timestamp;
        complete_set_flag: import('apache-arrow').Bool;
        complete_set_shares: Float64;
        regime: Dictionary<Utf8, Int8>;
      } extends infer T
        ? { [K in keyof T]: T[K] }
        : never
    >();
  });

  it('name those of custom lags and windows', () => {
    const call = () =>
      computeFeatures(trades, tape, { returns: ['5s', '250ms'], windows: ['2m'], columns: ['ts', 'note'] });
    type Names = ReturnType<typeof call> extends Table<infer T> ? keyof T : never;
    expectTypeOf<Names>().toEqualTypeOf<
      | 'ts'
      | 'note'
      | 'mt_last_price'
      | 'mt_last_ts'
      | 'mt_last_age_ms'
      | 'mt_return_5s'
      | 'mt_return_250ms'
      | 'mt_trades_120s'
      | 'mt_volume_120s'
      | 'mt_notional_120s'
      | 'bucket'
      | 'complete_set_flag'
      | 'complete_set_shares'
      | 'regime'
    >();
    const later = () => prepared.computeFeaturesAsync(trades, { returns: ['1h'] });
    type Later = Awaited<ReturnType<typeof later>> extends Table<infer T> ? T : never;
    expectTypeOf<Later['mt_return_3600s']>().toEqualTypeOf<Float64>();
    expectTypeOf<Extract<keyof Later, 'mt_return_30s'>>().toEqualTypeOf<never>();
  });

  it('have none of a tape without one', () => {
    const call = () => computeFeatures(trades);
    type T = ReturnType<typeof call> extends Table<infer T> ? T : never;
    expectTypeOf<Extract<keyof T, `mt_${string}`>>().toEqualTypeOf<never>();
    expectTypeOf<T['regime']>().toEqualTypeOf<Dictionary<Utf8, Int8>>();
  });

  it('of tables that are not known may have any column, and have those that are added', () => {
    const call = () => computeFeatures(unknown, unknown);
    const get = (result: ReturnType<typeof call>) => [
      result.getChild('mt_last_price'),
      result.getChild('anything'),
    ];
    expectTypeOf(get).returns.toExtend<(Vector | null)[]>();
    const dynamic = (input: TableInput, lags: string[]) => computeFeatures(input, unknown, { returns: lags });
    expectTypeOf(dynamic).returns.toExtend<Table>();
  });

  it('of plain columns have their Arrow types', () => {
    const call = () =>
      computeFeatures(
        {
          ts: new BigInt64Array(1),
          token_id: ['A'],
          market_slug: ['m'],
          side: ['BUY'],
          outcome: ['Up'],
          size: new Float64Array(1),
        },
        null,
        { tsUnit: 'ms' },
      );
    type T = ReturnType<typeof call> extends Table<infer T> ? T : never;
    expectTypeOf<T['ts']>().toEqualTypeOf<import('apache-arrow').Int64>();
    expectTypeOf<T['token_id']>().toEqualTypeOf<Utf8>();
    expectTypeOf<T['size']>().toEqualTypeOf<Float64>();
  });

  it('of joins and flows', () => {
    const join = () => asofJoin(trades, tape, { by: ['token_id'] });
    type Joined = ReturnType<typeof join> extends Table<infer T> ? T : never;
    expectTypeOf<keyof Joined>().toEqualTypeOf<keyof Trades | 'price' | 'size_right'>();
    const chosen = () => asofJoin(trades, tape, { columns: ['ts', 'price'], suffix: '_print' });
    type Chosen = ReturnType<typeof chosen> extends Table<infer T> ? T : never;
    expectTypeOf<keyof Chosen>().toEqualTypeOf<keyof Trades | 'price' | 'ts_print'>();
    expectTypeOf<Chosen['ts_print']>().toEqualTypeOf<TimestampMillisecond>();
    const flow = () =>
      windowFlow(trades, tape, { windows: ['1m'], sums: { volume: 'size', notional: ['price', 'size'] } });
    type Flow = ReturnType<typeof flow> extends Table<infer T> ? T : never;
    expectTypeOf<Exclude<keyof Flow, keyof Trades>>().toEqualTypeOf<
      'count_60s' | 'volume_60s' | 'notional_60s'
    >();
  });

  it('of complete sets and regimes', () => {
    const sets = () => completeSets(trades, { columns: [] });
    type Sets = ReturnType<typeof sets> extends Table<infer T> ? keyof T : never;
    expectTypeOf<Sets>().toEqualTypeOf<'bucket' | 'complete_set_flag' | 'complete_set_shares'>();
    const call = () => regimes(trades);
    type T = ReturnType<typeof call> extends Table<infer T> ? T : never;
    expectTypeOf<T['regime']>().toEqualTypeOf<Dictionary<Utf8, Int8>>();
  });
});

/** Each line is an error that the compiler must find. */
export function refused(lacking: Table<Omit<Trades, 'side'>>, silent: Table<Omit<Prints, 'price'>>) {
  // @ts-expect-error side is missing
  computeFeatures(lacking, tape);
  // @ts-expect-error price is missing
  computeFeatures(trades, silent);
  // @ts-expect-error side is missing
  void computeFeaturesAsync(lacking, tape);
  // @ts-expect-error side is missing
  prepared.computeFeatures(lacking);
  // @ts-expect-error size is missing
  completeSets({ ts: new BigInt64Array(0), market_slug: [], side: [], outcome: [] });
  // @ts-expect-error there is no such sum
  computeFeatures(trades, tape, { sum: 'fast' });
  // @ts-expect-error there is no such column on the right
  asofJoin(trades, tape, { by: ['market_slug'] });
  // @ts-expect-error there is no such column on the left
  asofJoin(trades, tape, { on: { left: 'time', right: 'ts' } });
  // @ts-expect-error there is no such column to sum
  windowFlow(trades, tape, { windows: ['60s'], sums: { volume: 'amount' } });
  // @ts-expect-error windows are needed
  windowFlow(trades, tape, {});
  // @ts-expect-error regimes have no tape
  regimes(trades, tape);
}
