//! A Parquet file put together from finished column chunks, whoever encoded them.
//!
//! A chunk is bytes and metadata with offsets; moving it to another file moves the offsets. That is all
//! that copying a column without decoding needs, and it lets columns be written one after another, all row
//! groups of a column together, so that memory follows one column instead of one row group of 56. The format
//! allows any order: readers find chunks by their offsets.

use std::io::{self, Write};
use std::ops::Range;
use std::sync::Arc;

use parquet::errors::ParquetError;
use parquet::file::metadata::{
    ColumnChunkMetaData, FileMetaData, KeyValue, ParquetMetaData, ParquetMetaDataWriter, RowGroupMetaData,
};
use parquet::schema::types::{SchemaDescPtr, SchemaDescriptor, TypePtr};

use crate::error::{Error, Result};

const MAGIC: &[u8; 4] = b"PAR1";

/// Writes chunks in the order they come and the footer at the end.
pub struct Assembler<W: Write> {
    out: W,
    at: u64,
    schema: SchemaDescPtr,
    rows: Vec<usize>,
    /// By row group, then leaf.
    chunks: Vec<Vec<Option<ColumnChunkMetaData>>>,
}

impl<W: Write + Send> Assembler<W> {
    /// Begins a file of row groups with `rows` rows each.
    ///
    /// # Errors
    /// Those of writing.
    pub fn new(mut out: W, schema: TypePtr, rows: Vec<usize>) -> io::Result<Self> {
        out.write_all(MAGIC)?;
        let schema = Arc::new(SchemaDescriptor::new(schema));
        let chunks = vec![vec![None; schema.num_columns()]; rows.len()];
        Ok(Assembler {
            out,
            at: MAGIC.len() as u64,
            schema,
            rows,
            chunks,
        })
    }

    /// Writes the chunk of leaf `leaf` in row group `group`. `bytes` are the chunk's, from its first page on; `meta`
    /// is its metadata where it was.
    ///
    /// # Errors
    /// Those of writing.
    pub fn put(
        &mut self,
        group: usize,
        leaf: usize,
        meta: &ColumnChunkMetaData,
        bytes: &[u8],
    ) -> parquet::errors::Result<()> {
        self.out.write_all(bytes)?;
        self.place(group, leaf, meta)
    }

    /// Writes a chunk as [`Assembler::put`] does, by `copy`, which is given the range of the chunk's bytes where it
    /// was and appends exactly these.
    ///
    /// # Errors
    /// Those of `copy`.
    pub fn put_with(
        &mut self,
        group: usize,
        leaf: usize,
        meta: &ColumnChunkMetaData,
        copy: impl FnOnce(&mut W, Range<u64>) -> Result<()>,
    ) -> Result<()> {
        let (start, length) = meta.byte_range();
        copy(&mut self.out, start..start + length)?;
        self.place(group, leaf, meta)
            .map_err(|e| Error::internal(e.to_string()))
    }

    /// Notes that the chunk's bytes were written.
    fn place(
        &mut self,
        group: usize,
        leaf: usize,
        meta: &ColumnChunkMetaData,
    ) -> parquet::errors::Result<()> {
        let (start, length) = meta.byte_range();
        self.chunks[group][leaf] = Some(moved(&self.schema, leaf, meta, self.at as i64 - start as i64)?);
        self.at += length;
        Ok(())
    }

    /// Writes the footer and returns what was written to, with the bytes written.
    ///
    /// # Errors
    /// Those of writing; an error when a chunk was never put.
    pub fn finish(
        mut self,
        key_values: Vec<KeyValue>,
        created_by: String,
    ) -> parquet::errors::Result<(W, u64)> {
        let mut groups = Vec::with_capacity(self.rows.len());
        for (ordinal, (chunks, &rows)) in self.chunks.into_iter().zip(&self.rows).enumerate() {
            let chunks: Option<Vec<_>> = chunks.into_iter().collect();
            let chunks =
                chunks.ok_or_else(|| ParquetError::General("a column chunk was never written".into()))?;
            groups.push(row_group(&self.schema, ordinal, rows, chunks)?);
        }
        let rows = self.rows.iter().sum::<usize>() as i64;
        let key_values = (!key_values.is_empty()).then_some(key_values);
        let file = FileMetaData::new(2, rows, Some(created_by), key_values, self.schema, None);
        let footer = ParquetMetaData::new(file, groups);
        let mut tail = Vec::new();
        ParquetMetaDataWriter::new(&mut tail, &footer)
            .with_preserve_page_index_locations(false)
            .finish()?;
        use_type_order(&mut tail, footer.file_metadata().schema_descr().num_columns());
        self.out.write_all(&tail)?;
        self.out.flush()?;
        Ok((self.out, self.at + tail.len() as u64))
    }
}

/// Says that statistics follow the order of each column's type. The writer says IEEE 754 total order for
/// floating columns, which is not true of chunks copied from other writers, and which makes readers that do
/// not know it yet ignore the statistics; without NaN (none is in them) the two orders agree.
///
/// The list of orders ends the footer: a list field of three-byte unions, `field 1|2|3, stop, stop`, a stop
/// byte, the footer's length and the magic. Nothing is touched when that is not what stands there.
fn use_type_order(tail: &mut [u8], columns: usize) {
    const UNION: usize = 3;
    const END: usize = 1 + 4 + 4;
    const TYPE_ORDER: [u8; UNION] = [0x1C, 0, 0];
    let Some(from) = tail.len().checked_sub(END + columns * UNION) else {
        return;
    };
    let orders = &mut tail[from..from + columns * UNION];
    let known = |o: &[u8]| matches!(o, [0x1C | 0x2C | 0x3C, 0, 0]);
    if orders.chunks_exact(UNION).all(known) {
        orders
            .chunks_exact_mut(UNION)
            .for_each(|o| o.copy_from_slice(&TYPE_ORDER));
    }
}

fn row_group(
    schema: &SchemaDescPtr,
    ordinal: usize,
    rows: usize,
    chunks: Vec<ColumnChunkMetaData>,
) -> parquet::errors::Result<RowGroupMetaData> {
    let bytes = chunks.iter().map(ColumnChunkMetaData::uncompressed_size).sum();
    let first = chunks.iter().map(|c| c.byte_range().0 as i64).min();
    let mut group = RowGroupMetaData::builder(Arc::clone(schema))
        .set_num_rows(rows as i64)
        .set_total_byte_size(bytes)
        .set_column_metadata(chunks);
    if let Ok(ordinal) = i16::try_from(ordinal) {
        group = group.set_ordinal(ordinal.into()); // the format has 16 bits for it
    }
    if let Some(first) = first {
        group = group.set_file_offset(first);
    }
    group.build()
}

/// The metadata of the same chunk `by` bytes further on. Page indexes and Bloom filters stay behind: they
/// are stored apart from the chunk.
fn moved(
    schema: &SchemaDescPtr,
    leaf: usize,
    meta: &ColumnChunkMetaData,
    by: i64,
) -> parquet::errors::Result<ColumnChunkMetaData> {
    let mut to = ColumnChunkMetaData::builder(schema.column(leaf))
        .set_compression_codec(meta.compression_codec())
        .set_encodings_mask(*meta.encodings_mask())
        .set_total_compressed_size(meta.compressed_size())
        .set_total_uncompressed_size(meta.uncompressed_size())
        .set_num_values(meta.num_values())
        .set_data_page_offset(meta.data_page_offset() + by)
        .set_dictionary_page_offset(meta.dictionary_page_offset().map(|o| o + by))
        .set_unencoded_byte_array_data_bytes(meta.unencoded_byte_array_data_bytes())
        .set_repetition_level_histogram(meta.repetition_level_histogram().cloned())
        .set_definition_level_histogram(meta.definition_level_histogram().cloned());
    if let Some(statistics) = meta.statistics() {
        to = to.set_statistics(statistics.clone());
    }
    if let Some(statistics) = meta.geo_statistics() {
        to = to.set_geo_statistics(Box::new(statistics.clone()));
    }
    if let Some(stats) = meta.page_encoding_stats() {
        to = to.set_page_encoding_stats(stats.clone());
    }
    to.build()
}
