//! A column's values, in a form in which equal ones are equal.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use polyfeat::NULL_TS;

use crate::error::{Code, Error, Result};
use crate::gather::Source;
use crate::job::Job;
use crate::part::Part;
use crate::roles::{TimeColumn, TimeKind, is_decimal, is_number, is_string, kernel_unit, value_type};
use crate::strings::read_as_codes;
use crate::table::Table;

/// A column in a form in which equal values are equal.
pub enum Values {
    Float(Vec<f64>),
    /// Whole numbers.
    Int(Vec<Option<i128>>),
    /// Nanoseconds since 1970.
    Time(Vec<Option<i128>>),
    Bool(ArrayRef),
    Text(ArrayRef),
    /// Anything else, by its text.
    Other(ArrayRef),
}

impl Values {
    /// The values of a column, all or those of `order`.
    ///
    /// # Errors
    /// `MISSING_COLUMN`; those of reading.
    pub fn read(job: &Arc<Job>, table: &Table, name: &str, order: Option<&[u32]>) -> Result<Values> {
        let Some((root, _)) = table.column(name) else {
            return Err(Error::new(
                Code::MissingColumn,
                format!("{} has no column {name}", table.path.display()),
            )
            .in_file(&table.path)
            .in_column(name));
        };
        let declared = value_type(table.schema().field(root).data_type());
        let of = |part: &Part| match is_string(declared) {
            true => read_as_codes(part, &[root]),
            false => Ok(part.meta.clone()),
        };
        let metas: Vec<_> = table.parts.iter().map(of).collect::<Result<_>>()?;
        let decoded = Source {
            job,
            table,
            metas: &metas,
            root,
        }
        .read()?;
        let array = match order {
            None => decoded.range(0..table.rows as usize)?,
            Some(order) => decoded.rows(order)?,
        };
        // Views of several row groups are gathered as their bytes; text has to be text again.
        if is_string(declared) && *array.data_type() == DataType::Binary {
            let text = cast(&array, &DataType::Utf8View).map_err(|e| Error::internal(e.to_string()))?;
            return Self::of(&text);
        }
        Self::of(&array)
    }

    /// The values of an array.
    ///
    /// # Errors
    /// Those of converting.
    pub fn of(array: &ArrayRef) -> Result<Values> {
        let internal = |e: arrow::error::ArrowError| Error::internal(e.to_string());
        let kind = value_type(array.data_type()).clone();
        let plain = if kind == *array.data_type() {
            Arc::clone(array)
        } else {
            cast(array, &kind).map_err(internal)?
        };
        Ok(match &kind {
            t if t.is_integer() => {
                let wide = cast(&plain, &DataType::Decimal128(38, 0)).map_err(internal)?;
                Values::Int(
                    wide.as_primitive::<arrow::datatypes::Decimal128Type>()
                        .iter()
                        .collect(),
                )
            }
            t if is_number(t) && (t.is_floating() || is_decimal(t)) => {
                let mut out = Vec::with_capacity(plain.len());
                crate::coerce::numbers(&plain, &mut out)?;
                Values::Float(out)
            }
            DataType::Timestamp(unit, _) => {
                Values::Time(nanos(&plain, TimeKind::Timestamp, kernel_unit(*unit))?)
            }
            DataType::Date32 | DataType::Date64 => {
                Values::Time(nanos(&plain, TimeKind::Date, polyfeat::TimeUnit::Millisecond)?)
            }
            DataType::Boolean => Values::Bool(plain),
            t if is_string(t) => Values::Text(cast(&plain, &DataType::Utf8View).map_err(internal)?),
            _ => Values::Other(plain),
        })
    }

    /// Rows.
    pub fn len(&self) -> usize {
        match self {
            Values::Float(v) => v.len(),
            Values::Int(v) | Values::Time(v) => v.len(),
            Values::Bool(a) | Values::Text(a) | Values::Other(a) => a.len(),
        }
    }

    /// Whether a row has no value.
    pub fn is_null(&self, row: usize) -> bool {
        match self {
            Values::Float(v) => v[row].is_nan(),
            Values::Int(v) | Values::Time(v) => v[row].is_none(),
            Values::Bool(a) | Values::Text(a) => a.is_null(row),
            Values::Other(a) => a.is_null(row) || *a.data_type() == DataType::Null,
        }
    }

    /// As a double, where it is a number.
    pub fn float(&self, row: usize) -> Option<f64> {
        match self {
            Values::Float(v) => Some(v[row]),
            #[allow(clippy::cast_precision_loss)] // an integer beside a double is compared as one
            Values::Int(v) => Some(v[row].map_or(f64::NAN, |i| i as f64)),
            _ => None,
        }
    }

    /// A value as people read it.
    pub fn text(&self, row: usize) -> String {
        if self.is_null(row) {
            return "null".to_string();
        }
        match self {
            Values::Float(v) => format!("{:?}", v[row]),
            Values::Int(v) => v[row].unwrap_or_default().to_string(),
            Values::Time(v) => time_text(v[row].unwrap_or_default()),
            Values::Bool(a) | Values::Text(a) | Values::Other(a) => {
                let options = FormatOptions::default();
                ArrayFormatter::try_new(a, &options)
                    .map_or_else(|e| e.to_string(), |f| f.value(row).to_string())
            }
        }
    }

    /// Whether a row has the same value in both.
    pub fn equal(&self, other: &Values, row: usize) -> bool {
        if self.is_null(row) || other.is_null(row) {
            return self.is_null(row) && other.is_null(row);
        }
        match (self, other) {
            (Values::Int(x), Values::Int(y)) | (Values::Time(x), Values::Time(y)) => x[row] == y[row],
            (Values::Bool(x), Values::Bool(y)) => x.as_boolean().value(row) == y.as_boolean().value(row),
            (Values::Text(x), Values::Text(y)) => {
                x.as_string_view().value(row) == y.as_string_view().value(row)
            }
            (Values::Other(_), Values::Other(_)) => self.text(row) == other.text(row),
            _ => false,
        }
    }

    /// Which of two rows comes first; nulls are last.
    pub fn order(&self, x: usize, y: usize) -> Ordering {
        match (self.is_null(x), self.is_null(y)) {
            (false, false) => match self {
                Values::Float(v) => v[x].total_cmp(&v[y]),
                Values::Int(v) | Values::Time(v) => v[x].cmp(&v[y]),
                Values::Bool(a) => a.as_boolean().value(x).cmp(&a.as_boolean().value(y)),
                Values::Text(a) => a.as_string_view().value(x).cmp(a.as_string_view().value(y)),
                Values::Other(_) => self.text(x).cmp(&self.text(y)),
            },
            (x, y) => x.cmp(&y),
        }
    }
}

fn nanos(array: &ArrayRef, kind: TimeKind, unit: polyfeat::TimeUnit) -> Result<Vec<Option<i128>>> {
    let mut stamps = Vec::with_capacity(array.len());
    crate::coerce::times(array, &TimeColumn { index: 0, kind, unit }, &mut stamps)?;
    let scale = i128::from(unit.nanos());
    Ok(stamps
        .into_iter()
        .map(|t| (t != NULL_TS).then(|| i128::from(t) * scale))
        .collect())
}

fn time_text(nanos: i128) -> String {
    i64::try_from(nanos).ok().map_or_else(
        || format!("{nanos} ns"),
        |n| crate::inspect::iso(n, polyfeat::TimeUnit::Nanosecond),
    )
}
