//! A column that both files have, by which their rows are compared: for own prints, or for the order in a stamp.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type, UInt64Type};
use polyfeat::{NULL_TS, TimeUnit};

use crate::coerce::{plain, times};
use crate::error::{Code, Error, Result};
use crate::roles::{TimeColumn, TimeKind, is_string, time_column, value_type, wrong_type};
use crate::table::Table;
use crate::type_name::type_name;

/// What kind of value a column holds. Columns are compared when theirs are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Integers, by value.
    Whole,
    /// Times, as instants.
    Time(TimeColumn),
    /// Text, by its bytes.
    Text,
    /// True or false.
    Flag,
    /// Nothing but nulls: equal to nothing.
    Null,
}

/// One side's column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Side {
    /// Index of the root column.
    pub root: usize,
    /// What it holds.
    pub kind: Kind,
}

/// The columns of both files.
#[derive(Debug, Clone)]
pub struct Pair {
    /// Of `trades`.
    pub trades: Side,
    /// Of `market_trades`.
    pub tape: Side,
    /// The finer unit of two times.
    pub unit: TimeUnit,
}

impl Pair {
    /// Finds the columns of a rule and checks that they can be compared.
    ///
    /// # Errors
    /// `MISSING_COLUMN`, `WRONG_TYPE`.
    pub fn find(trades: (&Table, &str), tape: (&Table, &str), rule: &str) -> Result<Self> {
        let (a, b) = (side(trades.0, trades.1, rule)?, side(tape.0, tape.1, rule)?);
        let same = |a: Kind, b: Kind| {
            std::mem::discriminant(&a) == std::mem::discriminant(&b) || a == Kind::Null || b == Kind::Null
        };
        if !same(a.kind, b.kind) {
            let found = data_type(tape.0, b.root);
            let other = data_type(trades.0, a.root);
            return Err(wrong_type(
                tape.0,
                tape.1,
                &found,
                &format!(
                    "the kind of {} in trades ({}) for {rule}",
                    trades.1,
                    type_name(&other)
                ),
            ));
        }
        let unit = match (a.kind, b.kind) {
            (Kind::Time(a), Kind::Time(b)) => a.unit.finer(b.unit),
            (Kind::Time(one), _) | (_, Kind::Time(one)) => one.unit,
            _ => TimeUnit::Nanosecond,
        };
        Ok(Pair {
            trades: a,
            tape: b,
            unit,
        })
    }

    /// Whether booleans are compared.
    #[must_use]
    pub fn is_flag(&self) -> bool {
        self.trades.kind == Kind::Flag || self.tape.kind == Kind::Flag
    }

    /// Whether texts are compared.
    #[must_use]
    pub fn is_text(&self) -> bool {
        self.trades.kind == Kind::Text || self.tape.kind == Kind::Text
    }
}

impl Side {
    /// The values of an array of anything but text, as numbers: equal ones are equal, greater ones greater.
    ///
    /// # Errors
    /// As [`times`].
    pub fn numbers(self, array: &ArrayRef, unit: TimeUnit) -> Result<Vec<Option<i128>>> {
        let array = &plain(array)?;
        Ok(match self.kind {
            Kind::Null | Kind::Text => vec![None; array.len()],
            Kind::Flag => array.as_boolean().iter().map(|v| v.map(i128::from)).collect(),
            Kind::Whole if *array.data_type() == DataType::UInt64 => {
                let values = array.as_primitive::<UInt64Type>();
                values.iter().map(|v| v.map(i128::from)).collect()
            }
            Kind::Whole => {
                let values = cast(array, &DataType::Int64).map_err(|e| Error::internal(e.to_string()))?;
                let values = values.as_primitive::<Int64Type>();
                values.iter().map(|v| v.map(i128::from)).collect()
            }
            Kind::Time(column) => {
                let mut stamps = Vec::with_capacity(array.len());
                times(array, &column, &mut stamps)?;
                let finer = i128::from(column.unit.nanos() / unit.nanos());
                let instant = |t: i64| (t != NULL_TS).then(|| i128::from(t) * finer);
                stamps.into_iter().map(instant).collect()
            }
        })
    }
}

fn side(table: &Table, name: &str, rule: &str) -> Result<Side> {
    let (root, field) = find(table, name, rule)?;
    let found = field.data_type();
    let kind = match value_type(found) {
        t if t.is_integer() => Kind::Whole,
        t if is_string(t) => Kind::Text,
        DataType::Boolean => Kind::Flag,
        DataType::Null => Kind::Null,
        DataType::Timestamp(..) | DataType::Date32 | DataType::Date64 => {
            Kind::Time(time_column(table, name, None)?)
        }
        _ => {
            let expected = format!("integers, text, booleans or times for {rule}");
            return Err(wrong_type(table, name, found, &expected));
        }
    };
    Ok(Side { root, kind })
}

/// The time column of the tape that a rule names.
///
/// # Errors
/// `MISSING_COLUMN`, `WRONG_TYPE`.
pub fn availability(table: &Table, name: &str, ts_unit: Option<TimeUnit>) -> Result<TimeColumn> {
    find(table, name, "availability")?;
    let column = time_column(table, name, ts_unit)?;
    // Nulls are as fine as any unit.
    Ok(if column.kind == TimeKind::Null {
        TimeColumn {
            unit: TimeUnit::Second,
            ..column
        }
    } else {
        column
    })
}

fn find<'a>(table: &'a Table, name: &str, rule: &str) -> Result<(usize, &'a arrow::datatypes::FieldRef)> {
    table.column(name).ok_or_else(|| {
        Error::new(
            Code::MissingColumn,
            format!(
                "{} has no column {name}, which {rule} names; name another or switch the rule off",
                table.path.display()
            ),
        )
        .in_file(&table.path)
        .in_column(name)
    })
}

fn data_type(table: &Table, root: usize) -> DataType {
    table.schema().field(root).data_type().clone()
}
