//! Snapshots to measure with.
//!
//! [`generate`] writes one: either synthetic, with the schema and the statistics of recorded ones, or a real one many
//! times over. What is written depends on the request alone, byte for byte: not on the machine, the number of
//! threads or the time.
//!
//! ```
//! use std::sync::Arc;
//! use polyfeat_bench::{Request, generate};
//! use polyfeat_snapshot::Job;
//!
//! # let dir = tempfile::tempdir()?;
//! # let out = dir.path().join("small");
//! let request = Request { out, trades: Some(10), prints: Some(100), tokens: Some(4), ..Request::default() };
//! let report = generate(&Arc::new(Job::default()), &request)?;
//! assert_eq!(report.tables[0].1.rows, 10);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod columns;
mod options;
mod place;
mod prints;
mod random;
mod sheet;
mod sorted;
mod synthetic;
mod tiled;
mod trades;
mod world;

use std::collections::BTreeMap;
use std::sync::Arc;

use polyfeat_snapshot::{Error, Job, Result, TableName, Warning, pool};
use serde_json::json;

pub use options::{Compression, Plan, Request, Size, Source, Stamps, Storage, Synthetic, Tiled};
pub use sheet::Written;

use crate::place::Place;

/// What was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// All that the bytes depend on, as `manifest.json` has it.
    pub plan: Plan,
    /// The tables that there are.
    pub tables: Vec<(TableName, Written)>,
    /// Odd things.
    pub warnings: Vec<Warning>,
    /// Milliseconds by phase.
    pub timings_ms: BTreeMap<&'static str, f64>,
}

/// Writes a snapshot into a folder that is new or empty. All files appear at the end; when it fails or is stopped,
/// none does. Memory follows the row group and the number of tokens, not the number of rows; with `sorted`, also the
/// rows of the busiest token.
///
/// # Errors
/// `INVALID_OPTION` before any work; `OUT_NOT_WRITABLE`, `OUT_DIR_MISSING`, `DISK_FULL`, `CANCELLED`; those of reading
/// a snapshot that is to be repeated.
pub fn generate(job: &Arc<Job>, request: &Request) -> Result<Report> {
    let plan = request.plan()?;
    let mut place = Place::take(&request.out)?;
    let tables = pool(request.threads.unwrap_or(0))?.install(|| match &plan.source {
        Source::Synthetic(synthetic) => synthetic::write(job, &mut place, synthetic, plan.storage),
        Source::Tiled(tiled) => tiled::write(job, &mut place, tiled, plan.storage),
    })?;
    let made_by = concat!("polyfeat-fast ", env!("CARGO_PKG_VERSION"));
    let manifest = json!({ "made_by": made_by, "options": plan });
    let text = serde_json::to_string_pretty(&manifest).map_err(|e| Error::internal(e.to_string()))?;
    place.manifest(&(text + "\n"))?;
    job.check()?;
    place.commit()?;
    job.end();
    Ok(Report {
        plan,
        tables,
        warnings: job.warnings(),
        timings_ms: job.timings(),
    })
}
