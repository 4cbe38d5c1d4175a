//! How a features file was made, written into it: everything that bears on its values or layout, and nothing else, so
//! that runs with other threads or memory write the same bytes.

use std::path::Path;

use parquet::file::metadata::KeyValue;
use polyfeat::{Numerics, Span, TimeUnit};
use serde_json::{Value, json};

use crate::build::{BuildOptions, Order};
use crate::columns::{OutColumn, Select};
use crate::error::Result;
use crate::layout::Codec;
use crate::rules::{Resolution, Rules};
use crate::table::Table;
use crate::words::{closed_name, direction_name, regime_name, tie_name, ties_name, unknown_name};

/// Keys of what is written here begin with this.
pub const PREFIX: &str = "polyfeat.";

/// The rules of a run, with what was found out from its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedRules {
    /// The rules.
    pub rules: Rules,
    /// The columns that tell own prints; none when they are not left out.
    pub exclude_self: Vec<String>,
    /// The resolution, in nanoseconds, where a rule asked for it and there is a tape.
    pub resolution: Option<i64>,
}

impl ResolvedRules {
    /// As JSON: the words of the options, lengths as labels (`250ms`); null where a rule is off.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let rules = &self.rules;
        let resolution = match (self.resolution, rules.resolution) {
            (Some(nanos), _) => label(nanos),
            (None, Resolution::Given(span)) => span.label(),
            (None, Resolution::Auto) => "auto".to_string(),
        };
        let sequence = rules.sequence.as_ref();
        json!({
            "preset": rules.preset.name(),
            "ties": ties_name(rules.ties),
            "sequence": sequence.map(|c| json!({ "trades": c.trades, "tape": c.tape })),
            "resolution": resolution,
            "availability": rules.availability,
            "embargo": (rules.embargo > 0).then(|| label(rules.embargo)),
            "excludeSelf": (!self.exclude_self.is_empty()).then_some(&self.exclude_self),
            "maxAge": rules.max_age.map(label),
            "tie": tie_name(rules.tie),
            "direction": direction_name(rules.direction),
            "closed": closed_name(rules.closed()),
            "unknownToken": unknown_name(rules.unknown),
            "regime": regime_name(rules.regime),
            "proof": rules.proof,
        })
    }
}

fn label(nanos: i64) -> String {
    Span::from_nanos(nanos).map_or_else(|_| "0s".to_string(), Span::label)
}

/// The entries of the file's metadata.
///
/// # Errors
/// Those of reading the inputs' footers.
pub fn key_values(
    options: &BuildOptions,
    rules: &ResolvedRules,
    columns: &[OutColumn],
    tables: &[&Table],
) -> Result<Vec<KeyValue>> {
    let labels = |spans: &[Span]| spans.iter().map(|span| span.label()).collect::<Vec<_>>();
    let layout = json!({
        "order": match options.order {
            Order::Token => "token",
            Order::Input => "input",
        },
        "returns": labels(&options.returns),
        "windows": labels(&options.windows),
        "bucket": options.bucket.label(),
        "sum": match options.sum {
            Numerics::Exact => "exact",
            Numerics::Notebook => "notebook",
        },
        "columns": match &options.columns {
            Select::All => json!("all"),
            Select::Features => json!("features"),
            Select::Safe => json!("safe"),
            Select::Named(names) => json!(names),
        },
        "labelAvailableAt": options.label_available,
        "tsUnit": options.ts_unit.map(TimeUnit::symbol),
        "compression": match options.codec {
            Codec::Source => "source",
            Codec::Zstd => "zstd",
            Codec::Snappy => "snappy",
            Codec::None => "none",
        },
    });
    let mut inputs = Vec::new();
    for table in tables {
        for part in &table.parts {
            inputs.push(json!({
                "table": table.name.as_str(),
                "file": name(&part.path, &options.snapshot),
                "bytes": part.bytes,
                "footer_xxh64": format!("{:016x}", part.footer_hash()?),
            }));
        }
    }
    let entry = |key: &str, value: String| KeyValue::new(format!("{PREFIX}{key}"), value);
    Ok(vec![
        entry("version", env!("CARGO_PKG_VERSION").to_string()),
        entry("preset", rules.rules.preset.name().to_string()),
        entry("rules", rules.to_json().to_string()),
        entry("options", layout.to_string()),
        entry("inputs", Value::Array(inputs).to_string()),
        entry("roles", roles(columns).to_string()),
    ])
}

/// What a file says of how it was made: by key, without the [`PREFIX`]. `None` where it says nothing.
#[must_use]
pub fn made(table: &Table) -> Option<Value> {
    let part = table.parts.first()?;
    let entries = part.footer().file_metadata().key_value_metadata()?;
    let found = entries.iter().filter_map(|entry| {
        let key = entry.key.strip_prefix(PREFIX)?;
        let text = entry.value.clone()?;
        let value = serde_json::from_str(&text)
            .ok()
            .filter(|value: &Value| !value.is_number());
        Some((key.to_string(), value.unwrap_or(Value::String(text))))
    });
    let found: serde_json::Map<String, Value> = found.collect();
    (!found.is_empty()).then_some(Value::Object(found))
}

/// The role of each column of the file.
fn roles(columns: &[OutColumn]) -> Value {
    let role = |c: &OutColumn| (c.field.name().clone(), json!(c.role.as_str()));
    Value::Object(columns.iter().map(role).collect())
}

/// The file's name within the snapshot, with slashes on every system.
fn name(file: &Path, snapshot: &Path) -> String {
    let inside = file.strip_prefix(snapshot).unwrap_or(file);
    let parts = inside.components().map(|part| part.as_os_str().to_string_lossy());
    parts.collect::<Vec<_>>().join("/")
}
