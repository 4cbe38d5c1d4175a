"""notebook.py JOB: the notebook's job in pandas, done as the notebook does it: for each token a mask over all trades,
binary searches in the token's prints, differences of running sums. After 02_feature_layer_and_regimes.ipynb of
ent0n29/polybot (MIT), in words of our own. Needs pandas < 3. JOB is JSON: { trades, tape, out }.
"""

import json
import sys
import time

import numpy as np
import pandas as pd

job = json.loads(sys.argv[1])
start = time.perf_counter()

BUCKET = "10s"
LAGS = (30, 300)
WINDOW = 60
SECOND = 1_000_000_000

features = pd.read_parquet(job["trades"])
prints = pd.read_parquet(job["tape"])
for table in (features, prints):
    table["ts"] = pd.to_datetime(table["ts"], errors="coerce", utc=True)
features = features.sort_values(["token_id", "ts"], kind="stable")
prints = prints.sort_values(["token_id", "ts"], kind="stable")


def nanos(stamps):
    return stamps.to_numpy(dtype="datetime64[ns]").astype("int64")


def looked_up(values, count, otherwise):
    """The value before each of these positions, where there is one."""
    return np.where(count > 0, values[np.maximum(count - 1, 0)], otherwise)


flows = [f"mt_{kind}_{WINDOW}s" for kind in ("trades", "volume", "notional")]
features["mt_last_price"] = np.nan
features["mt_last_ts"] = pd.to_datetime(pd.Series(pd.NaT, index=features.index), utc=True)
features["mt_last_age_ms"] = np.nan
for name in [f"mt_return_{lag}s" for lag in LAGS] + flows:
    features[name] = np.nan

for token, tape in prints.groupby("token_id", sort=False):
    mine = features["token_id"] == token
    if not mine.any():
        continue
    stamps = nanos(tape["ts"])
    price = tape["price"].to_numpy(dtype="float64")
    size = tape["size"].to_numpy(dtype="float64")
    volume = np.cumsum(size)
    notional = np.cumsum(price * size)
    now = nanos(features.loc[mine, "ts"])

    end = np.searchsorted(stamps, now, side="right")
    last = looked_up(price, end, np.nan)
    last_ts = looked_up(stamps, end, np.datetime64("NaT").astype("int64"))
    features.loc[mine, "mt_last_price"] = last
    features.loc[mine, "mt_last_ts"] = pd.to_datetime(last_ts, utc=True, errors="coerce")
    features.loc[mine, "mt_last_age_ms"] = np.where(end > 0, (now - last_ts) / 1e6, np.nan)
    for lag in LAGS:
        before = np.searchsorted(stamps, now - lag * SECOND, side="right")
        features.loc[mine, f"mt_return_{lag}s"] = last - looked_up(price, before, np.nan)
    begin = np.searchsorted(stamps, now - WINDOW * SECOND, side="right")
    features.loc[mine, flows[0]] = end - begin
    for name, sums in zip(flows[1:], (volume, notional)):
        features.loc[mine, name] = looked_up(sums, end, 0.0) - looked_up(sums, begin, 0.0)

updown = features["outcome"].isin(["Up", "Down"])
buys = updown & (features["side"] == "BUY")
features["bucket"] = features["ts"].dt.floor(BUCKET)
bought = features.loc[buys].pivot_table(
    index=["market_slug", "bucket"], columns="outcome", values="size", aggfunc="sum", fill_value=0.0
)
bought = bought.reindex(columns=["Up", "Down"], fill_value=0.0)
sets = pd.DataFrame(
    {
        "complete_set_flag": (bought["Up"] > 0) & (bought["Down"] > 0),
        "complete_set_shares": np.minimum(bought["Up"], bought["Down"]),
    }
).reset_index()
features = features.merge(sets, how="left", on=["market_slug", "bucket"])
features["complete_set_flag"] = features["complete_set_flag"].eq(True)
features["complete_set_shares"] = features["complete_set_shares"].fillna(0.0)
buys = features["outcome"].isin(["Up", "Down"]) & (features["side"] == "BUY")
features["regime"] = np.select(
    [buys & features["complete_set_flag"], buys], ["COMPLETE_SET_ARBITRAGE", "DIRECTIONAL"], "OTHER"
)
features.to_parquet(job["out"], index=False)
print(json.dumps({"seconds": time.perf_counter() - start}))
