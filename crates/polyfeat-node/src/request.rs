//! Requests as they come from TypeScript, made into the engine's options.

use std::path::PathBuf;

use polyfeat_snapshot::{
    BuildOptions, Code, Codec, CompareOptions, Error, ExplainOptions, Numerics, Order, Result, Select, Span,
    TimeUnit,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::rules::RulesRequest;

/// Reads a request.
pub fn parse<T: DeserializeOwned>(json: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|e| Error::new(Code::InvalidOption, format!("bad request: {e}")))
}

/// A length as TypeScript sends it.
#[derive(Deserialize)]
pub struct Duration {
    /// Nanoseconds, as digits.
    pub nanos: String,
}

impl Duration {
    /// The length when it may be 0.
    pub fn nanos(&self) -> Result<i64> {
        let nanos = self.nanos.parse().ok().filter(|&nanos: &i64| nanos >= 0);
        nanos.ok_or_else(|| {
            Error::new(
                Code::InvalidOption,
                format!("{} ns is no duration of 64 bits", self.nanos),
            )
        })
    }

    /// The length when it must not be 0.
    pub fn span(&self) -> Result<Span> {
        self.nanos
            .parse()
            .ok()
            .and_then(|n| Span::from_nanos(n).ok())
            .ok_or_else(|| {
                Error::new(
                    Code::InvalidOption,
                    format!("{} ns is no positive duration of 64 bits", self.nanos),
                )
            })
    }
}

/// A unit of time.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Unit {
    S,
    Ms,
    Us,
    Ns,
}

impl From<Unit> for TimeUnit {
    fn from(unit: Unit) -> Self {
        match unit {
            Unit::S => TimeUnit::Second,
            Unit::Ms => TimeUnit::Millisecond,
            Unit::Us => TimeUnit::Microsecond,
            Unit::Ns => TimeUnit::Nanosecond,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum OrderName {
    Token,
    Input,
}

/// How sums are made.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum SumName {
    Exact,
    Notebook,
}

impl From<SumName> for Numerics {
    fn from(name: SumName) -> Self {
        match name {
            SumName::Exact => Numerics::Exact,
            SumName::Notebook => Numerics::Notebook,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum CodecName {
    Source,
    Zstd,
    Snappy,
    None,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Columns {
    Word(String),
    Names(Vec<String>),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Build {
    snapshot: PathBuf,
    out: PathBuf,
    order: OrderName,
    returns: Vec<Duration>,
    windows: Vec<Duration>,
    bucket: Duration,
    sum: SumName,
    columns: Columns,
    #[serde(default)]
    label_available_at: bool,
    ts_unit: Option<Unit>,
    compression: CodecName,
    threads: Option<usize>,
    memory: Option<u64>,
    #[serde(default)]
    rules: RulesRequest,
}

/// More memory than any machine has, and little enough to be added to.
pub const UNBOUNDED: u64 = 1 << 60;

/// Options of a build.
pub fn build(json: &str) -> Result<BuildOptions> {
    let r: Build = parse(json)?;
    let spans = |all: &[Duration]| all.iter().map(Duration::span).collect::<Result<Vec<_>>>();
    Ok(BuildOptions {
        snapshot: r.snapshot,
        out: r.out,
        order: match r.order {
            OrderName::Token => Order::Token,
            OrderName::Input => Order::Input,
        },
        returns: spans(&r.returns)?,
        windows: spans(&r.windows)?,
        bucket: r.bucket.span()?,
        sum: r.sum.into(),
        columns: match r.columns {
            Columns::Word(w) if w == "all" => Select::All,
            Columns::Word(w) if w == "features" => Select::Features,
            Columns::Word(w) if w == "safe" => Select::Safe,
            Columns::Word(w) => Select::Named(vec![w]),
            Columns::Names(names) => Select::Named(names),
        },
        label_available: r.label_available_at,
        ts_unit: r.ts_unit.map(TimeUnit::from),
        codec: match r.compression {
            CodecName::Source => Codec::Source,
            CodecName::Zstd => Codec::Zstd,
            CodecName::Snappy => Codec::Snappy,
            CodecName::None => Codec::None,
        },
        threads: r.threads,
        memory: r.memory.unwrap_or(UNBOUNDED),
        rules: r.rules.given()?,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Explain {
    snapshot: PathBuf,
    row: u64,
    limit: usize,
    returns: Vec<Duration>,
    windows: Vec<Duration>,
    bucket: Duration,
    sum: SumName,
    ts_unit: Option<Unit>,
    #[serde(default)]
    rules: RulesRequest,
}

/// What to explain.
pub fn explain(json: &str) -> Result<ExplainOptions> {
    let r: Explain = parse(json)?;
    let spans = |all: &[Duration]| all.iter().map(Duration::span).collect::<Result<Vec<_>>>();
    Ok(ExplainOptions {
        build: BuildOptions {
            out: PathBuf::new(),
            snapshot: r.snapshot,
            order: Order::Input,
            returns: spans(&r.returns)?,
            windows: spans(&r.windows)?,
            bucket: r.bucket.span()?,
            sum: r.sum.into(),
            columns: Select::All,
            label_available: false,
            ts_unit: r.ts_unit.map(TimeUnit::from),
            codec: Codec::Source,
            threads: None,
            memory: UNBOUNDED,
            rules: r.rules.given()?,
        },
        row: r.row,
        limit: r.limit,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Inspect {
    snapshot: PathBuf,
    ts_unit: Option<Unit>,
}

/// What to inspect.
pub fn inspect(json: &str) -> Result<(PathBuf, Option<TimeUnit>)> {
    let r: Inspect = parse(json)?;
    Ok((r.snapshot, r.ts_unit.map(TimeUnit::from)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Summarize {
    file: PathBuf,
}

/// The features file to summarise.
pub fn summarize(json: &str) -> Result<PathBuf> {
    Ok(parse::<Summarize>(json)?.file)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Compare {
    a: PathBuf,
    b: PathBuf,
    rtol: f64,
    atol: f64,
    key: Vec<String>,
}

/// What to compare.
pub fn compare(json: &str) -> Result<CompareOptions> {
    let r: Compare = parse(json)?;
    Ok(CompareOptions {
        a: r.a,
        b: r.b,
        rtol: r.rtol,
        atol: r.atol,
        key: r.key,
    })
}
