//! Any column by the library's own writer: a Parquet file of one column and one row group, in memory.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::errors::{ParquetError, Result};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::{SchemaDescriptor, TypePtr};

use super::{ChunkEncoder, DICTIONARY_BYTES, Encoded, Storage, is_optional, root_of};

/// The general encoder.
pub struct General {
    writer: ArrowWriter<Vec<u8>>,
    schema: Arc<Schema>,
}

impl General {
    /// Begins a column of `arrow_type`, stored as `node` says.
    pub fn new(name: &str, node: &TypePtr, storage: Storage, arrow_type: &DataType) -> Result<Self> {
        let properties = WriterProperties::builder()
            .set_compression(storage.compression)
            .set_dictionary_enabled(storage.dictionary)
            .set_dictionary_page_size_limit(DICTIONARY_BYTES)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_offset_index_disabled(true)
            .set_max_row_group_row_count(None)
            .build();
        let options = ArrowWriterOptions::new()
            .with_properties(properties)
            .with_skip_arrow_metadata(true)
            .with_parquet_schema(SchemaDescriptor::new(Arc::new(root_of(node)?)));
        let field = Field::new(name, arrow_type.clone(), is_optional(node));
        let schema = Arc::new(Schema::new(vec![field]));
        let bytes = Vec::with_capacity(storage.expected_bytes);
        let writer = ArrowWriter::try_new_with_options(bytes, Arc::clone(&schema), options)?;
        Ok(General { writer, schema })
    }
}

impl ChunkEncoder for General {
    fn push(&mut self, array: &ArrayRef) -> Result<()> {
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), vec![Arc::clone(array)])
            .map_err(|e| ParquetError::External(Box::new(e)))?;
        self.writer.write(&batch)
    }

    fn finish(mut self: Box<Self>) -> Result<Encoded> {
        let meta = self.writer.finish()?;
        Ok(Encoded {
            bytes: std::mem::take(self.writer.inner_mut()),
            chunks: meta.row_group(0).columns().to_vec(),
        })
    }
}
