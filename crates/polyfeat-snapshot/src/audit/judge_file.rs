//! A features file judged: which rules give its columns, and whether the judge allows them.

use std::path::Path;
use std::sync::Arc;

use polyfeat::{Numerics, TimeUnit};

use super::examine::{Examined, Ground};
use super::file::{Added, FileColumn, FileReport, Kind, named, read};
use super::footer::{footer, shape};
use super::options::{AuditOptions, Shape};
use super::report::Leak;
use super::reproduce::{Beside, Match};
use super::subject::Subject;
use super::{align, verdict};
use crate::error::{Code, Result};
use crate::job::Job;
use crate::rules::{GivenRules, Preset};
use crate::table::Table;

/// Rules that may have made the file.
struct Candidate {
    name: String,
    subject: Subject,
    columns: Vec<Match>,
    /// Whether the judge has nothing against them; known by looking.
    allowed: bool,
}

/// What was found of a file.
pub struct Judged {
    /// The rules that it was taken for: its own, or those that give most of its columns.
    pub subject: Subject,
    /// What was found of these.
    pub found: Examined,
    /// The columns.
    pub report: FileReport,
    /// What is broken.
    pub leaks: Vec<Leak>,
    /// Names of all columns of the file.
    pub names: Vec<String>,
}

/// Judges a features file. `moments` are the cuts.
///
/// # Errors
/// Those of reading; `ROWS_DIFFER` when it is not a file of this snapshot.
pub fn judge(ground: &Ground<'_>, options: &AuditOptions, path: &Path, moments: &[i64]) -> Result<Judged> {
    let job = ground.job;
    let opened = ground.opened;
    job.begin("features", "rows", opened.trades.rows);
    let file = Table::open_file(path)?;
    let rows = align::rows_of(job, &file, ground.keys, ground.order, options.ts_unit)?;
    let said = footer(&file)?;
    let (columns, shape_of) = named(&file, opened, &options.shape);
    let mut tried: Vec<(String, GivenRules, Shape)> = Vec::new();
    if let Some(said) = &said {
        tried.push(("file".to_string(), said.rules.clone(), shape(said, &shape_of)));
    }
    for (name, preset, sum) in [
        ("notebook", Preset::Notebook, Numerics::Exact),
        ("notebook sums", Preset::Notebook, Numerics::Notebook),
        ("strict", Preset::Strict, Numerics::Exact),
        ("live", Preset::Live, Numerics::Exact),
    ] {
        let rules = GivenRules {
            preset,
            ..GivenRules::default()
        };
        let bucket = said.as_ref().map_or(shape_of.bucket, |said| said.bucket);
        let shape = Shape {
            sum,
            bucket,
            ..shape_of.clone()
        };
        tried.push((name.to_string(), rules, shape));
    }
    let mut added: Option<(TimeUnit, Vec<Added>)> = None;
    let mut candidates: Vec<Candidate> = Vec::new();
    for (name, rules, shape) in tried {
        // What is odd about rules that are only tried is nobody's concern.
        let quiet = Arc::new(Job::default());
        let subject = match Subject::new(&quiet, opened, &rules, &shape, options.ts_unit) {
            Ok(subject) => subject,
            // A tape without captured_at was not made by live.
            Err(e) if e.code == Code::MissingColumn && name == "live" => continue,
            Err(e) => return Err(e),
        };
        let unit = ground.unit(&subject);
        let held = match added.take() {
            Some((of, held)) if of == unit => held,
            _ => read(job, &file, columns.clone(), &rows, (unit, ground.keys.unit))?,
        };
        let beside = Beside {
            ground,
            subject: &subject,
            added: &held,
            exact: name == "file",
        };
        let found = beside.compare()?;
        added = Some((unit, held));
        candidates.push(Candidate {
            allowed: allows(options.judge, &name),
            name,
            subject,
            columns: found,
        });
    }
    let added = added.map(|(_, added)| added).unwrap_or_default();
    // Its own rules, or those that give most of it.
    let given = |c: &Candidate| {
        c.columns
            .iter()
            .filter(|column| column.differing.rows == 0)
            .count()
    };
    let taken = (0..candidates.len())
        .max_by_key(|&i| {
            (
                candidates[i].name == "file",
                given(&candidates[i]),
                usize::MAX - i,
            )
        })
        .unwrap_or(0);
    let found = ground.examine(&candidates[taken].subject, moments)?;
    let features = candidates[taken].subject.features(opened);
    let broken = verdict::leaks(options.judge, &found, &features);
    if candidates[taken].name == "file" {
        candidates[taken].allowed = broken.is_empty();
    }
    let report = FileReport {
        columns: added
            .iter()
            .enumerate()
            .map(|(i, added)| file_column(i, added, &candidates))
            .collect(),
    };
    let leaks = file_leaks(&report, broken, said.is_some(), &candidates[taken]);
    Ok(Judged {
        subject: candidates.swap_remove(taken).subject,
        found,
        report,
        leaks,
        names: file
            .schema()
            .fields()
            .iter()
            .map(|field| field.name().clone())
            .collect(),
    })
}

/// Whether a judge has nothing against a preset by its name. What a file says of itself is looked at.
fn allows(judge: Preset, name: &str) -> bool {
    match judge {
        Preset::Notebook => name != "file",
        Preset::Strict => ["strict", "live"].contains(&name),
        Preset::Live => name == "live",
    }
}

fn file_column(i: usize, added: &Added, candidates: &[Candidate]) -> FileColumn {
    let gives = |c: &&Candidate| c.columns[i].differing.rows == 0;
    let label = added.kind == Kind::Label;
    // Its own rules come first.
    let nearest = candidates
        .iter()
        .filter(|c| c.allowed)
        .min_by_key(|c| c.columns[i].differing.rows);
    let beside = nearest.map(|c| c.columns[i].clone()).unwrap_or_default();
    let reproduced = if added.kind == Kind::Other || label {
        Vec::new()
    } else {
        candidates.iter().filter(gives).map(|c| c.name.clone()).collect()
    };
    FileColumn {
        name: added.name.clone(),
        reproduced_by: reproduced,
        knowable: label || candidates.iter().filter(|c| c.allowed).any(|c| gives(&c)),
        differing: beside.differing,
        example: beside.example,
        shown: beside.shown,
    }
}

/// The leaks of the rules that the file was taken for, as far as its columns show them, and columns that no rules give.
fn file_leaks(report: &FileReport, broken: Vec<Leak>, says: bool, taken: &Candidate) -> Vec<Leak> {
    let unknowable = |name: &str| {
        report
            .columns
            .iter()
            .any(|column| column.name == name && !column.knowable)
    };
    let by_taken = |name: &str| {
        let column = report.columns.iter().find(|column| column.name == name);
        column.is_some_and(|column| column.reproduced_by.contains(&taken.name))
    };
    let mut leaks: Vec<Leak> = broken
        .into_iter()
        .map(|leak| Leak {
            columns: leak
                .columns
                .into_iter()
                .filter(|name| unknowable(name) && by_taken(name))
                .collect(),
            ..leak
        })
        .filter(|leak| !leak.columns.is_empty())
        .collect();
    let told = |name: &str| {
        leaks
            .iter()
            .any(|leak| leak.columns.iter().any(|column| column == name))
    };
    let rest: Vec<&FileColumn> = report
        .columns
        .iter()
        .filter(|column| !column.knowable && !told(&column.name))
        .collect();
    let mut file = |columns: Vec<String>, why: String| {
        if !columns.is_empty() {
            leaks.push(Leak {
                rule: "file",
                columns,
                tally: None,
                why,
            });
        }
    };
    let names = |of: &dyn Fn(&FileColumn) -> bool| {
        rest.iter()
            .filter(|column| of(column))
            .map(|column| column.name.clone())
            .collect::<Vec<_>>()
    };
    let other = names(&|column| !column.reproduced_by.is_empty());
    let none = names(&|column| column.reproduced_by.is_empty());
    file(
        other,
        "other rules give these columns, which use what was not known".to_string(),
    );
    let why = if says {
        "neither the rules that the file names nor any others that were tried give these columns: not shown to be knowable"
    } else {
        "no rules that were tried give these columns: not shown to be knowable"
    };
    file(none, why.to_string());
    leaks
}
