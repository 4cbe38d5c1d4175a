//! `features`: the whole feature layer in one call, or with a tape that was prepared before.

use std::sync::Arc;

use napi::bindgen_prelude::{AsyncTask, Object};
use napi::{Env, Result};
use napi_derive::napi;
use polyfeat_table::{Copier, Features, Tape, TapeColumns, TapeSource, TradeColumns, features as compute};

use super::answer::FeatureAnswer;
use super::call::{Answer, Later, Work, now};
use super::options;
use super::views::{View, Views};
use crate::CancelToken;
use crate::task::ProgressFn;

/// A table's columns, or the error that one is missing.
pub type Found<T> = polyfeat_table::Result<T>;

/// Returns an error of the data inside the `Ok` of an error of the binding.
macro_rules! found {
    ($result:expr) => {
        match $result {
            Ok(value) => value,
            Err(e) => return Ok(Err(e)),
        }
    };
}
pub(super) use found;

/// The columns of trades.
pub fn set_columns<'env>(
    env: &Env,
    object: Object<'env>,
    with_token: bool,
) -> Result<Found<TradeColumns<'env>>> {
    let views = Views::new(object, "trades");
    let token = match with_token {
        true => Some(found!(views.needed("token")?)),
        false => views.optional("token")?,
    };
    let (ts, market) = (found!(views.needed("ts")?), found!(views.needed("market")?));
    let (side, outcome) = (found!(views.needed("side")?), found!(views.needed("outcome")?));
    let size = found!(views.needed("size")?);
    let (sequence, own) = (views.optional("sequence")?, views.list("self")?);
    // From here on no JavaScript runs.
    let column = |view: &View<'env>| view.column(env);
    Ok(Ok(TradeColumns {
        ts: column(&ts)?,
        market: column(&market)?,
        side: column(&side)?,
        outcome: column(&outcome)?,
        size: column(&size)?,
        token: token.as_ref().map(column).transpose()?,
        sequence: sequence.as_ref().map(column).transpose()?,
        own: own.iter().map(column).collect::<Result<_>>()?,
    }))
}

/// The columns of a tape.
pub fn tape_columns<'env>(env: &Env, object: Object<'env>) -> Result<Found<TapeColumns<'env>>> {
    let views = Views::new(object, "market_trades");
    let (token, ts) = (found!(views.needed("token")?), found!(views.needed("ts")?));
    let (price, size) = (found!(views.needed("price")?), found!(views.needed("size")?));
    let (availability, sequence) = (views.optional("availability")?, views.optional("sequence")?);
    let own = views.list("self")?;
    // From here on no JavaScript runs.
    let column = |view: &View<'env>| view.column(env);
    Ok(Ok(TapeColumns {
        token: token.column(env)?,
        ts: ts.column(env)?,
        price: price.column(env)?,
        size: size.column(env)?,
        availability: availability.as_ref().map(column).transpose()?,
        sequence: sequence.as_ref().map(column).transpose()?,
        own: own.iter().map(column).collect::<Result<_>>()?,
    }))
}

/// Checks columns and copies them, so that they outlive the call.
pub fn own_trades(columns: &TradeColumns<'_>) -> Found<TradeColumns<'static>> {
    columns
        .all()
        .into_iter()
        .try_for_each(polyfeat_table::Column::check)?;
    let mut copier = Copier::default();
    Ok(TradeColumns {
        ts: copier.column(&columns.ts),
        market: copier.column(&columns.market),
        side: copier.column(&columns.side),
        outcome: copier.column(&columns.outcome),
        size: copier.column(&columns.size),
        token: columns.token.as_ref().map(|c| copier.column(c)),
        sequence: columns.sequence.as_ref().map(|c| copier.column(c)),
        own: columns.own.iter().map(|c| copier.column(c)).collect(),
    })
}

/// Checks columns and copies them, so that they outlive the call.
pub fn own_tape(columns: &TapeColumns<'_>) -> Found<TapeColumns<'static>> {
    columns
        .all()
        .into_iter()
        .try_for_each(polyfeat_table::Column::check)?;
    let mut copier = Copier::default();
    Ok(TapeColumns {
        token: copier.column(&columns.token),
        ts: copier.column(&columns.ts),
        price: copier.column(&columns.price),
        size: copier.column(&columns.size),
        availability: columns.availability.as_ref().map(|c| copier.column(c)),
        sequence: columns.sequence.as_ref().map(|c| copier.column(c)),
        own: columns.own.iter().map(|c| copier.column(c)).collect(),
    })
}

fn hand(_: &Env, features: Features, warnings: &[polyfeat_table::Warning]) -> FeatureAnswer {
    FeatureAnswer::new(features, warnings)
}

/// Features of trades with a prepared tape, now.
pub fn with_tape(env: &Env, json: &str, trades: Object<'_>, tape: &Tape) -> Result<Answer<FeatureAnswer>> {
    let (common, plan, _) = match options::features(json) {
        Ok(options) => options,
        Err(e) => return Ok(Answer::B(e.into())),
    };
    let columns = match set_columns(env, trades, true)? {
        Ok(columns) => columns,
        Err(e) => return Ok(Answer::B(e.into())),
    };
    let rows = columns.ts.len();
    let work = |job: &_| compute(job, &plan, &columns, TapeSource::Prepared(tape));
    Ok(now(env, common, rows, work, hand))
}

/// The task of `featuresAsync`.
pub type FeaturesTask = Later<Features, FeatureAnswer>;

/// Features of trades with a prepared tape, later.
pub fn with_tape_later(
    env: &Env,
    json: &str,
    trades: Object<'_>,
    tape: Found<Arc<Tape>>,
    cancel: &CancelToken,
    on_progress: Option<ProgressFn>,
) -> Result<AsyncTask<FeaturesTask>> {
    let columns = set_columns(env, trades, true)?;
    let prepared = || {
        let tape = tape?;
        let (common, plan, _) = options::features(json)?;
        let columns = own_trades(&columns?)?;
        let rows = columns.ts.len();
        let work: Work<Features> =
            Box::new(move |job| compute(job, &plan, &columns, TapeSource::Prepared(&tape)));
        Ok((common, rows, work))
    };
    Ok(Later::start(prepared(), cancel.flag(), on_progress, hand))
}

/// Features of trades from the tape's columns, of which nothing is kept; without a tape no `mt_` columns.
#[napi(ts_return_type = "FeatureAnswer | Failure")]
pub fn features(
    env: &Env,
    json: String,
    #[napi(ts_arg_type = "object")] trades: Object<'_>,
    #[napi(ts_arg_type = "object | null")] tape: Option<Object<'_>>,
) -> Result<Answer<FeatureAnswer>> {
    let trades = set_columns(env, trades, true)?;
    let tape = tape.map(|tape| tape_columns(env, tape)).transpose()?;
    let prepared = || Ok((options::features(&json)?, trades?, tape.transpose()?));
    let ((common, plan, options), trades, tape) = match prepared() {
        Ok(all) => all,
        Err(e) => return Ok(Answer::B(polyfeat_table::Error::into(e))),
    };
    let rows = trades.ts.len() + tape.as_ref().map_or(0, |t| t.ts.len());
    let work = |job: &_| {
        let source = tape
            .as_ref()
            .map_or(TapeSource::None, |t| TapeSource::Columns(t, options));
        compute(job, &plan, &trades, source)
    };
    Ok(now(env, common, rows, work, hand))
}

/// `features`, later.
#[napi(ts_return_type = "Promise<FeatureAnswer | Failure>")]
pub fn features_async(
    env: &Env,
    json: String,
    #[napi(ts_arg_type = "object")] trades: Object<'_>,
    #[napi(ts_arg_type = "object | null")] tape: Option<Object<'_>>,
    cancel: &CancelToken,
    #[napi(ts_arg_type = "(json: string) => void")] on_progress: Option<ProgressFn>,
) -> Result<AsyncTask<FeaturesTask>> {
    let trades = set_columns(env, trades, true)?;
    let tape = tape.map(|tape| tape_columns(env, tape)).transpose()?;
    let prepared = || {
        let (common, plan, options) = options::features(&json)?;
        let trades = own_trades(&trades?)?;
        let tape = tape.transpose()?.map(|tape| own_tape(&tape)).transpose()?;
        let rows = trades.ts.len() + tape.as_ref().map_or(0, |t| t.ts.len());
        let work: Work<Features> = Box::new(move |job| {
            let source = tape
                .as_ref()
                .map_or(TapeSource::None, |t| TapeSource::Columns(t, options));
            compute(job, &plan, &trades, source)
        });
        Ok((common, rows, work))
    };
    Ok(Later::start(prepared(), cancel.flag(), on_progress, hand))
}
