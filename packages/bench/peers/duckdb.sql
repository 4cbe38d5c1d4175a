-- The whole job in DuckDB: running sums by token, then one ASOF join at each of t, t - 30 s, t - 60 s, t - 300 s.
-- duckdb.mjs and duckdb.py fill in {trades}, {tape}, {out}, {threads} and {ties}, and run one statement after another.
SET threads = {threads};
SET temp_directory = '{out}.tmp';
SET TimeZone = 'UTC';
SET preserve_insertion_order = true;

-- Joining integers is much cheaper than joining texts of 77 digits.
CREATE TEMP TABLE tokens AS
SELECT token_id AS name, (row_number() OVER ())::INTEGER AS token
FROM (SELECT DISTINCT token_id FROM read_parquet('{trades}'));

-- {ties} keeps the last print in file order of those with equal stamps; without it ASOF takes an arbitrary one.
CREATE TEMP TABLE tape AS
SELECT token, ts, price,
  row_number() OVER w AS n, sum(size) OVER w AS volume, sum(price * size) OVER w AS notional
FROM read_parquet('{tape}', file_row_number = true) JOIN tokens ON name = token_id
WINDOW w AS (PARTITION BY token ORDER BY ts, file_row_number ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
{ties};

CREATE TEMP TABLE moments AS
SELECT file_row_number AS r, token, ts,
  ts - INTERVAL 30 SECOND AS t30, ts - INTERVAL 60 SECOND AS t60, ts - INTERVAL 300 SECOND AS t300
FROM read_parquet('{trades}', file_row_number = true) JOIN tokens ON name = token_id;

CREATE TEMP TABLE features AS
SELECT m.r, e.price AS mt_last_price, e.ts AS mt_last_ts, epoch_ms(m.ts) - epoch_ms(e.ts) AS age,
  e.price - a.price AS mt_return_30s, e.price - c.price AS mt_return_300s, k.token IS NOT NULL AS known,
  coalesce(e.n, 0) - coalesce(b.n, 0) AS trades,
  coalesce(e.volume, 0) - coalesce(b.volume, 0) AS volume,
  coalesce(e.notional, 0) - coalesce(b.notional, 0) AS notional
FROM moments m
ASOF LEFT JOIN tape e ON m.token = e.token AND m.ts >= e.ts
ASOF LEFT JOIN tape a ON m.token = a.token AND m.t30 >= a.ts
ASOF LEFT JOIN tape b ON m.token = b.token AND m.t60 >= b.ts
ASOF LEFT JOIN tape c ON m.token = c.token AND m.t300 >= c.ts
LEFT JOIN (SELECT DISTINCT token FROM tape) k ON m.token = k.token;

DROP TABLE tape;
DROP TABLE moments;

COPY (
  WITH t AS (
    SELECT *, time_bucket(INTERVAL 10 SECOND, ts) AS bucket,
      coalesce(side = 'BUY' AND outcome IN ('Up', 'Down'), false) AS buys
    FROM read_parquet('{trades}', file_row_number = true)
  ),
  sets AS (
    SELECT market_slug, bucket,
      coalesce(sum(size) FILTER (outcome = 'Up'), 0) AS up,
      coalesce(sum(size) FILTER (outcome = 'Down'), 0) AS down
    FROM t WHERE buys AND market_slug IS NOT NULL GROUP BY ALL
  )
  SELECT t.* EXCLUDE (file_row_number, bucket, buys),
    mt_last_price, mt_last_ts, age::DOUBLE AS mt_last_age_ms, mt_return_30s, mt_return_300s,
    CASE WHEN known THEN trades END::DOUBLE AS mt_trades_60s,
    CASE WHEN known THEN volume END::DOUBLE AS mt_volume_60s,
    CASE WHEN known THEN notional END::DOUBLE AS mt_notional_60s,
    t.bucket,
    coalesce(up > 0 AND down > 0, false) AS complete_set_flag,
    coalesce(least(up, down), 0) AS complete_set_shares,
    CASE
      WHEN buys AND up > 0 AND down > 0 THEN 'COMPLETE_SET_ARBITRAGE'
      WHEN buys THEN 'DIRECTIONAL'
      ELSE 'OTHER'
    END AS regime
  FROM t
  LEFT JOIN sets s ON t.market_slug = s.market_slug AND t.bucket = s.bucket
  JOIN features f ON f.r = t.file_row_number
  ORDER BY t.token_id, t.ts, t.file_row_number
) TO '{out}' (FORMAT parquet, COMPRESSION snappy);
