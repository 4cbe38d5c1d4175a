//! The added columns of a features file: what they are by their names, and their values.

use std::sync::Arc;

use polyfeat::{NULL_TS, Span, TimeUnit, rescale};

use super::align::{column, instants};
use super::options::Shape;
use super::sets::SET_COLUMNS;
use super::tally::Tally;
use crate::error::Result;
use crate::feature::Feature;
use crate::job::Job;
use crate::open::Opened;
use crate::roles::{is_number, is_string, time_column, value_type};
use crate::table::Table;

/// A column of a features file that the trades do not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileColumn {
    /// Its name.
    pub name: String,
    /// The rules that give its value in every row.
    pub reproduced_by: Vec<String>,
    /// Whether rules that the judge allows are among them.
    pub knowable: bool,
    /// The rows whose value the nearest allowed rules do not give.
    pub differing: Tally,
    /// The first of them, with the file's value and that of those rules.
    pub example: Option<(u64, String, String)>,
    /// Rows whose value alone shows that it was not knowable.
    pub shown: Option<Tally>,
}

/// What was found in a features file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileReport {
    /// Its added columns.
    pub columns: Vec<FileColumn>,
}

/// What a column is, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A column of the tape.
    Tape(Feature),
    /// The beginning of the bucket.
    Bucket,
    /// Of the complete sets, by place in [`SET_COLUMNS`].
    Set(usize),
    /// A label, by its name: no feature.
    Label,
    /// No column that is known here, or of another type.
    Other,
}

/// Values by row of the trades.
pub enum Held {
    /// NaN is null. A flag is 0 or 1.
    Doubles(Vec<f64>),
    /// [`NULL_TS`] is null.
    Stamps(Vec<i64>),
    /// Empty is null.
    Texts(Vec<String>),
    /// Not looked at.
    Nothing,
}

/// An added column with its values.
pub struct Added {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Its values.
    pub held: Held,
}

/// A stamp that no column has: one that does not fit into the unit of the others.
pub const NO_STAMP: i64 = i64::MIN + 1;

/// The added columns by their names, and the lags and windows that they speak of; `given` says the rest.
#[must_use]
pub fn named(file: &Table, opened: &Opened, given: &Shape) -> (Vec<(String, Kind)>, Shape) {
    let mut shape = Shape {
        returns: Vec::new(),
        windows: Vec::new(),
        ..given.clone()
    };
    let fields = file.schema().fields().iter();
    let added = fields.filter(|field| opened.trades.column(field.name()).is_none());
    let columns = added
        .map(|field| (field.name().clone(), kind(field.name(), &mut shape)))
        .collect();
    (columns, shape)
}

fn kind(name: &str, shape: &mut Shape) -> Kind {
    fn place(spans: &mut Vec<Span>, label: &str) -> Option<usize> {
        let span = Span::parse(label).ok()?;
        Some(spans.iter().position(|&known| known == span).unwrap_or_else(|| {
            spans.push(span);
            spans.len() - 1
        }))
    }
    let mut lengthy = |prefix: &str, feature: fn(usize) -> Feature, lag: bool| {
        let label = name.strip_prefix(prefix)?;
        let spans = if lag {
            &mut shape.returns
        } else {
            &mut shape.windows
        };
        place(spans, label).map(feature)
    };
    let tape = match name {
        "mt_last_price" => Some(Feature::LastPrice),
        "mt_last_ts" => Some(Feature::LastTs),
        "mt_last_age_ms" => Some(Feature::LastAgeMs),
        _ => lengthy("mt_return_", Feature::Return, true)
            .or_else(|| lengthy("mt_trades_", Feature::Trades, false))
            .or_else(|| lengthy("mt_volume_", Feature::Volume, false))
            .or_else(|| lengthy("mt_notional_", Feature::Notional, false)),
    };
    match (tape, SET_COLUMNS.iter().position(|&set| set == name)) {
        (Some(feature), _) => Kind::Tape(feature),
        (None, Some(set)) => Kind::Set(set),
        _ if name == "bucket" => Kind::Bucket,
        _ if name.starts_with("label_") => Kind::Label,
        _ => Kind::Other,
    }
}

/// Reads the added columns. `rows` says which trade each row is; stamps of the tape are brought to `unit`, buckets to
/// `trades_unit`. What is stored as something else than its name says is [`Kind::Other`].
///
/// # Errors
/// Those of reading.
pub fn read(
    job: &Arc<Job>,
    file: &Table,
    columns: Vec<(String, Kind)>,
    rows: &[u32],
    (unit, trades_unit): (TimeUnit, TimeUnit),
) -> Result<Vec<Added>> {
    let by_trade = |values: Vec<f64>| {
        let mut out = vec![f64::NAN; rows.len()];
        rows.iter()
            .zip(values)
            .for_each(|(&row, value)| out[row as usize] = value);
        Held::Doubles(out)
    };
    let read = |name: &str, kind: Kind| -> Result<Held> {
        let Some((root, field)) = file.column(name) else {
            return Ok(Held::Nothing);
        };
        let stored = value_type(field.data_type()).clone();
        match kind {
            Kind::Tape(Feature::LastTs) | Kind::Bucket => {
                let Ok(time) = time_column(file, name, None) else {
                    return Ok(Held::Nothing);
                };
                let to = if kind == Kind::Bucket { trades_unit } else { unit };
                let mut out = vec![NULL_TS; rows.len()];
                for (&row, stamp) in rows.iter().zip(instants(job, file, &time)?) {
                    if stamp != NULL_TS {
                        out[row as usize] = rescale(stamp, time.unit, to).unwrap_or(NO_STAMP);
                    }
                }
                Ok(Held::Stamps(out))
            }
            Kind::Tape(_) | Kind::Set(1) if is_number(&stored) => {
                let mut values = Vec::with_capacity(rows.len());
                crate::coerce::numbers(&column(job, file, root)?, &mut values)?;
                Ok(by_trade(values))
            }
            Kind::Set(0) if stored == arrow::datatypes::DataType::Boolean => {
                let array = column(job, file, root)?;
                let flags = arrow::array::AsArray::as_boolean(&array);
                Ok(by_trade(
                    flags.iter().map(|v| v.map_or(f64::NAN, f64::from)).collect(),
                ))
            }
            Kind::Set(2) if is_string(&stored) => {
                let array = column(job, file, root)?;
                let plain = arrow::compute::cast(&array, &arrow::datatypes::DataType::Utf8View)
                    .map_err(|e| crate::error::Error::internal(e.to_string()))?;
                let texts = arrow::array::AsArray::as_string_view(&plain);
                let mut out = vec![String::new(); rows.len()];
                for (&row, text) in rows.iter().zip(texts.iter()) {
                    out[row as usize] = text.unwrap_or_default().to_string();
                }
                Ok(Held::Texts(out))
            }
            _ => Ok(Held::Nothing),
        }
    };
    let one = |(name, kind): (String, Kind)| {
        let held = read(&name, kind)?;
        let kind = match held {
            Held::Nothing if kind != Kind::Label => Kind::Other,
            _ => kind,
        };
        Ok(Added { name, kind, held })
    };
    columns.into_iter().map(one).collect()
}
