//! The audit: its request, and its report as the JSON that TypeScript's types describe.

use std::path::PathBuf;

use polyfeat_snapshot::{
    AuditOptions, AuditReport, Failure, FileColumn, Leak, Preset, Result, Shape, Tally, TimeUnit,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::report::warnings;
use crate::request::{Duration, SumName, UNBOUNDED, Unit, parse};
use crate::rules::{PresetName, RulesRequest};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Audit {
    snapshot: PathBuf,
    features: Option<PathBuf>,
    returns: Vec<Duration>,
    windows: Vec<Duration>,
    bucket: Duration,
    sum: SumName,
    #[serde(default)]
    rules: RulesRequest,
    judge: PresetName,
    safe_columns: bool,
    cuts: usize,
    seed: u64,
    ts_unit: Option<Unit>,
    threads: Option<usize>,
    memory: Option<u64>,
}

/// What to audit.
pub fn request(json: &str) -> Result<AuditOptions> {
    let r: Audit = parse(json)?;
    let spans = |all: &[Duration]| all.iter().map(Duration::span).collect::<Result<Vec<_>>>();
    Ok(AuditOptions {
        snapshot: r.snapshot,
        features: r.features,
        shape: Shape {
            returns: spans(&r.returns)?,
            windows: spans(&r.windows)?,
            bucket: r.bucket.span()?,
            sum: r.sum.into(),
        },
        rules: r.rules.given()?,
        judge: Preset::from(r.judge),
        safe_columns: r.safe_columns,
        cuts: r.cuts,
        seed: r.seed,
        ts_unit: r.ts_unit.map(TimeUnit::from),
        threads: r.threads,
        memory: r.memory.unwrap_or(UNBOUNDED),
    })
}

fn tally(t: &Tally) -> Value {
    json!({ "rows": t.rows, "of": t.of, "first": t.first })
}

fn leak(l: &Leak) -> Value {
    json!({
        "rule": l.rule, "columns": l.columns, "share": l.tally.as_ref().and_then(Tally::share),
        "rows": l.tally.as_ref().map(tally), "why": l.why,
    })
}

fn failure(f: &Failure) -> Value {
    let later = f
        .later
        .as_ref()
        .map(|later| json!({ "file": later.file, "row": later.row }));
    json!({
        "row": f.row, "column": f.column, "full": f.full, "prefix": f.prefix, "cut": f.cut, "later": later,
    })
}

fn column(c: &FileColumn) -> Value {
    let example = c.example.as_ref();
    let example =
        example.map(|(row, file, knowable)| json!({ "row": row, "file": file, "knowable": knowable }));
    json!({
        "column": c.name, "reproduced_by": c.reproduced_by, "knowable": c.knowable,
        "differing": tally(&c.differing), "example": example, "shown_by_value": c.shown.as_ref().map(tally),
    })
}

/// Report of an audit.
pub fn report(r: &AuditReport, options: &AuditOptions) -> Value {
    let mut all = Map::new();
    let mut put = |key: &str, value: Value| {
        all.insert(key.to_string(), value);
    };
    put("engine", json!("native"));
    put("snapshot", json!(options.snapshot.display().to_string()));
    put(
        "features",
        json!(options.features.as_ref().map(|file| file.display().to_string())),
    );
    put("rows", json!(r.rows));
    put("rules", r.rules.to_json());
    put("judge", json!(r.judge.name()));
    put("leaks", r.leaks.iter().map(leak).collect());
    let (mut counts, mut missing) = (Map::new(), Map::new());
    for share in &r.shares {
        let value = share.tally.as_ref().and_then(Tally::share);
        put(&format!("{}_share", share.name), json!(value));
        counts.insert(
            share.name.to_string(),
            share.tally.as_ref().map_or(Value::Null, tally),
        );
        if let Some(why) = share.missing {
            missing.insert(share.name.to_string(), json!(why));
        }
    }
    put("outcome_columns", json!(r.outcome_columns));
    put("late_columns", json!(r.late_columns));
    put("prefix_invariant", json!(r.failures.is_empty()));
    put("prefix_cuts_tried", json!(r.cuts));
    put("prefix_seed", json!(r.seed));
    put("prefix_columns", json!(r.failures.columns));
    put("prefix_failures", r.failures.first.iter().map(failure).collect());
    put("counts", Value::Object(counts));
    put("missing", Value::Object(missing));
    let columns = r
        .file
        .as_ref()
        .map(|file| file.columns.iter().map(column).collect());
    put("columns", columns.unwrap_or(Value::Null));
    put("warnings", warnings(&r.warnings));
    put("timings_ms", json!(r.timings_ms));
    Value::Object(all)
}
