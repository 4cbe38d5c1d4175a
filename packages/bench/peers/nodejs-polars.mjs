// node nodejs-polars.mjs JOB: the whole job in Polars' Node client (nodejs-polars): an as-of join by token at
// t, t - 30 s, t - 60 s, t - 300 s. JOB is JSON: { trades, tape, out }. POLARS_MAX_THREADS bounds the threads.
// The token is a Categorical, because joining texts of 77 digits takes two to three times as long. This client has no
// durations, so moments are nanoseconds as integers.
import pl from 'nodejs-polars';

const job = JSON.parse(process.argv[2] ?? '{}');
const start = performance.now();

const col = pl.col;
const token = col('token_id').cast(pl.Categorical);
const nanos = col('ts').cast(pl.Datetime('ns', 'UTC')).cast(pl.Int64);
const sums = ['n', 'volume', 'notional'];

const trades = pl.scanParquet(job.trades);
const moments = await trades
  .select(token, nanos.alias('at'))
  .withRowIndex('row')
  .sort({ by: ['at', 'row'] })
  .collect();
const ownTokens = moments.lazy().select(col('token_id')).unique();
const tape = await pl
  .scanParquet(job.tape)
  .select(token, col('ts').alias('last_ts'), nanos.alias('at'), col('price'), col('size'))
  .withRowIndex('row')
  .join(ownTokens, { on: 'token_id', how: 'semi' })
  // A join may change the order, and of equal stamps the last in the file counts.
  .sort({ by: ['at', 'row'] })
  .withColumns(
    col('at').cumCount().over('token_id').cast(pl.Float64).alias('n'),
    col('size').cumSum().over('token_id').alias('volume'),
    col('price').mul(col('size')).cumSum().over('token_id').alias('notional'),
  )
  .collect();
const known = tape.select(col('token_id')).unique().withColumn(pl.lit(true).alias('known'));

/**
 * The tape's columns as they stood so many seconds before each trade, with a suffix.
 * @param {number} seconds
 * @param {string} suffix
 * @param {string[]} columns
 */
function at(seconds, suffix, columns) {
  const left = moments.select(
    col('token_id'),
    col('at')
      .sub(pl.lit(seconds * 1e9).cast(pl.Int64))
      .alias('at'),
  );
  const right = tape.select('token_id', 'at', ...columns);
  const joined = left.joinAsof(right, { on: 'at', by: 'token_id', checkSortedness: false });
  return joined.select(...columns.map((name) => col(name).alias(`${name}${suffix}`)));
}

/**
 * What the window (t - 60 s, t] added; null for a token that the tape does not know.
 * @param {string} name
 */
const added = (name) => {
  const difference = col(`${name}_0`)
    .fillNull(0)
    .sub(col(`${name}_60`).fillNull(0));
  return pl
    .when(col('known'))
    .then(difference)
    .otherwise(pl.lit(null))
    .alias(`mt_${name === 'n' ? 'trades' : name}_60s`);
};

const parts = [
  moments,
  at(0, '_0', ['price', 'last_ts', ...sums]),
  at(30, '_30', ['price']),
  at(60, '_60', sums),
  at(300, '_300', ['price']),
];
const features = pl
  .concat(parts, { how: 'horizontal' })
  .lazy()
  .join(known.lazy(), { on: 'token_id', how: 'left' })
  .select(
    col('row'),
    col('price_0').alias('mt_last_price'),
    col('last_ts_0').cast(pl.Datetime('us', 'UTC')).alias('mt_last_ts'),
    col('at')
      .sub(col('last_ts_0').cast(pl.Datetime('ns', 'UTC')).cast(pl.Int64))
      .cast(pl.Float64)
      .div(pl.lit(1e6))
      .alias('mt_last_age_ms'),
    col('price_0').sub(col('price_30')).alias('mt_return_30s'),
    col('price_0').sub(col('price_300')).alias('mt_return_300s'),
    ...sums.map(added),
  );

const buys = col('side')
  .eq(pl.lit('BUY'))
  .and(col('outcome').isIn(['Up', 'Down']))
  .fillNull(false);
const bucket = col('ts').dt.truncate('10s').alias('bucket');
/** @param {string} outcome */
const bought = (outcome) =>
  col('size')
    .filter(col('outcome').eq(pl.lit(outcome)))
    .sum();
const sets = trades
  .filter(buys.and(col('market_slug').isNotNull()))
  .withColumns(bucket)
  .groupBy(['market_slug', 'bucket'])
  .agg(bought('Up').alias('up'), bought('Down').alias('down'))
  .select(
    col('market_slug'),
    col('bucket'),
    col('up').gt(0).and(col('down').gt(0)).alias('complete_set_flag'),
    pl.minHorizontal([col('up'), col('down')]).alias('complete_set_shares'),
  );

const flag = col('complete_set_flag');
const out = await trades
  .withRowIndex('row')
  .withColumns(bucket)
  .join(features, { on: 'row', how: 'left' })
  .join(sets, { on: ['market_slug', 'bucket'], how: 'left' })
  .withColumns(flag.fillNull(false), col('complete_set_shares').fillNull(0))
  .withColumns(
    pl
      .when(buys.and(flag))
      .then(pl.lit('COMPLETE_SET_ARBITRAGE'))
      .when(buys)
      .then(pl.lit('DIRECTIONAL'))
      .otherwise(pl.lit('OTHER'))
      .alias('regime'),
  )
  .sort({ by: ['token_id', 'ts', 'row'] })
  .drop('row')
  .collect();
out.writeParquet(job.out, { compression: 'snappy' });
console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000 }));
