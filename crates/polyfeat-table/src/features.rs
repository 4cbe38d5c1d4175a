//! The whole feature layer over columns in memory.

use polyfeat::Numerics;
use polyfeat::TokenOrder;

use crate::column::Column;
use crate::error::{Error, Result};
use crate::interner::Interner;
use crate::job::Job;
use crate::keys::KeyIndex;
use crate::layout::{Layout, Maker, proof_makers, regime_maker, set_makers, tape_makers};
use crate::memory::ensure;
use crate::order::sorted_order;
use crate::output::OutColumn;
use crate::plan::{FeaturePlan, bucket_step};
use crate::sets::{SetRules, buckets, set_shares};
use crate::sweeps::Sweeps;
use crate::tape::{Tape, TapeColumns, TapeOptions};
use crate::trades::{TradeColumns, Trades};
use crate::visible::Rules;

/// The tape of a features call.
pub enum TapeSource<'a> {
    /// There is none: no `mt_` columns.
    None,
    /// Prepared before.
    Prepared(&'a Tape),
    /// Columns that are read for this call only.
    Columns(&'a TapeColumns<'a>, TapeOptions),
}

/// Feature columns.
#[derive(Debug)]
pub struct Features {
    /// In the notebook's order (SPEC §2).
    pub columns: Vec<OutColumn>,
    /// The trade of each row of the result; `None`: as they came.
    pub order: Option<Vec<u32>>,
}

/// Computes every feature of `trades`: what `polyfeat-fast build` writes, bit for bit (SPEC §2, §3).
///
/// Cost: the trades are read once, and so are tape columns; of a prepared tape only the prints of the trades'
/// tokens are looked at.
///
/// # Errors
/// `WRONG_TYPE`, `WRONG_LENGTH`, `CORRUPT`, `OVERFLOW`, `BUCKET_UNIT`, `NOT_SORTED`, `INVALID_OPTION`,
/// `OUT_OF_MEMORY`, `CANCELLED`; each names column and row where there is one.
pub fn features(
    job: &Job,
    plan: &FeaturePlan,
    columns: &TradeColumns<'_>,
    tape: TapeSource<'_>,
) -> Result<Features> {
    plan.check()?;
    if columns.token.is_none() {
        return Err(Error::internal("features without a token column"));
    }
    columns.all().into_iter().try_for_each(Column::check)?;
    ensure(
        columns.ts.len(),
        64 + 16 * (plan.returns.len() + 3 * plan.windows.len() + 6),
    )?;
    let trades = Trades::read(job, columns, plan.ts_unit)?;
    let step = bucket_step(plan.bucket, trades.unit, &columns.ts)?;
    let (made, mut own);
    own = None;
    let tape = match tape {
        TapeSource::None => None,
        TapeSource::Prepared(tape) => Some(tape),
        TapeSource::Columns(tape, options) => {
            let needs = plan.visibility.needs();
            if needs.own && !columns.own.is_empty() {
                own = Some(KeyIndex::build(job, &columns.own, trades.rows)?);
            }
            let index = own.as_ref().map(|(index, _)| index);
            made = Tape::for_trades(job, tape, options, &trades, needs, index)?;
            Some(&made)
        }
    };
    let tape = tape.filter(|t| t.has_rows);

    // Codes need be ranks only where the order of tokens shows: in the rows' order, and in compensated sums.
    let ranked = tape.is_some() && (plan.by_token || plan.sum == Numerics::Notebook);
    let order = match tape {
        None => None,
        Some(_) if ranked => Some(order_of(job, &trades, &trades.ranked_tokens())?),
        Some(_) => Some(order_of(job, &trades, &trades.token)?),
    };

    job.begin("sets", trades.rows);
    let bucket = buckets(job, &trades.ts, step, &columns.ts)?;
    let rules = SetRules {
        mode: plan.mode,
        length: step,
        sum: plan.sum,
    };
    let by_time = order.as_ref().map(|o| &o.rows[..]);
    let shares = set_shares(job, &trades, &bucket, by_time, rules)?;
    job.end();

    let swept = match (tape, &order) {
        (Some(tape), Some(order)) => {
            let codes = own.map(|(_, codes)| codes);
            let rules = Rules::new(job, &plan.visibility, &trades, columns, tape, codes)?;
            let sweeps = Sweeps {
                job,
                trades: &trades,
                ts: &columns.ts,
                order,
                tape_code: &tape_codes(tape, &trades.tokens, ranked),
                tape,
                rules: &rules,
            };
            let availability = tape.more.availability.as_ref().map(|(_, unit)| *unit);
            let availability = availability.filter(|_| plan.visibility.availability);
            let units = (
                rules.unit,
                tape.source_unit,
                availability.unwrap_or(tape.source_unit),
            );
            Some((sweeps.run(plan)?, units))
        }
        _ => None,
    };

    let moved = order.as_ref().filter(|o| !o.is_identity());
    let layout = Layout {
        rows: moved.filter(|_| plan.by_token).map(|o| &o.rows[..]),
        position: moved.filter(|_| !plan.by_token).map(TokenOrder::positions),
    };
    let mut makers: Vec<Maker<'_>> = Vec::new();
    if plan.time {
        let name = columns.ts.name.to_string();
        let (layout, trades) = (&layout, &trades);
        makers.push(Box::new(move || {
            OutColumn::stamps(name, layout.by_row(&trades.ts).into_owned(), trades.unit)
        }));
    }
    let mut proof = None;
    if let Some((mut values, units)) = swept {
        let (unit, source, _) = units;
        proof = Some((std::mem::take(&mut values.proof), units));
        tape_makers(
            &mut makers,
            values,
            plan,
            (&trades.ts, trades.unit),
            &layout,
            (unit, source),
        );
    }
    set_makers(&mut makers, bucket, trades.unit, &shares, &layout);
    regime_maker(&mut makers, &trades.leg, &shares, &layout);
    if let Some((columns, units)) = proof {
        proof_makers(&mut makers, columns, &layout, units);
    }
    let columns = job.threads.map(makers, |make| {
        job.check()?;
        Ok(make())
    })?;
    Ok(Features {
        columns,
        order: if plan.by_token {
            Some(order.map_or_else(|| (0..trades.rows as u32).collect(), |o| o.rows))
        } else {
            None
        },
    })
}

fn order_of(job: &Job, trades: &Trades<'_>, codes: &[u32]) -> Result<TokenOrder> {
    sorted_order(job, codes, trades.tokens.len(), &trades.ts)
}

/// The tape's code of each token of the order, whose codes are ranks or the trades' own.
fn tape_codes(tape: &Tape, tokens: &Interner, ranked: bool) -> Vec<Option<u32>> {
    let codes = (0..tokens.len() as u32).map(|code| match &tape.names {
        Some(names) => names.get(tokens.name(code)),
        None => Some(code),
    });
    if !ranked {
        return codes.collect();
    }
    let mut by_rank = vec![None; tokens.len()];
    for (code, rank) in codes.zip(tokens.ranks()) {
        by_rank[rank as usize] = code;
    }
    by_rank
}
