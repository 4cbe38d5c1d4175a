//! Values that are equal when they say the same: doubles by their bits, instants in nanoseconds.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::{cast, sort_to_indices, take};
use arrow::datatypes::{DataType, Float64Type, Int64Type, TimeUnit};

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Null,
    /// Bits of a double.
    Float(u64),
    Int(i64),
    /// Nanoseconds since 1970.
    Time(i128),
    Bool(bool),
    Text(String),
}

impl From<f64> for Cell {
    /// NaN is how the oracles say null.
    fn from(v: f64) -> Self {
        if v.is_nan() {
            Cell::Null
        } else {
            Cell::Float(v.to_bits())
        }
    }
}

/// The values of a feature column. A NaN in it is a failure: the engine writes null.
fn cells(array: &ArrayRef) -> Vec<Cell> {
    let wide = match array.data_type() {
        DataType::Timestamp(..) | DataType::Date32 | DataType::Date64 => {
            cast(array, &DataType::Int64).unwrap()
        }
        DataType::Int32 | DataType::UInt32 => cast(array, &DataType::Int64).unwrap(),
        DataType::Dictionary(..) | DataType::LargeUtf8 | DataType::Utf8View => {
            cast(array, &DataType::Utf8).unwrap()
        }
        _ => ArrayRef::clone(array),
    };
    let scale = match array.data_type() {
        DataType::Timestamp(TimeUnit::Second, _) => 1_000_000_000,
        DataType::Timestamp(TimeUnit::Millisecond, _) => 1_000_000,
        DataType::Timestamp(TimeUnit::Microsecond, _) => 1_000,
        _ => 1,
    };
    (0..wide.len())
        .map(|i| {
            if wide.is_null(i) || *wide.data_type() == DataType::Null {
                return Cell::Null;
            }
            match (array.data_type(), wide.data_type()) {
                (DataType::Timestamp(..), _) => {
                    Cell::Time(i128::from(wide.as_primitive::<Int64Type>().value(i)) * scale)
                }
                (_, DataType::Int64) => Cell::Int(wide.as_primitive::<Int64Type>().value(i)),
                (_, DataType::Float64) => {
                    let v = wide.as_primitive::<Float64Type>().value(i);
                    assert!(!v.is_nan(), "a NaN was written");
                    Cell::Float(v.to_bits())
                }
                (_, DataType::Boolean) => Cell::Bool(wide.as_boolean().value(i)),
                (_, DataType::Utf8) => Cell::Text(wide.as_string::<i32>().value(i).to_string()),
                (t, _) => panic!("no cell for {t}"),
            }
        })
        .collect()
}

/// A column by name.
pub fn column(rows: &RecordBatch, name: &str) -> Vec<Cell> {
    cells(
        rows.column_by_name(name)
            .unwrap_or_else(|| panic!("no column {name}")),
    )
}

/// Names of the columns that the engine made.
pub fn feature_names(rows: &RecordBatch) -> Vec<String> {
    let made = ["bucket", "complete_set_flag", "complete_set_shares", "regime"];
    rows.schema()
        .fields()
        .iter()
        .map(|f| f.name().clone())
        .filter(|n| n.starts_with("mt_") || made.contains(&n.as_str()))
        .collect()
}

/// All columns that the engine made, and `row`, which says which trade a line is.
pub fn features(rows: &RecordBatch) -> Vec<(String, Vec<Cell>)> {
    let mut all: Vec<_> = feature_names(rows)
        .into_iter()
        .map(|n| (n.clone(), column(rows, &n)))
        .collect();
    all.push(("row".to_string(), column(rows, "row")));
    all
}

/// Fails on the first value in which the feature columns of two outputs differ, and names it.
#[track_caller]
pub fn assert_same(got: &RecordBatch, want: &RecordBatch, what: &str) {
    let (got, want) = (features(got), features(want));
    let names = |all: &[(String, Vec<Cell>)]| all.iter().map(|(n, _)| n.clone()).collect::<Vec<_>>();
    assert_eq!(names(&got), names(&want), "{what}: columns");
    for ((name, got), (_, want)) in got.iter().zip(&want) {
        assert_eq!(got.len(), want.len(), "{what}: rows");
        for (row, (got, want)) in got.iter().zip(want).enumerate() {
            assert_eq!(got, want, "{what}: {name} in row {row}");
        }
    }
}

/// Rows of a batch by their `row` column.
pub fn by_row(rows: &RecordBatch) -> RecordBatch {
    let row = cast(rows.column_by_name("row").unwrap(), &DataType::UInt32).unwrap();
    let at = sort_to_indices(&row, None, None).unwrap();
    let columns = rows
        .columns()
        .iter()
        .map(|c| take(c, &at, None).unwrap())
        .collect();
    RecordBatch::try_new(rows.schema(), columns).unwrap()
}
