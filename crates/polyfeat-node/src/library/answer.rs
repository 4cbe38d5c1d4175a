//! Answers: results as typed arrays over the memory that Rust filled, errors and warnings as plain objects.

use napi::bindgen_prelude::{
    BigInt64Array, Either, Either4, Float64Array, Int8Array, Int32Array, Null, Uint8Array, Uint32Array,
};
use napi_derive::napi;
use polyfeat_table::{Bitmap, Error, Features, OutColumn, Regime, Values, Warning};

/// What went wrong.
#[napi(object, object_from_js = false)]
pub struct ErrorData {
    /// A stable word.
    pub code: String,
    /// One line for people.
    pub message: String,
    /// The column to blame.
    pub column: Option<String>,
    /// The row to blame, from 0.
    pub row: Option<f64>,
}

/// The answer when there is no result.
#[napi(object, object_from_js = false)]
pub struct Failure {
    /// Why.
    pub error: ErrorData,
}

impl From<Error> for Failure {
    fn from(e: Error) -> Self {
        Failure {
            error: ErrorData {
                code: e.code.as_str().to_string(),
                message: e.message,
                column: e.column,
                #[allow(clippy::cast_precision_loss)] // rows are fewer than 2^32
                row: e.row.map(|row| row as f64),
            },
        }
    }
}

/// Something odd that did not stop the call.
#[napi(object, object_from_js = false)]
pub struct WarningData {
    /// A stable word.
    pub code: String,
    /// One line for people.
    pub message: String,
}

/// Warnings as data.
pub fn warnings(all: &[Warning]) -> Vec<WarningData> {
    all.iter()
        .map(|w| WarningData {
            code: w.code.to_string(),
            message: w.message.clone(),
        })
        .collect()
}

/// A column of a result. The arrays are external memory, owned by JavaScript.
#[napi(object, object_from_js = false)]
pub struct ColumnData {
    /// Its name.
    pub name: String,
    /// `f64`, `timestamp`, `i64`, `bool` or `regime`.
    #[napi(js_name = "type", ts_type = "'f64' | 'timestamp' | 'i64' | 'bool' | 'regime'")]
    pub kind: String,
    /// Unit of a timestamp.
    #[napi(ts_type = "'s' | 'ms' | 'us' | 'ns'")]
    pub unit: Option<String>,
    /// Values: doubles (NaN where null), counts of the unit and whole numbers (-2^63 where null), bits, indices of `regimeNames()`.
    pub values: Either4<Float64Array, BigInt64Array, Uint8Array, Int8Array>,
    /// Arrow bitmap; null when no value is.
    pub validity: Either<Uint8Array, Null>,
    /// How many values are null.
    pub null_count: f64,
}

impl From<OutColumn> for ColumnData {
    fn from(column: OutColumn) -> Self {
        let mut unit = None;
        let (kind, values) = match column.values {
            Values::Doubles(values) => ("f64", Either4::A(Float64Array::new(values))),
            Values::Stamps(values, of) => {
                unit = Some(of.symbol().to_string());
                ("timestamp", Either4::B(BigInt64Array::new(values)))
            }
            Values::Counts(values) => ("i64", Either4::B(BigInt64Array::new(values))),
            Values::Flags(Bitmap { bytes, .. }) => ("bool", Either4::C(Uint8Array::new(bytes))),
            Values::Regimes(values) => ("regime", Either4::D(Int8Array::new(values))),
        };
        #[allow(clippy::cast_precision_loss)] // rows are fewer than 2^32
        let null_count = column.validity.as_ref().map_or(0, |v| v.zeros) as f64;
        ColumnData {
            name: column.name,
            kind: kind.to_string(),
            unit,
            values,
            validity: match column.validity {
                Some(bitmap) => Either::A(Uint8Array::new(bitmap.bytes)),
                None => Either::B(Null),
            },
            null_count,
        }
    }
}

/// Feature columns.
#[napi(object, object_from_js = false)]
pub struct FeatureAnswer {
    /// In the notebook's order.
    pub columns: Vec<ColumnData>,
    /// With `order: 'token'`: the trade of each row.
    pub order: Either<Uint32Array, Null>,
    /// What was odd.
    pub warnings: Vec<WarningData>,
}

impl FeatureAnswer {
    /// Hands features over.
    pub fn new(features: Features, odd: &[Warning]) -> Self {
        FeatureAnswer {
            columns: features.columns.into_iter().map(ColumnData::from).collect(),
            order: match features.order {
                Some(order) => Either::A(Uint32Array::new(order)),
                None => Either::B(Null),
            },
            warnings: warnings(odd),
        }
    }
}

/// Rows of the right table.
#[napi(object, object_from_js = false)]
pub struct JoinAnswer {
    /// For each left row; -1 where none matches.
    pub indices: Int32Array,
    /// What was odd.
    pub warnings: Vec<WarningData>,
}

/// Flows over a second table.
#[napi(object, object_from_js = false)]
pub struct FlowAnswer {
    /// By window.
    pub counts: Vec<ColumnData>,
    /// By window, then by weight.
    pub sums: Vec<Vec<ColumnData>>,
    /// What was odd.
    pub warnings: Vec<WarningData>,
}

/// Columns of one table.
#[napi(object, object_from_js = false)]
pub struct ColumnsAnswer {
    /// The columns.
    pub columns: Vec<ColumnData>,
    /// What was odd.
    pub warnings: Vec<WarningData>,
}

/// A permutation of rows.
#[napi(object, object_from_js = false)]
pub struct OrderAnswer {
    /// The row at each position.
    pub order: Uint32Array,
    /// What was odd.
    pub warnings: Vec<WarningData>,
}

/// The texts of a regime column, by index.
#[napi]
#[must_use]
pub fn regime_names() -> Vec<String> {
    Regime::ALL.iter().map(|r| r.name().to_string()).collect()
}
