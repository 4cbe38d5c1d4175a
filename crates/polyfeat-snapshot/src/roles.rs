//! Which column plays which part, and whether its type can.

use arrow::datatypes::{DataType, TimeUnit as ArrowUnit};
use polyfeat::TimeUnit;

use crate::error::{Code, Error, Result};
use crate::table::Table;
use crate::type_name::type_name;

/// How the instants of a time column are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeKind {
    /// An Arrow timestamp; naive means UTC.
    Timestamp,
    /// Days; an instant is the midnight that begins the day.
    Date,
    /// ISO 8601 text.
    Text,
    /// Integers whose unit the caller has named.
    Integer,
    /// A column of nulls.
    Null,
}

/// A time column and the unit its instants have here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeColumn {
    /// Index of the root column.
    pub index: usize,
    /// How it is stored.
    pub kind: TimeKind,
    /// Unit: the column's own; ms for dates; ns for text.
    pub unit: TimeUnit,
}

/// Columns of `trades` that features need.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct TradeRoles {
    pub ts: TimeColumn,
    pub token: usize,
    pub market: usize,
    pub side: usize,
    pub outcome: usize,
    pub size: usize,
}

/// Columns of `market_trades` that features need.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct TapeRoles {
    pub ts: TimeColumn,
    pub token: usize,
    pub price: usize,
    pub size: usize,
}

/// Columns that `trades` must have.
pub const TRADES_NEEDED: [&str; 6] = ["ts", "token_id", "market_slug", "side", "outcome", "size"];
/// Columns that `market_trades` must have.
pub const TAPE_NEEDED: [&str; 4] = ["ts", "token_id", "price", "size"];
/// Columns that the PnL table needs.
pub const SUMMARY_NEEDED: [&str; 3] = ["realized_pnl", "exec_type", "event_key"];

impl TradeRoles {
    /// Finds the columns by name and checks their types.
    ///
    /// # Errors
    /// `MISSING_COLUMN`, `WRONG_TYPE`.
    pub fn find(table: &Table, ts_unit: Option<TimeUnit>) -> Result<Self> {
        Ok(TradeRoles {
            ts: time_column(table, "ts", ts_unit)?,
            token: string_column(table, "token_id")?,
            market: string_column(table, "market_slug")?,
            side: string_column(table, "side")?,
            outcome: string_column(table, "outcome")?,
            size: number_column(table, "size")?,
        })
    }
}

impl TapeRoles {
    /// Finds the columns by name and checks their types.
    ///
    /// # Errors
    /// `MISSING_COLUMN`, `WRONG_TYPE`.
    pub fn find(table: &Table, ts_unit: Option<TimeUnit>) -> Result<Self> {
        Ok(TapeRoles {
            ts: time_column(table, "ts", ts_unit)?,
            token: string_column(table, "token_id")?,
            price: number_column(table, "price")?,
            size: number_column(table, "size")?,
        })
    }
}

/// Arrow's unit in the kernels' words.
#[must_use]
pub fn kernel_unit(unit: ArrowUnit) -> TimeUnit {
    match unit {
        ArrowUnit::Second => TimeUnit::Second,
        ArrowUnit::Millisecond => TimeUnit::Millisecond,
        ArrowUnit::Microsecond => TimeUnit::Microsecond,
        ArrowUnit::Nanosecond => TimeUnit::Nanosecond,
    }
}

fn needed<'a>(table: &'a Table, name: &str) -> Result<(usize, &'a DataType)> {
    table
        .column(name)
        .map(|(i, f)| (i, f.data_type()))
        .ok_or_else(|| {
            Error::new(
                Code::MissingColumn,
                format!(
                    "{} has no column {name}; {} needs {}",
                    table.path.display(),
                    table.name.as_str(),
                    match table.name {
                        crate::table::TableName::MarketTrades => TAPE_NEEDED.join(", "),
                        _ => TRADES_NEEDED.join(", "),
                    }
                ),
            )
            .in_file(&table.path)
            .in_column(name)
        })
}

/// The error for a column of another type than the expected.
pub(crate) fn wrong_type(table: &Table, name: &str, found: &DataType, expected: &str) -> Error {
    Error::new(
        Code::WrongType,
        format!(
            "{}: column {name} is {}; expected {expected}",
            table.path.display(),
            type_name(found)
        ),
    )
    .in_file(&table.path)
    .in_column(name)
}

/// How a time column of this type is read.
///
/// # Errors
/// `MISSING_COLUMN`; `WRONG_TYPE` for integers without `ts_unit` and for whatever is no time.
pub fn time_column(table: &Table, name: &str, ts_unit: Option<TimeUnit>) -> Result<TimeColumn> {
    let (index, found) = needed(table, name)?;
    let (kind, unit) = match value_type(found) {
        DataType::Timestamp(unit, _) => (TimeKind::Timestamp, kernel_unit(*unit)),
        DataType::Date32 | DataType::Date64 => (TimeKind::Date, TimeUnit::Millisecond),
        t if is_string(t) => (TimeKind::Text, TimeUnit::Nanosecond),
        DataType::Null => (TimeKind::Null, TimeUnit::Millisecond),
        t if t.is_integer() => match ts_unit {
            Some(unit) => (TimeKind::Integer, unit),
            None => {
                return Err(wrong_type(
                    table,
                    name,
                    found,
                    "a timestamp, a date or ISO 8601 text; say --ts-unit s|ms|us|ns if these integers are times since 1970",
                ));
            }
        },
        _ => {
            return Err(wrong_type(
                table,
                name,
                found,
                "a timestamp, a date or ISO 8601 text",
            ));
        }
    };
    Ok(TimeColumn { index, kind, unit })
}

fn string_column(table: &Table, name: &str) -> Result<usize> {
    let (index, found) = needed(table, name)?;
    if is_string(value_type(found)) || *found == DataType::Null {
        return Ok(index);
    }
    let hint = if name == "token_id" && found.is_numeric() {
        "text (a number cannot hold a 77-digit token id); write it as a string"
    } else {
        "text (utf8, large_utf8, utf8_view or a dictionary of those); write it as a string"
    };
    Err(wrong_type(table, name, found, hint))
}

/// The index of a numeric column.
///
/// # Errors
/// `MISSING_COLUMN`, `WRONG_TYPE`.
pub fn number_column(table: &Table, name: &str) -> Result<usize> {
    let (index, found) = needed(table, name)?;
    if is_number(found) {
        return Ok(index);
    }
    Err(wrong_type(
        table,
        name,
        found,
        "a number (any int, float or decimal)",
    ))
}

/// Whether values of this type can be taken as doubles.
#[must_use]
pub fn is_number(t: &DataType) -> bool {
    let t = value_type(t);
    t.is_integer() || t.is_floating() || is_decimal(t) || *t == DataType::Null
}

/// Whether it is one of the decimal types.
#[must_use]
pub fn is_decimal(t: &DataType) -> bool {
    matches!(
        t,
        DataType::Decimal32(..)
            | DataType::Decimal64(..)
            | DataType::Decimal128(..)
            | DataType::Decimal256(..)
    )
}

/// Whether it is one of the plain string types.
#[must_use]
pub fn is_string(t: &DataType) -> bool {
    matches!(t, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

/// The type of the values behind a dictionary, or the type itself.
#[must_use]
pub fn value_type(t: &DataType) -> &DataType {
    match t {
        DataType::Dictionary(_, v) => v,
        t => t,
    }
}
