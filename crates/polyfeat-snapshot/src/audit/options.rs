//! What an audit is asked.

use std::path::PathBuf;

use polyfeat::{Numerics, Span, TimeUnit};

use crate::rules::{GivenRules, Preset};

/// Which features there are, as a build makes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// Lags of the returns.
    pub returns: Vec<Span>,
    /// Lengths of the flow windows.
    pub windows: Vec<Span>,
    /// Length of a complete-set bucket.
    pub bucket: Span,
    /// Numerics of the sums.
    pub sum: Numerics,
}

/// What to audit, and by which standard.
#[derive(Debug, Clone)]
pub struct AuditOptions {
    /// The snapshot directory.
    pub snapshot: PathBuf,
    /// A features file that is judged in place of what a build would make.
    pub features: Option<PathBuf>,
    /// The features that a build would make.
    pub shape: Shape,
    /// By which rules.
    pub rules: GivenRules,
    /// The preset whose rules must not be broken.
    pub judge: Preset,
    /// Whether input columns that are known only after the trade are leaks too.
    pub safe_columns: bool,
    /// How many moments the data is cut off at.
    pub cuts: usize,
    /// By which they are drawn.
    pub seed: u64,
    /// Unit of integer times.
    pub ts_unit: Option<TimeUnit>,
    /// Threads; `None`: one per core, or one alone when there is little to do.
    pub threads: Option<usize>,
    /// Bytes of memory that the process may take.
    pub memory: u64,
}
