//! How a features file says that it was made: the rules in its footer, read back (see `provenance.rs`).

use polyfeat::{Closed, Direction, Numerics, RegimeMode, Span, Tie, Ties, Unknown};
use serde_json::Value;

use super::options::Shape;
use crate::error::{Code, Error, Result};
use crate::provenance::PREFIX;
use crate::rules::{GivenRules, Preset, Resolution, SelfColumns, SequenceColumns, Setting};
use crate::table::Table;
use crate::words::{closed_name, direction_name, regime_name, tie_name, ties_name, unknown_name};

/// What a footer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Footer {
    /// The rules, every one given.
    pub rules: GivenRules,
    /// Length of a bucket.
    pub bucket: Span,
    /// Numerics of the sums.
    pub sum: Numerics,
}

/// Reads the footer of a file; `None` when it says nothing of how it was made.
///
/// # Errors
/// `CORRUPT` when what it says cannot be read.
pub fn footer(file: &Table) -> Result<Option<Footer>> {
    let Some(part) = file.parts.first() else {
        return Ok(None);
    };
    let metadata = part.footer().file_metadata().key_value_metadata();
    let entry = |key: &str| {
        let name = format!("{PREFIX}{key}");
        let found = metadata.into_iter().flatten().find(|entry| entry.key == name);
        found.and_then(|entry| entry.value.clone())
    };
    let (Some(rules), Some(options)) = (entry("rules"), entry("options")) else {
        return Ok(None);
    };
    let read = || {
        let rules: Value = serde_json::from_str(&rules).ok()?;
        let options: Value = serde_json::from_str(&options).ok()?;
        Some(Footer {
            rules: given(&rules)?,
            bucket: Span::parse(options["bucket"].as_str()?).ok()?,
            sum: match options["sum"].as_str()? {
                "exact" => Numerics::Exact,
                "notebook" => Numerics::Notebook,
                _ => return None,
            },
        })
    };
    read().map(Some).ok_or_else(|| {
        let message = format!(
            "{}: its {PREFIX}rules and {PREFIX}options cannot be read; it was made by another version, or altered",
            file.path.display()
        );
        Error::new(Code::Corrupt, message).in_file(&file.path)
    })
}

/// The value that has this word.
fn word<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str, value: &Value) -> Option<T> {
    let text = value.as_str()?;
    all.iter().copied().find(|&one| name(one) == text)
}

/// A length, or none; the outer `None`: neither.
fn length(value: &Value) -> Option<Setting<i64>> {
    match value {
        Value::Null => Some(Setting::Off),
        // No span is that short.
        Value::String(text) if text == "0s" => Some(Setting::Given(0)),
        value => Some(Setting::Given(Span::parse(value.as_str()?).ok()?.nanos())),
    }
}

fn given(rules: &Value) -> Option<GivenRules> {
    let sequence = &rules["sequence"];
    let text = |value: &Value| value.as_str().map(str::to_string);
    let direction = word(
        &[Direction::Backward, Direction::Forward, Direction::Nearest],
        direction_name,
        &rules["direction"],
    )?;
    Some(GivenRules {
        preset: word(
            &[Preset::Notebook, Preset::Strict, Preset::Live],
            Preset::name,
            &rules["preset"],
        )?,
        ties: Some(word(
            &[Ties::Include, Ties::Exclude, Ties::Sequence],
            ties_name,
            &rules["ties"],
        )?),
        sequence: match sequence {
            Value::Null => None,
            columns => Some(SequenceColumns {
                trades: text(&columns["trades"])?,
                tape: text(&columns["tape"])?,
            }),
        },
        resolution: match rules["resolution"].as_str()? {
            "auto" => Resolution::Auto,
            label => Resolution::Given(Span::parse(label).ok()?),
        },
        availability: match &rules["availability"] {
            Value::Null => Setting::Off,
            name => Setting::Given(text(name)?),
        },
        embargo: length(&rules["embargo"])?,
        exclude_self: match &rules["excludeSelf"] {
            Value::Null => Setting::Off,
            names => {
                let names: Option<Vec<String>> = names.as_array()?.iter().map(text).collect();
                Setting::Given(SelfColumns::Named(names?))
            }
        },
        max_age: length(&rules["maxAge"])?,
        tie: match &rules["tie"] {
            Value::Null => None,
            name => {
                let words = [Tie::Last, Tie::First, Tie::Error];
                Some(word(&words, |tie| tie_name(tie).unwrap_or_default(), name)?)
            }
        },
        direction: Some(direction),
        allow_lookahead: direction != Direction::Backward,
        closed: Some(word(
            &[Closed::Right, Closed::Left, Closed::Both, Closed::Neither],
            closed_name,
            &rules["closed"],
        )?),
        unknown: Some(word(
            &[Unknown::Null, Unknown::Causal, Unknown::Zero],
            unknown_name,
            &rules["unknownToken"],
        )?),
        regime: Some(word(
            &[
                RegimeMode::Bucket,
                RegimeMode::BucketAsof,
                RegimeMode::Trailing,
                RegimeMode::PrevBucket,
            ],
            regime_name,
            &rules["regime"],
        )?),
        proof: false,
    })
}

/// The shape of the features by this footer, their lags and windows being those of the columns.
#[must_use]
pub fn shape(footer: &Footer, columns: &Shape) -> Shape {
    Shape {
        bucket: footer.bucket,
        sum: footer.sum,
        ..columns.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provenance::ResolvedRules;

    #[test]
    fn rules_that_are_written_read_back() {
        let embargo = GivenRules {
            preset: Preset::Live,
            embargo: Setting::Given(2_000_000),
            max_age: Setting::Given(0),
            tie: Some(Tie::First),
            direction: Some(Direction::Nearest),
            allow_lookahead: true,
            ..GivenRules::default()
        };
        for asked in [GivenRules::default(), embargo] {
            let rules = asked.resolve().unwrap();
            let written = ResolvedRules {
                exclude_self: vec!["a".to_string()],
                resolution: Some(1_000_000_000),
                rules,
            };
            let read = given(&written.to_json()).unwrap();
            let again = ResolvedRules {
                exclude_self: written.exclude_self.clone(),
                resolution: Some(1_000_000_000),
                rules: read.resolve().unwrap(),
            };
            assert_eq!(again.to_json(), written.to_json());
        }
        assert_eq!(given(&Value::Null), None);
    }
}
