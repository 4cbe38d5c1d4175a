//! What counted for the complete set of a trade.

use std::path::Path;

use polyfeat::{Leg, NULL_TS, Numerics, RegimeMode, exact_sum, regime};
use serde_json::{Map, Value, json};

use super::groups::{Groups, nearest};
use super::{instant, regime_value};
use crate::error::{Error, Result};
use crate::job::Job;
use crate::keys::TradeKeys;
use crate::sets::{bucket_start, set_shares};
use crate::strings::{Interner, NULL_CODE};
use crate::words::regime_name;

/// A trade among all.
pub struct Trade<'a> {
    /// The keys of all trades.
    pub keys: &'a TradeKeys,
    /// Its row.
    pub at: usize,
}

/// What is asked of complete sets.
pub struct Asked {
    /// The bucket in the unit of the trades' time.
    pub step: i64,
    /// Numerics.
    pub sum: Numerics,
    /// What counts.
    pub mode: RegimeMode,
    /// Whether the notebook's sums are made in the order of tokens.
    pub by_token: bool,
    /// How many trades a list names.
    pub limit: usize,
}

impl Trade<'_> {
    /// Explains its complete set, and adds the columns to `values`.
    ///
    /// # Errors
    /// `OVERFLOW` when its bucket begins before the earliest time or ends after the last; `CANCELLED`.
    pub fn explain(
        &self,
        job: &Job,
        path: &Path,
        asked: &Asked,
        values: &mut Map<String, Value>,
    ) -> Result<Value> {
        let Trade { keys, at } = *self;
        let (t, market, leg) = (keys.ts[at], keys.market[at], keys.leg[at]);
        let mut put = |shares: f64, bucket: i64| {
            let regime = regime_value(regime(leg, shares > 0.0));
            values.insert("bucket".into(), instant(bucket, keys.unit));
            values.insert("complete_set_flag".into(), json!(shares > 0.0));
            values.insert("complete_set_shares".into(), json!(shares));
            values.insert("regime".into(), regime);
        };
        let outside = || Error::internal("a bucket beyond 64 bits");
        let bucket = bucket_start(t, asked.step).ok_or_else(outside)?;
        let nothing = [
            (t == NULL_TS, "the trade has no time"),
            (market == NULL_CODE, "the trade has no market_slug"),
        ];
        if let Some((_, why)) = nothing.iter().find(|(is, _)| *is) {
            put(0.0, bucket);
            return Ok(json!({ "mode": regime_name(asked.mode), "missing": why }));
        }
        let rows: Vec<u32> = (0..keys.market.len() as u32)
            .filter(|&row| keys.market[row as usize] == market)
            .collect();
        let of_market = self.of_market(&rows);
        let order = asked.by_token.then(|| by_token(&of_market));
        let shares = set_shares(
            job,
            path,
            &of_market,
            order.as_deref(),
            asked.step,
            asked.sum,
            asked.mode,
        )?;
        let own = rows.partition_point(|&row| (row as usize) < at);
        put(shares[own], bucket);

        let (from, to) = match asked.mode {
            RegimeMode::Bucket | RegimeMode::BucketAsof => (bucket, bucket.saturating_add(asked.step)),
            RegimeMode::Trailing => (
                t.saturating_sub(asked.step).saturating_add(1),
                t.saturating_add(1),
            ),
            RegimeMode::PrevBucket => (bucket.saturating_sub(asked.step), bucket),
        };
        let up_to_own = matches!(asked.mode, RegimeMode::BucketAsof | RegimeMode::Trailing);
        let (mut held, mut left_out) = (Vec::new(), Groups::default());
        for (i, &row) in rows.iter().enumerate() {
            let ts = of_market.ts[i];
            let near = ts != NULL_TS && ts.abs_diff(t) <= 2 * asked.step.unsigned_abs();
            if !near && !(from..to).contains(&ts) {
                continue;
            }
            let later = (ts, row as usize) > (t, at);
            let why = if of_market.leg[i] == Leg::None {
                Some("no BUY of Up or Down")
            } else if later && (up_to_own || ts >= to) {
                Some("after the trade")
            } else if ts < from {
                Some("before what counts")
            } else if ts >= to {
                Some("after what counts")
            } else {
                None
            };
            match why {
                None => held.push((ts.abs_diff(t), i)),
                Some(why) => left_out.add(why.to_string(), ts.abs_diff(t), i),
            }
        }
        let show = |i: usize| {
            json!({
                "row": rows[i],
                "ts": instant(of_market.ts[i], keys.unit),
                "leg": leg_name(of_market.leg[i]),
                "size": of_market.size[i],
            })
        };
        let side = |leg: Leg| {
            let of_leg = held.iter().filter(|(_, i)| of_market.leg[*i] == leg);
            let sizes: Vec<f64> = of_leg.map(|(_, i)| of_market.size[*i]).collect();
            let known: Vec<f64> = sizes.iter().copied().filter(|size| !size.is_nan()).collect();
            json!({ "trades": sizes.len(), "shares": exact_sum(&known) })
        };
        Ok(json!({
            "mode": regime_name(asked.mode),
            "missing": null,
            "from": instant(from, keys.unit),
            "to": instant(to, keys.unit),
            "up_to_own": up_to_own,
            "held": held.len(),
            "up": side(Leg::Up),
            "down": side(Leg::Down),
            "nearest": nearest(&held, asked.limit).into_iter().map(show).collect::<Vec<_>>(),
            "left_out": left_out.to_json("trades", asked.limit, show),
        }))
    }

    /// The keys of some rows, all of one market.
    fn of_market(&self, rows: &[u32]) -> TradeKeys {
        let keys = self.keys;
        fn picked<T: Copy>(rows: &[u32], column: &[T]) -> Vec<T> {
            rows.iter().map(|&row| column[row as usize]).collect()
        }
        TradeKeys {
            ts: picked(rows, &keys.ts),
            unit: keys.unit,
            token: picked(rows, &keys.token),
            tokens: Interner::default(),
            market: vec![0; rows.len()],
            markets: 1,
            leg: picked(rows, &keys.leg),
            size: picked(rows, &keys.size),
            unparsed: 0,
        }
    }
}

fn leg_name(leg: Leg) -> Option<&'static str> {
    match leg {
        Leg::None => None,
        Leg::Up => Some("Up"),
        Leg::Down => Some("Down"),
    }
}

/// Rows by (token, time), nulls last.
fn by_token(keys: &TradeKeys) -> Vec<u32> {
    let mut order: Vec<u32> = (0..keys.ts.len() as u32).collect();
    order.sort_by_key(|&i| {
        let ts = keys.ts[i as usize];
        (keys.token[i as usize], ts == NULL_TS, ts)
    });
    order
}
