//! Options as they come from TypeScript.

use polyfeat_table::{Code, Error, FeaturePlan, Numerics, RegimeMode, Result, Span, TapeOptions, TimeUnit};
use serde::Deserialize;

use self::visibility::VisibilityJson;
use crate::request::{Duration, SumName, Unit};

mod kernels;
mod visibility;
mod words;

pub use kernels::{flow, join, sets, time};

/// What every function takes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Common {
    /// Threads; `None`: as many as are worth while.
    pub threads: Option<usize>,
    /// Panics instead of working, so that tests can see that the process lives.
    pub panic_for_test: bool,
}

fn parse<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T> {
    serde_json::from_str(json).map_err(|e| {
        Error::new(
            Code::InvalidOption,
            format!("bad options: {e}; see the types of this function"),
        )
    })
}

fn span(duration: &Duration) -> Result<Span> {
    duration
        .span()
        .map_err(|e| Error::new(Code::InvalidOption, e.message))
}

fn spans(all: &[Duration]) -> Result<Vec<Span>> {
    all.iter().map(span).collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PrepareJson {
    ts_unit: Option<Unit>,
    threads: Option<usize>,
    #[serde(default)]
    assume_sorted: bool,
    #[serde(default)]
    panic_for_test: bool,
}

/// Options of `prepareTape`.
pub fn prepare(json: &str) -> Result<(Common, TapeOptions)> {
    let o: PrepareJson = parse(json)?;
    let common = Common {
        threads: o.threads,
        panic_for_test: o.panic_for_test,
    };
    let tape = TapeOptions {
        ts_unit: o.ts_unit.map(TimeUnit::from),
        assume_sorted: o.assume_sorted,
    };
    Ok((common, tape))
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Rows {
    #[default]
    Input,
    Token,
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
enum Mode {
    #[default]
    Bucket,
    BucketAsof,
    Trailing,
    PrevBucket,
}

impl From<Mode> for RegimeMode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Bucket => RegimeMode::Bucket,
            Mode::BucketAsof => RegimeMode::BucketAsof,
            Mode::Trailing => RegimeMode::Trailing,
            Mode::PrevBucket => RegimeMode::PrevBucket,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FeaturesJson {
    returns: Vec<Duration>,
    windows: Vec<Duration>,
    bucket: Duration,
    sum: SumName,
    #[serde(default)]
    order: Rows,
    #[serde(default)]
    time: bool,
    #[serde(default)]
    regime: Mode,
    #[serde(default)]
    visibility: VisibilityJson,
    ts_unit: Option<Unit>,
    threads: Option<usize>,
    #[serde(default)]
    assume_sorted: bool,
    #[serde(default)]
    panic_for_test: bool,
}

/// Options of `features`, and of a tape that is read with them.
pub fn features(json: &str) -> Result<(Common, FeaturePlan, TapeOptions)> {
    let o: FeaturesJson = parse(json)?;
    let ts_unit = o.ts_unit.map(TimeUnit::from);
    let common = Common {
        threads: o.threads,
        panic_for_test: o.panic_for_test,
    };
    let plan = FeaturePlan {
        returns: spans(&o.returns)?,
        windows: spans(&o.windows)?,
        bucket: span(&o.bucket)?,
        mode: o.regime.into(),
        visibility: o.visibility.plan()?,
        sum: Numerics::from(o.sum),
        by_token: matches!(o.order, Rows::Token),
        time: o.time,
        ts_unit,
    };
    let tape = TapeOptions {
        ts_unit,
        assume_sorted: o.assume_sorted,
    };
    Ok((common, plan, tape))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEATURES: &str = r#""returns":[{"nanos":"30000000000","label":"30s"}],"windows":[],
        "bucket":{"nanos":"10000000000","label":"10s"},"sum":"exact""#;

    #[test]
    fn features_take_what_the_interface_says() {
        let (common, plan, tape) = features(&format!(
            r#"{{{FEATURES},"order":"token","tsUnit":"ms","threads":3}}"#
        ))
        .unwrap();
        assert_eq!(common.threads, Some(3));
        assert!(plan.by_token && !plan.time);
        assert_eq!(plan.returns[0].label(), "30s");
        assert_eq!(tape.ts_unit, Some(TimeUnit::Millisecond));
    }

    #[test]
    fn unknown_and_wrong_options_are_refused() {
        for bad in [
            "".to_string(),
            "{}".to_string(),
            format!("{{{FEATURES},\"window\":[]}}"),
            format!("{{{FEATURES},\"order\":\"time\"}}"),
            format!("{{{FEATURES},\"threads\":-1}}"),
            FEATURES.replace("30000000000", "0"),
        ] {
            let e = features(&bad).unwrap_err();
            assert_eq!(e.code, Code::InvalidOption, "{bad}");
        }
        assert_eq!(
            prepare(r#"{"sorted":true}"#).unwrap_err().code,
            Code::InvalidOption
        );
        assert!(prepare("{}").is_ok());
    }
}
