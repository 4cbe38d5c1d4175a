//! `--columns safe`: what is known before the trade or with it, and labels under a name that says so (spec §1).

use std::sync::Arc;

use arrow::datatypes::{Field, FieldRef};
use parquet::schema::types::{Type, TypePtr};

use crate::column_roles::{LABEL_PREFIX, Role};
use crate::error::{Code, Error, Result};
use crate::job::Job;
use crate::table::Table;

/// Key of the field metadata of an input column that was renamed: its role.
pub const ROLE: &str = "polyfeat:role";

/// The name of a label; one that has it already keeps it.
#[must_use]
pub fn label_name(name: &str) -> String {
    if name.starts_with(LABEL_PREFIX) {
        name.to_string()
    } else {
        format!("{LABEL_PREFIX}{name}")
    }
}

/// A field under another name, marked as a label.
#[must_use]
pub fn as_label(field: &Field) -> FieldRef {
    let mut metadata = field.metadata().clone();
    metadata.insert(ROLE.to_string(), Role::Label.as_str().to_string());
    let name = label_name(field.name());
    Arc::new(field.clone().with_name(name).with_metadata(metadata))
}

/// Refuses a label whose new name another column of the input has.
///
/// # Errors
/// `NAME_CLASH`.
pub fn check_clash(trades: &Table, name: &str) -> Result<()> {
    let label = label_name(name);
    if label == name || trades.column(&label).is_none() {
        return Ok(());
    }
    let message = format!(
        "{} has both {name} and {label}, which is what --columns safe calls {name}; rename or drop one of them",
        trades.path.display()
    );
    Err(Error::new(Code::NameClash, message)
        .in_file(&trades.path)
        .in_column(&label))
}

/// Tells which columns were left out because nothing is known of them, and which features are labels by the rules.
pub fn warn_safe(job: &Job, trades: &Table, unknown: &[&str], ahead: &[&str]) {
    if !unknown.is_empty() {
        let message = format!(
            "{} has columns of which it is not known whether they tell the future; --columns safe leaves them out: {}",
            trades.path.display(),
            unknown.join(", ")
        );
        job.warn("unknown_columns", message);
    }
    if !ahead.is_empty() {
        let message = format!(
            "by these rules columns look ahead, and are labels therefore: {}; --preset strict looks back only",
            ahead.join(", ")
        );
        job.warn("lookahead_labels", message);
    }
}

/// The same Parquet type under another name.
///
/// # Errors
/// An internal error when the type is not one that can be made.
pub fn renamed(node: &TypePtr, name: &str) -> Result<TypePtr> {
    if node.name() == name {
        return Ok(Arc::clone(node));
    }
    let info = node.get_basic_info();
    let id = info.has_id().then(|| info.id());
    let built = match node.as_ref() {
        Type::PrimitiveType {
            physical_type,
            type_length,
            scale,
            precision,
            ..
        } => Type::primitive_type_builder(name, *physical_type)
            .with_repetition(info.repetition())
            .with_converted_type(info.converted_type())
            .with_logical_type(info.logical_type_ref().cloned())
            .with_length(*type_length)
            .with_scale(*scale)
            .with_precision(*precision)
            .with_id(id)
            .build(),
        Type::GroupType { fields, .. } => Type::group_type_builder(name)
            .with_repetition(info.repetition())
            .with_converted_type(info.converted_type())
            .with_logical_type(info.logical_type_ref().cloned())
            .with_fields(fields.clone())
            .with_id(id)
            .build(),
    };
    built
        .map(Arc::new)
        .map_err(|e| Error::internal(format!("{} as {name}: {e}", node.name())))
}
