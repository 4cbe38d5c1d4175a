//! Columns to a Parquet file: rows made and columns encoded in parallel, one row group at a time.

use std::error::Error;
use std::fs::File;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowWriterOptions, compute_leaves};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;
use rayon::prelude::*;

use crate::columns::Columns;

/// Rows that one thread makes at a time.
const BATCH_ROWS: u64 = 1 << 16;
/// Enough for 200,000 token ids.
const DICTIONARY_BYTES: usize = 16 << 20;

/// How the file is stored.
#[derive(Clone, Copy)]
pub struct Storage {
    pub group_rows: u64,
    /// No dictionary for texts of many values.
    pub plain: bool,
}

/// Columns that lose their dictionary with `--plain`.
const MANY_VALUES: [&str; 5] = ["token_id", "market_slug", "title", "condition_id", "proxy_wallet"];

/// Writes `rows` rows and returns the size of the file. `columns` makes some rows; those named in `plain` are
/// stored without a dictionary.
pub fn write(
    path: &Path,
    rows: u64,
    storage: Storage,
    plain: &[&str],
    columns: impl Fn(Range<u64>) -> Columns + Sync,
) -> Result<u64, Box<dyn Error>> {
    let fields: Vec<Field> = columns(0..0)
        .iter()
        .map(|(name, array)| field(name, array))
        .collect();
    let schema = Arc::new(Schema::new(fields));
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_dictionary_page_size_limit(DICTIONARY_BYTES)
        .set_max_row_group_row_count(None);
    for name in plain.iter().chain(MANY_VALUES.iter().filter(|_| storage.plain)) {
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(*name), false);
    }
    // Other writers leave no Arrow schema in the file either.
    let options = ArrowWriterOptions::new()
        .with_properties(properties.build())
        .with_skip_arrow_metadata(true);
    let file = File::create(path)?;
    let writer = ArrowWriter::try_new_with_options(file, Arc::clone(&schema), options)?;
    let (mut file, groups) = writer.into_serialized_writer()?;

    for (index, start) in (0..rows)
        .step_by(usize::try_from(storage.group_rows)?)
        .enumerate()
    {
        let end = rows.min(start + storage.group_rows);
        let batches: Vec<Columns> = (start..end)
            .step_by(BATCH_ROWS as usize)
            .collect::<Vec<_>>()
            .into_par_iter()
            .map(|at| columns(at..end.min(at + BATCH_ROWS)))
            .collect();
        let chunks = groups
            .create_column_writers(index)?
            .into_par_iter()
            .enumerate()
            .map(|(c, mut writer)| {
                for batch in &batches {
                    for leaf in compute_leaves(schema.field(c), &batch[c].1)? {
                        writer.write(&leaf)?;
                    }
                }
                writer.close()
            })
            .collect::<Result<Vec<ArrowColumnChunk>, _>>()?;
        let mut group = file.next_row_group()?;
        for chunk in chunks {
            chunk.append_to_row_group(&mut group)?;
        }
        group.close()?;
    }
    file.close()?;
    Ok(std::fs::metadata(path)?.len())
}

/// All columns of recorded snapshots may be null; codes of texts are stored as texts.
fn field(name: &str, array: &ArrayRef) -> Field {
    let data_type = match array.data_type() {
        DataType::Dictionary(_, value) => DataType::clone(value),
        other => other.clone(),
    };
    Field::new(name, data_type, true)
}
