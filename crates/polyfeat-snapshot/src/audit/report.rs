//! What an audit tells.

use std::collections::BTreeMap;

use super::failures::Failures;
use super::file::FileReport;
use super::tally::Tally;
use crate::job::Warning;
use crate::provenance::ResolvedRules;
use crate::rules::Preset;

/// One of the shares of spec §7.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Its name, `same_tick` say.
    pub name: &'static str,
    /// The rows; `None` where the files do not tell.
    pub tally: Option<Tally>,
    /// Why they do not tell.
    pub missing: Option<&'static str>,
}

/// A rule that columns break.
#[derive(Debug, Clone, PartialEq)]
pub struct Leak {
    /// The rule, by the name of its option; `prefix`, `columns`, `file` for what no option stands for.
    pub rule: &'static str,
    /// The columns that break it.
    pub columns: Vec<String>,
    /// The rows; `None` where it is no matter of rows.
    pub tally: Option<Tally>,
    /// What is wrong, in a sentence.
    pub why: String,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct AuditReport {
    /// Rows of the trades.
    pub rows: u64,
    /// The rules that were audited; of a features file those that it was judged by.
    pub rules: ResolvedRules,
    /// The preset whose rules must not be broken.
    pub judge: Preset,
    /// All shares, in the order of the spec.
    pub shares: Vec<Share>,
    /// Input columns that tell how a market ended.
    pub outcome_columns: Vec<String>,
    /// Input columns that are known only after the trade, most of them of a book captured then.
    pub late_columns: Vec<String>,
    /// How often the data was cut off.
    pub cuts: usize,
    /// By which seed the moments were drawn.
    pub seed: u64,
    /// Rows that a cut changed.
    pub failures: Failures,
    /// What is broken.
    pub leaks: Vec<Leak>,
    /// The columns of the features file, where one was given.
    pub file: Option<FileReport>,
    /// What was odd.
    pub warnings: Vec<Warning>,
    /// Milliseconds by phase, and in all.
    pub timings_ms: BTreeMap<&'static str, f64>,
}
