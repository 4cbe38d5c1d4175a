-- The whole job in ClickHouse: running sums by token, then one ASOF join at each of t, t - 30 s, t - 60 s, t - 300 s.
-- chdb.py fills in {trades}, {tape}, {out} and {threads}, and runs one statement after another.
SET max_threads = {threads};
SET join_use_nulls = 1;
SET output_format_parquet_compression_method = 'snappy';
SET session_timezone = 'UTC';
SET engine_file_truncate_on_insert = 1;

CREATE TABLE moments ENGINE = Memory AS
SELECT _row_number AS r, token_id, ts, ts - INTERVAL 30 SECOND AS t30, ts - INTERVAL 60 SECOND AS t60,
  ts - INTERVAL 300 SECOND AS t300
FROM file('{trades}', Parquet);

-- The last print in file order stays of those with equal stamps: ASOF would take any.
CREATE TABLE tape ENGINE = Memory AS
SELECT token_id, ts, price, n, volume, notional FROM (
  SELECT token_id, ts, price,
    row_number() OVER w AS n, sum(size) OVER w AS volume, sum(price * size) OVER w AS notional,
    leadInFrame(toNullable(ts)) OVER (PARTITION BY token_id ORDER BY ts, _row_number
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS next
  FROM file('{tape}', Parquet)
  WHERE token_id IN (SELECT token_id FROM moments)
  WINDOW w AS (PARTITION BY token_id ORDER BY ts, _row_number ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
) WHERE next IS NULL OR next != ts;

CREATE TABLE ends ENGINE = Memory AS
SELECT r, e.price AS last_price, e.ts AS last_ts, e.n AS n, e.volume AS volume, e.notional AS notional
FROM moments AS m ASOF LEFT JOIN tape AS e ON m.token_id = e.token_id AND m.ts >= e.ts;

CREATE TABLE begins ENGINE = Memory AS
SELECT r, b.n AS n, b.volume AS volume, b.notional AS notional
FROM moments AS m ASOF LEFT JOIN tape AS b ON m.token_id = b.token_id AND m.t60 >= b.ts;

CREATE TABLE lags ENGINE = Memory AS
SELECT l.r AS r, l.price AS price_30, f.price AS price_300 FROM (
  SELECT r, a.price AS price FROM moments AS m ASOF LEFT JOIN tape AS a ON m.token_id = a.token_id AND m.t30 >= a.ts
) AS l JOIN (
  SELECT r, c.price AS price FROM moments AS m ASOF LEFT JOIN tape AS c ON m.token_id = c.token_id AND m.t300 >= c.ts
) AS f ON l.r = f.r;

CREATE TABLE sets ENGINE = Memory AS
SELECT assumeNotNull(market_slug) AS slug, toDateTime64(toStartOfInterval(ts, INTERVAL 10 SECOND), 3, 'UTC') AS begin,
  ifNull(sumIf(size, outcome = 'Up'), 0) AS up, ifNull(sumIf(size, outcome = 'Down'), 0) AS down
FROM file('{trades}', Parquet)
WHERE side = 'BUY' AND outcome IN ('Up', 'Down') AND market_slug IS NOT NULL
GROUP BY slug, begin;

INSERT INTO FUNCTION file('{out}', Parquet)
SELECT t.* EXCEPT (r, buys, known),
  e.last_price AS mt_last_price, e.last_ts AS mt_last_ts,
  toFloat64(toUnixTimestamp64Milli(t.ts) - toUnixTimestamp64Milli(e.last_ts)) AS mt_last_age_ms,
  e.last_price - l.price_30 AS mt_return_30s, e.last_price - l.price_300 AS mt_return_300s,
  if(known, toFloat64(ifNull(e.n, 0)) - ifNull(b.n, 0), NULL) AS mt_trades_60s,
  if(known, ifNull(e.volume, 0) - ifNull(b.volume, 0), NULL) AS mt_volume_60s,
  if(known, ifNull(e.notional, 0) - ifNull(b.notional, 0), NULL) AS mt_notional_60s,
  toDateTime64(toStartOfInterval(t.ts, INTERVAL 10 SECOND), 3, 'UTC') AS bucket,
  ifNull(s.up > 0 AND s.down > 0, false)::Bool AS complete_set_flag,
  ifNull(least(s.up, s.down), 0) AS complete_set_shares,
  multiIf(buys AND s.up > 0 AND s.down > 0, 'COMPLETE_SET_ARBITRAGE', buys, 'DIRECTIONAL', 'OTHER') AS regime
FROM (
  SELECT *, _row_number AS r, ifNull(side = 'BUY' AND outcome IN ('Up', 'Down'), false) AS buys,
    token_id IN (SELECT token_id FROM tape) AS known
  FROM file('{trades}', Parquet)
) AS t
JOIN ends AS e ON e.r = t.r
JOIN begins AS b ON b.r = t.r
JOIN lags AS l ON l.r = t.r
LEFT JOIN sets AS s ON s.slug = t.market_slug AND s.begin = bucket
ORDER BY t.token_id, t.ts, t.r;
