//! What rules ask of the files of a snapshot: their columns found, what is left to the files decided.

use std::sync::Arc;

use polyfeat::{Numerics, TimeUnit};

use crate::error::{Code, Error, Result};
use crate::further::{Further, has_values};
use crate::job::Job;
use crate::open::Opened;
use crate::pair::{Pair, availability};
use crate::provenance::ResolvedRules;
use crate::rules::{Preset, Rules, SELF_COLUMNS, SelfColumns};
use crate::table::Table;

/// Finds the columns that rules name, refuses what does not fit together, and warns of what looks ahead.
///
/// # Errors
/// `MISSING_COLUMN`, `WRONG_TYPE`, `INVALID_OPTION`; those of reading where footers do not say whether a column has
/// values.
pub fn ask(
    job: &Arc<Job>,
    opened: &Opened,
    rules: Rules,
    sum: Numerics,
    ts_unit: Option<TimeUnit>,
) -> Result<(ResolvedRules, Further)> {
    let mut further = Further::default();
    let mut own = Vec::new();
    if let Some((tape, _)) = &opened.tape {
        let trades = &opened.trades;
        own = self_columns(job, trades, tape, rules.exclude_self.as_ref())?;
        for name in &own {
            let pair = Pair::find((trades, name), (tape, name), "excludeSelf")?;
            further.own.push(pair);
        }
        if let Some(columns) = &rules.sequence {
            let pair = Pair::find((trades, &columns.trades), (tape, &columns.tape), "sequence")?;
            further.sequence = Some(orderly(pair, tape, &columns.tape)?);
        }
        if let Some(name) = &rules.availability {
            further.availability = Some(availability(tape, name, ts_unit)?);
        }
    }
    rules.check_sum(sum, !own.is_empty())?;
    if rules.preset != Preset::Notebook {
        for rule in rules.looking_ahead() {
            let preset = rules.preset.name();
            job.warn(
                "lookahead",
                format!("{rule} looks ahead, which the preset {preset} does not"),
            );
        }
    }
    let resolved = ResolvedRules {
        rules,
        exclude_self: own,
        resolution: None,
    };
    Ok((resolved, further))
}

/// Booleans tell what is the same, but nothing of an order.
fn orderly(pair: Pair, tape: &Table, name: &str) -> Result<Pair> {
    if !pair.is_flag() {
        return Ok(pair);
    }
    let message = format!(
        "{}: column {name} is bool; expected integers, times or text for sequence",
        tape.path.display()
    );
    Err(Error::new(Code::WrongType, message)
        .in_file(&tape.path)
        .in_column(name))
}

fn self_columns(
    job: &Arc<Job>,
    trades: &Table,
    tape: &Table,
    asked: Option<&SelfColumns>,
) -> Result<Vec<String>> {
    match asked {
        None => Ok(Vec::new()),
        Some(SelfColumns::Named(names)) => Ok(names.clone()),
        Some(SelfColumns::Auto) => {
            if let Some(name) = self_column(job, trades, tape)? {
                return Ok(vec![name.to_string()]);
            }
            job.warn(
                "no_self_column",
                format!(
                    "no column of {} has values in both files: a trade's own prints are not left out",
                    SELF_COLUMNS.join(", ")
                ),
            );
            Ok(Vec::new())
        }
    }
}

/// The first column that tells own prints and has values in both files.
///
/// # Errors
/// Those of reading.
pub fn self_column(job: &Arc<Job>, trades: &Table, tape: &Table) -> Result<Option<&'static str>> {
    for name in SELF_COLUMNS {
        if has_values(job, trades, name)? && has_values(job, tape, name)? {
            return Ok(Some(name));
        }
    }
    Ok(None)
}
