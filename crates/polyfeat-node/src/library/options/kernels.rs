//! Options of the kernels one by one.

use polyfeat_table::{Closed, JoinPlan, Numerics, PairOptions, Result, SetPlan, Tie, TimeUnit, WindowPlan};
use serde::Deserialize;

use super::words::{ClosedName, DirectionName, TieName, nanos};
use super::{Common, Mode, parse, span, spans};
use crate::request::{Duration, SumName, Unit};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct JoinJson {
    #[serde(default)]
    strict: bool,
    ties: Option<TieName>,
    max_age: Option<Duration>,
    #[serde(default)]
    direction: DirectionName,
    ts_unit: Option<Unit>,
    threads: Option<usize>,
    #[serde(default)]
    assume_sorted: bool,
    #[serde(default)]
    panic_for_test: bool,
}

/// Options of `asofIndices`.
pub fn join(json: &str) -> Result<(Common, JoinPlan)> {
    let o: JoinJson = parse(json)?;
    let common = Common {
        threads: o.threads,
        panic_for_test: o.panic_for_test,
    };
    let plan = JoinPlan {
        direction: o.direction.into(),
        strict: o.strict,
        tie: o.ties.map(Tie::from).unwrap_or_default(),
        max_age: o.max_age.as_ref().map(nanos).transpose()?,
        read: PairOptions {
            ts_unit: o.ts_unit.map(TimeUnit::from),
            assume_sorted: o.assume_sorted,
        },
    };
    Ok((common, plan))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FlowJson {
    windows: Vec<Duration>,
    closed: Option<ClosedName>,
    sum: Option<SumName>,
    ts_unit: Option<Unit>,
    threads: Option<usize>,
    #[serde(default)]
    assume_sorted: bool,
    #[serde(default)]
    panic_for_test: bool,
}

/// Options of `windowFlow`.
pub fn flow(json: &str) -> Result<(Common, WindowPlan)> {
    let o: FlowJson = parse(json)?;
    let common = Common {
        threads: o.threads,
        panic_for_test: o.panic_for_test,
    };
    let plan = WindowPlan {
        windows: spans(&o.windows)?,
        closed: o.closed.map(Closed::from).unwrap_or_default(),
        sum: o.sum.map(Numerics::from).unwrap_or_default(),
        read: PairOptions {
            ts_unit: o.ts_unit.map(TimeUnit::from),
            assume_sorted: o.assume_sorted,
        },
    };
    Ok((common, plan))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SetsJson {
    bucket: Duration,
    #[serde(default)]
    mode: Mode,
    sum: Option<SumName>,
    ts_unit: Option<Unit>,
    threads: Option<usize>,
    #[serde(default)]
    panic_for_test: bool,
}

/// Options of `completeSets` and `regimes`.
pub fn sets(json: &str) -> Result<(Common, SetPlan)> {
    let o: SetsJson = parse(json)?;
    let common = Common {
        threads: o.threads,
        panic_for_test: o.panic_for_test,
    };
    let plan = SetPlan {
        bucket: span(&o.bucket)?,
        mode: o.mode.into(),
        sum: o.sum.map(Numerics::from).unwrap_or_default(),
        ts_unit: o.ts_unit.map(TimeUnit::from),
    };
    Ok((common, plan))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TimeJson {
    ts_unit: Option<Unit>,
    threads: Option<usize>,
    #[serde(default)]
    panic_for_test: bool,
}

/// Options of `times` and `tokenOrder`.
pub fn time(json: &str) -> Result<(Common, Option<TimeUnit>)> {
    let o: TimeJson = parse(json)?;
    let common = Common {
        threads: o.threads,
        panic_for_test: o.panic_for_test,
    };
    Ok((common, o.ts_unit.map(TimeUnit::from)))
}
