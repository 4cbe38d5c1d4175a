"""polars.py JOB: the whole job in Polars for Python: an as-of join by token at t, t - 30 s, t - 60 s, t - 300 s.

JOB is JSON: { trades, tape, out, engine: "memory" | "streaming" }. Needs polars >= 1.30. POLARS_MAX_THREADS bounds
the threads. The token is a Categorical, because joining texts of 77 digits takes two to three times as long.
"""

import json
import sys
import time
from pathlib import Path

here = Path(__file__).resolve().parent
# This file has the library's name: its own folder must not be searched for it.
sys.path = [folder for folder in sys.path if Path(folder or ".").resolve() != here]
import polars as pl  # noqa: E402

job = json.loads(sys.argv[1])
streaming = job["engine"] == "streaming"
engine = "streaming" if streaming else "in-memory"
start = time.perf_counter()

token = pl.col("token_id").cast(pl.Categorical)
trades = pl.scan_parquet(job["trades"])
moments = trades.select(token, "ts").collect(engine=engine)
tape = (
    pl.scan_parquet(job["tape"])
    .select(token, "ts", "price", "size")
    .join(moments.lazy().select("token_id").unique(), on="token_id", how="semi", maintain_order="left")
    .collect(engine=engine)
)
if not tape["ts"].is_sorted():
    tape = tape.sort("ts", maintain_order=True)
known = tape["token_id"].unique()
tape = tape.with_columns(
    pl.col("ts").set_sorted(),
    pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).over("token_id").alias("n"),
    pl.col("size").cum_sum().over("token_id").alias("volume"),
    (pl.col("price") * pl.col("size")).cum_sum().over("token_id").alias("notional"),
).with_columns(last_ts=pl.col("ts"))

moments = moments.with_row_index("row")
given = None
if not moments["ts"].is_sorted():
    moments = moments.sort("ts", maintain_order=True)
    given = moments["row"].arg_sort()


def at(seconds, columns):
    """The tape's columns as they stood so many seconds before each trade."""
    moment = (pl.col("ts") - pl.duration(seconds=seconds)).alias("ts").set_sorted()
    return (
        moments.select("token_id", moment)
        .join_asof(
            tape.select("token_id", "ts", *columns),
            on="ts",
            by="token_id",
            strategy="backward",
            check_sortedness=False,
        )
        .select(columns)
    )


end = at(0, ["price", "last_ts", "n", "volume", "notional"])
begin = at(60, ["n", "volume", "notional"])
price_30 = at(30, ["price"])["price"]
price_300 = at(300, ["price"])["price"]
del tape


is_known = moments["token_id"].is_in(known.implode())
sums = pl.DataFrame(
    {"known": is_known}
    | {f"end_{name}": end[name] for name in ("n", "volume", "notional")}
    | {f"begin_{name}": begin[name] for name in ("n", "volume", "notional")}
)


def added(name):
    """What the window (t - 60 s, t] added; null for a token that the tape does not know."""
    after, before = (pl.col(f"{side}_{name}").fill_null(0).cast(pl.Float64) for side in ("end", "begin"))
    return pl.when("known").then(after - before)


flow = sums.select(
    mt_trades_60s=added("n"), mt_volume_60s=added("volume"), mt_notional_60s=added("notional")
)
features = pl.DataFrame(
    {
        "mt_last_price": end["price"],
        "mt_last_ts": end["last_ts"].dt.cast_time_unit("us"),
        "mt_last_age_ms": (moments["ts"] - end["last_ts"]).dt.total_milliseconds().cast(pl.Float64),
        "mt_return_30s": end["price"] - price_30,
        "mt_return_300s": end["price"] - price_300,
        **flow.to_dict(),
    }
)
del end, begin, price_30, price_300, flow, sums
if given is not None:
    features = features[given]

buys = ((pl.col("side") == "BUY") & pl.col("outcome").is_in(["Up", "Down"])).fill_null(False)
bucket = pl.col("ts").dt.truncate("10s").alias("bucket")
sets = (
    trades.filter(buys & pl.col("market_slug").is_not_null())
    .group_by("market_slug", bucket)
    .agg(
        up=pl.col("size").filter(pl.col("outcome") == "Up").sum(),
        down=pl.col("size").filter(pl.col("outcome") == "Down").sum(),
    )
    .select(
        "market_slug",
        "bucket",
        complete_set_flag=(pl.col("up") > 0) & (pl.col("down") > 0),
        complete_set_shares=pl.min_horizontal("up", "down"),
    )
)
out = (
    pl.concat([trades, features.lazy()], how="horizontal")
    .with_columns(bucket)
    .join(sets, on=["market_slug", "bucket"], how="left", maintain_order="left")
    .with_columns(
        pl.col("complete_set_flag").fill_null(False), pl.col("complete_set_shares").fill_null(0.0)
    )
    .with_columns(
        regime=pl.when(buys & pl.col("complete_set_flag"))
        .then(pl.lit("COMPLETE_SET_ARBITRAGE"))
        .when(buys)
        .then(pl.lit("DIRECTIONAL"))
        .otherwise(pl.lit("OTHER"))
    )
    .sort("token_id", "ts", maintain_order=True)
)
if streaming:
    out.sink_parquet(job["out"], compression="snappy", engine="streaming")
else:
    out.collect(engine=engine).write_parquet(job["out"], compression="snappy")
print(json.dumps({"seconds": time.perf_counter() - start}))
