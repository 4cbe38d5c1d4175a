//! Arrow arrays to finished column chunks in memory.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::Compression;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::{SchemaDescriptor, Type, TypePtr};

use crate::error::{Error, Result};
use crate::job::Job;
use crate::keys::BATCH_ROWS;
use crate::text_range::TextRange;

/// Above this a dictionary gives up; 16 MiB holds 200,000 token ids.
const DICTIONARY_BYTES: usize = 16 << 20;

/// How a column is stored.
#[derive(Debug, Clone, Copy)]
pub struct Storage {
    /// The codec of its pages.
    pub compression: Compression,
    /// Whether values are looked for in a dictionary. Never for doubles: slower and no smaller.
    pub dictionary: bool,
    /// Whether it is a column of text, whose range is found here (see [`TextRange`]).
    pub text: bool,
    /// Bytes that a row group is expected to have.
    pub expected_bytes: usize,
}

/// One row group of one root column, encoded: a Parquet file of its own, in memory.
pub struct Encoded {
    bytes: Vec<u8>,
    chunks: Vec<ColumnChunkMetaData>,
}

impl Encoded {
    /// Bytes of the encoded column.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// Number of leaves of the column.
    #[must_use]
    pub fn leaves(&self) -> usize {
        self.chunks.len()
    }

    /// Metadata and bytes of a leaf's chunk.
    #[must_use]
    pub fn chunk(&self, leaf: usize) -> (&ColumnChunkMetaData, &[u8]) {
        let meta = &self.chunks[leaf];
        let (start, length) = meta.byte_range();
        (meta, &self.bytes[start as usize..(start + length) as usize])
    }
}

/// Encodes one row group of a column. `node` is the column's Parquet type; `arrays` together have at least
/// one row and all have the same Arrow type.
///
/// # Errors
/// `CANCELLED`; an internal error when a type cannot be stored as `node` says.
pub fn encode(
    job: &Job,
    name: &str,
    node: &TypePtr,
    storage: Storage,
    arrays: impl IntoIterator<Item = Result<ArrayRef>>,
) -> Result<Encoded> {
    let bad =
        |e: parquet::errors::ParquetError| Error::internal(format!("column {name}: {e}")).in_column(name);
    let mut writer: Option<(ArrowWriter<Vec<u8>>, Arc<Schema>)> = None;
    let mut range = TextRange::default();
    for array in arrays {
        let array = array?;
        if storage.text {
            range.include(&array);
        }
        let (writer, schema) = match &mut writer {
            Some((w, s)) => (w, s),
            none => {
                let w = open(name, node, storage, array.data_type()).map_err(bad)?;
                let (w, s) = none.insert(w);
                (w, s)
            }
        };
        for at in (0..array.len()).step_by(BATCH_ROWS) {
            job.check()?;
            let slice = array.slice(at, BATCH_ROWS.min(array.len() - at));
            let batch = RecordBatch::try_new(Arc::clone(schema), vec![slice])
                .map_err(|e| Error::internal(format!("column {name}: {e}")))?;
            writer.write(&batch).map_err(bad)?;
        }
    }
    let Some((mut writer, _)) = writer else {
        return Err(Error::internal("an empty row group"));
    };
    let meta = writer.finish().map_err(bad)?;
    let bytes = std::mem::take(writer.inner_mut());
    let mut chunks = meta.row_group(0).columns().to_vec();
    if let (true, [chunk]) = (storage.text, &mut chunks[..]) {
        *chunk = chunk
            .clone()
            .into_builder()
            .set_statistics(range.statistics())
            .build()
            .map_err(bad)?;
    }
    Ok(Encoded { bytes, chunks })
}

fn open(
    name: &str,
    node: &TypePtr,
    storage: Storage,
    arrow_type: &DataType,
) -> parquet::errors::Result<(ArrowWriter<Vec<u8>>, Arc<Schema>)> {
    let root = Type::group_type_builder("schema")
        .with_fields(vec![Arc::clone(node)])
        .build()?;
    let properties = WriterProperties::builder()
        .set_compression(storage.compression)
        .set_dictionary_enabled(storage.dictionary)
        .set_dictionary_page_size_limit(DICTIONARY_BYTES)
        .set_statistics_enabled(if storage.text {
            EnabledStatistics::None
        } else {
            EnabledStatistics::Chunk
        })
        .set_offset_index_disabled(true)
        .set_max_row_group_row_count(None)
        .build();
    let options = ArrowWriterOptions::new()
        .with_properties(properties)
        .with_skip_arrow_metadata(true)
        .with_parquet_schema(SchemaDescriptor::new(Arc::new(root)));
    let schema = Arc::new(Schema::new(vec![Field::new(
        name,
        arrow_type.clone(),
        is_optional(node),
    )]));
    Ok((
        ArrowWriter::try_new_with_options(
            Vec::with_capacity(storage.expected_bytes),
            Arc::clone(&schema),
            options,
        )?,
        schema,
    ))
}

/// Whether a Parquet node may be null.
#[must_use]
pub fn is_optional(node: &Type) -> bool {
    node.get_basic_info().has_repetition()
        && node.get_basic_info().repetition() == parquet::basic::Repetition::OPTIONAL
}
