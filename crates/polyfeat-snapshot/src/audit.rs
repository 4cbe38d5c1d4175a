//! What rows use that they could not have known: measured, and tested by cutting the data off (spec §7).

mod align;
mod bisect;
mod columns;
mod cuts;
mod evidence;
mod examine;
mod failures;
mod file;
mod footer;
mod judge_file;
mod late_book;
mod locate;
mod options;
mod own;
mod picked;
mod prefix;
mod report;
mod reproduce;
mod sets;
mod subject;
mod tally;
mod verdict;
mod walk;

use std::sync::Arc;

pub use failures::{Failure, Failures, Later};
pub use file::{FileColumn, FileReport};
pub use options::{AuditOptions, Shape};
pub use report::{AuditReport, Leak, Share};
pub use tally::Tally;

use crate::build::ALONE_ROWS;
use crate::column_roles::{Role, column_role};
use crate::compute::warn_unparsed;
use crate::error::{Code, Error, Result};
use crate::job::Job;
use crate::keys::read_keys;
use crate::open::{Opened, open};
use crate::order::sorted_order;
use crate::pool::pool;
use crate::rules::Preset;

use self::examine::Ground;
use self::late_book::late_book;
use self::subject::Subject;

/// Audits the features that a build of the snapshot makes, or a features file that exists: which rows use what they
/// could not have known, and whether any value changes when the data after a moment is cut off.
///
/// Rows are those of the trades' file. Nothing is written. The same request finds the same, with any threads and
/// memory. Cost: about that of a build's sweeps, and half of it again for each cut.
///
/// # Errors
/// Those of [`build`](crate::build()) but for what concerns its output.
pub fn audit(job: &Arc<Job>, options: &AuditOptions) -> Result<AuditReport> {
    job.begin("open", "rows", 0);
    let opened = open(job, &options.snapshot, options.ts_unit)?;
    let rows = opened.trades.rows + opened.tape.as_ref().map_or(0, |(table, _)| table.rows);
    let threads = options.threads.unwrap_or(if rows < ALONE_ROWS { 1 } else { 0 });
    pool(threads)?.install(|| run(job, options, &opened))
}

fn run(job: &Arc<Job>, options: &AuditOptions, opened: &Opened) -> Result<AuditReport> {
    let trades = &opened.trades;
    let mut subject = Subject::new(job, opened, &options.rules, &options.shape, options.ts_unit)?;
    check_judge(options, opened, &subject)?;
    job.begin("keys", "rows", trades.rows);
    let mut keys = read_keys(job, trades, &opened.trade_roles)?;
    warn_unparsed(job, trades, keys.unparsed);
    let order = sorted_order(job, &keys.token, keys.tokens.names().len(), &keys.ts)?;
    keys.token = Vec::new();
    let book = late_book(job, trades, &keys.ts, keys.unit, options.ts_unit)?;
    let ground = Ground {
        job,
        opened,
        keys: &keys,
        order: &order,
        memory: options.memory,
    };
    let cuts = cuts::draw(&keys.ts, options.cuts, options.seed);
    let (found, mut leaks, names, file);
    if let Some(path) = &options.features {
        let judged = judge_file::judge(&ground, options, path, &cuts)?;
        (found, leaks, names, file) = (judged.found, judged.leaks, judged.names, Some(judged.report));
        subject = judged.subject;
    } else {
        found = ground.examine(&subject, &cuts)?;
        leaks = verdict::leaks(options.judge, &found, &subject.features(opened));
        names = trades
            .schema()
            .fields()
            .iter()
            .map(|field| field.name().clone())
            .collect();
        file = None;
    }
    trades.check_unchanged()?;
    subject.rules.resolution = found.resolution;
    let passing = |role: Role| -> Vec<String> {
        let of_role = names.iter().filter(|name| column_role(name).role == role);
        of_role.cloned().collect()
    };
    let (outcome_columns, late_columns) = (passing(Role::Label), passing(Role::After));
    if options.safe_columns {
        leaks.extend(verdict::unsafe_columns(&outcome_columns, &late_columns));
    }
    let shares = verdict::shares(
        &found,
        book,
        !subject.own.is_empty(),
        subject.availability.is_some(),
    );
    job.end();
    Ok(AuditReport {
        rows: trades.rows,
        rules: subject.rules,
        judge: options.judge,
        shares,
        outcome_columns,
        late_columns,
        cuts: cuts.len(),
        seed: options.seed,
        failures: found.failures,
        leaks,
        file,
        warnings: job.warnings(),
        timings_ms: job.timings(),
    })
}

/// The preset live cannot be judged by without the column that it is about.
fn check_judge(options: &AuditOptions, opened: &Opened, subject: &Subject) -> Result<()> {
    match &opened.tape {
        Some((tape, _)) if options.judge == Preset::Live && subject.availability.is_none() => {
            Err(Error::new(
                Code::MissingColumn,
                format!(
                    "{} has no captured_at with values, which the rules of live are about; judge by strict",
                    tape.path.display()
                ),
            )
            .in_file(&tape.path)
            .in_column("captured_at"))
        }
        _ => Ok(()),
    }
}
