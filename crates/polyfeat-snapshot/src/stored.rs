//! In which types columns are stored.

use std::sync::Arc;

use arrow::datatypes::{DataType, FieldRef, Schema, TimeUnit as ArrowUnit};
use parquet::arrow::ArrowSchemaConverter;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::statistics::Statistics;
use parquet::schema::types::{SchemaDescriptor, Type, TypePtr};
use polyfeat::{NULL_TS, TimeUnit};

use crate::error::{Code, Error, Result};

/// Whether a chunk of times may hold the least number, pandas' NaT, which is written as null.
#[must_use]
pub fn may_hold_nat(chunk: &ColumnChunkMetaData) -> bool {
    let Some(Statistics::Int64(range)) = chunk.statistics() else {
        return true;
    };
    range.min_opt().is_none_or(|&least| least == NULL_TS)
}

/// A UTC timestamp of this unit; Parquet knows no seconds, so those become milliseconds.
#[must_use]
pub fn utc(unit: TimeUnit) -> DataType {
    let unit = match stored_unit(unit) {
        TimeUnit::Second | TimeUnit::Millisecond => ArrowUnit::Millisecond,
        TimeUnit::Microsecond => ArrowUnit::Microsecond,
        TimeUnit::Nanosecond => ArrowUnit::Nanosecond,
    };
    DataType::Timestamp(unit, Some("UTC".into()))
}

/// The unit in which stamps of this unit are written.
#[must_use]
pub fn stored_unit(unit: TimeUnit) -> TimeUnit {
    if unit == TimeUnit::Second {
        TimeUnit::Millisecond
    } else {
        unit
    }
}

/// The Parquet type of a column that passes through: the input's own where Arrow's writer can produce it,
/// else (INT96, decimals in byte arrays, two-level lists) what Arrow derives.
///
/// # Errors
/// As [`derived_node`].
pub fn stored_as(field: &FieldRef, source: &TypePtr) -> Result<TypePtr> {
    let derived = derived_node(field)?;
    let leaves = |node: &TypePtr| -> Result<SchemaDescriptor> {
        let root = Type::group_type_builder("schema")
            .with_fields(vec![Arc::clone(node)])
            .build()
            .map_err(|e| Error::internal(e.to_string()))?;
        Ok(SchemaDescriptor::new(Arc::new(root)))
    };
    let (a, b) = (leaves(source)?, leaves(&derived)?);
    let alike = a.num_columns() == b.num_columns()
        && a.columns().iter().zip(b.columns()).all(|(x, y)| {
            x.physical_type() == y.physical_type()
                && x.type_length() == y.type_length()
                && x.max_def_level() == y.max_def_level()
                && x.max_rep_level() == y.max_rep_level()
        });
    Ok(if alike { Arc::clone(source) } else { derived })
}

/// The Parquet type that Arrow's writer gives a column.
///
/// # Errors
/// `UNSUPPORTED` for a type that Parquet cannot hold.
pub fn derived_node(field: &FieldRef) -> Result<TypePtr> {
    let schema = Schema::new(vec![Arc::clone(field)]);
    let parquet = ArrowSchemaConverter::new().convert(&schema).map_err(|e| {
        Error::new(
            Code::Unsupported,
            format!(
                "column {} of type {} cannot be stored in Parquet: {e}",
                field.name(),
                field.data_type()
            ),
        )
        .in_column(field.name())
    })?;
    parquet
        .root_schema()
        .get_fields()
        .first()
        .cloned()
        .ok_or_else(|| Error::internal("a column without a type"))
}
