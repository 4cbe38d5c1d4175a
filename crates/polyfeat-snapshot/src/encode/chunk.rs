//! A column chunk in the making: pages of levels and values, compressed one by one, and what the footer says of them.

use std::io;

use arrow::array::BooleanBufferBuilder;
use arrow::buffer::NullBuffer;
use parquet::basic::{Compression, Encoding};
use parquet::column::page::{CompressedPage, Page, PageWriter};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{ColumnChunkMetaData, PageEncodingStats};
use parquet::file::statistics::Statistics;
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;

use super::Encoded;
use super::levels::definitions;

/// Rows of a page, about.
pub const PAGE_ROWS: usize = 1 << 15;
/// Bytes of values after which a page ends whatever its rows.
pub const PAGE_BYTES: usize = 1 << 20;

/// Which rows of a page have a value.
pub struct Validity {
    bits: BooleanBufferBuilder,
    nulls: usize,
}

impl Default for Validity {
    fn default() -> Self {
        Validity {
            bits: BooleanBufferBuilder::new(PAGE_ROWS + (PAGE_ROWS >> 2)),
            nulls: 0,
        }
    }
}

impl Validity {
    /// Appends `rows` rows.
    pub fn include(&mut self, rows: usize, nulls: Option<&NullBuffer>) {
        match nulls.filter(|n| n.null_count() > 0) {
            None => self.bits.append_n(rows, true),
            Some(n) => {
                self.bits.append_buffer(n.inner());
                self.nulls += n.null_count();
            }
        }
    }

    /// Appends one row.
    pub fn include_one(&mut self, valid: bool) {
        self.bits.append(valid);
        self.nulls += usize::from(!valid);
    }

    /// Rows so far.
    pub fn rows(&self) -> usize {
        self.bits.len()
    }

    fn clear(&mut self) {
        self.bits.truncate(0);
        self.nulls = 0;
    }
}

/// How pages are compressed. The context is used for all pages of a chunk.
enum Codec {
    None,
    Snappy(Box<snap::raw::Encoder>),
    Zstd(Box<zstd::bulk::Compressor<'static>>),
}

impl Codec {
    /// `None` for a codec that is left to the general writer.
    fn new(compression: Compression) -> Option<io::Result<Codec>> {
        Some(Ok(match compression {
            Compression::UNCOMPRESSED => Codec::None,
            Compression::SNAPPY => Codec::Snappy(Box::new(snap::raw::Encoder::new())),
            Compression::ZSTD(level) => match zstd::bulk::Compressor::new(level.compression_level()) {
                Ok(zstd) => Codec::Zstd(Box::new(zstd)),
                Err(e) => return Some(Err(e)),
            },
            _ => return None,
        }))
    }

    fn compress(&mut self, raw: &[u8]) -> Result<Vec<u8>> {
        let external = |e| ParquetError::External(Box::new(e));
        match self {
            Codec::None => Ok(raw.to_vec()),
            Codec::Snappy(encoder) => encoder
                .compress_vec(raw)
                .map_err(|e| ParquetError::External(Box::new(e))),
            Codec::Zstd(zstd) => zstd.compress(raw).map_err(external),
        }
    }
}

/// Pages of one leaf without repetition.
pub struct Pages {
    out: TrackedWrite<Vec<u8>>,
    codec: Codec,
    column: ColumnDescPtr,
    compression: Compression,
    raw: Vec<u8>,
    values: i64,
    nulls: u64,
    uncompressed: usize,
    dictionary_at: Option<i64>,
    data_at: Option<i64>,
    kinds: Vec<PageEncodingStats>,
}

impl Pages {
    /// Begins a chunk; `None` when the codec is none of those made here.
    pub fn new(column: ColumnDescPtr, compression: Compression, expected: usize) -> Option<Result<Pages>> {
        let codec = Codec::new(compression)?;
        Some(codec.map_err(ParquetError::from).map(|codec| Pages {
            out: TrackedWrite::new(Vec::with_capacity(expected)),
            codec,
            column,
            compression,
            raw: Vec::new(),
            values: 0,
            nulls: 0,
            uncompressed: 0,
            dictionary_at: None,
            data_at: None,
            kinds: Vec::new(),
        }))
    }

    /// Writes the dictionary: `entries` values, stored plainly in `bytes`.
    pub fn dictionary(&mut self, bytes: &[u8], entries: usize) -> Result<()> {
        self.dictionary_at = Some(self.out.bytes_written() as i64);
        let page = Page::DictionaryPage {
            buf: self.codec.compress(bytes)?.into(),
            num_values: entries as u32,
            encoding: Encoding::PLAIN,
            is_sorted: false,
        };
        self.write(page, bytes.len())
    }

    /// Writes a page of the rows in `validity`, which is empty afterwards; `fill` appends their values.
    pub fn data(
        &mut self,
        validity: &mut Validity,
        encoding: Encoding,
        fill: impl FnOnce(&mut Vec<u8>),
    ) -> Result<()> {
        let rows = validity.rows();
        if rows == 0 {
            return Ok(());
        }
        self.data_at.get_or_insert(self.out.bytes_written() as i64);
        let mut raw = std::mem::take(&mut self.raw);
        raw.clear();
        if self.column.max_def_level() > 0 {
            raw.extend_from_slice(&[0; 4]);
            definitions(validity.bits.as_slice(), rows, validity.nulls, &mut raw);
            let length = (raw.len() - 4) as u32;
            raw[..4].copy_from_slice(&length.to_le_bytes());
        }
        fill(&mut raw);
        let page = Page::DataPage {
            buf: self.codec.compress(&raw)?.into(),
            num_values: rows as u32,
            encoding,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        };
        self.values += rows as i64;
        self.nulls += validity.nulls as u64;
        validity.clear();
        self.write(page, raw.len())?;
        self.raw = raw;
        Ok(())
    }

    fn write(&mut self, page: Page, uncompressed: usize) -> Result<()> {
        let (page_type, encoding) = (page.page_type(), page.encoding());
        let page = CompressedPage::new(page, uncompressed);
        let spec = SerializedPageWriter::new(&mut self.out).write_page(page)?;
        self.uncompressed += spec.uncompressed_size;
        let same = |k: &&mut PageEncodingStats| k.page_type == page_type && k.encoding == encoding;
        match self.kinds.iter_mut().find(same) {
            Some(kind) => kind.count += 1,
            None => self.kinds.push(PageEncodingStats {
                page_type,
                encoding,
                count: 1,
            }),
        }
        Ok(())
    }

    /// Ends the chunk. `statistics` is given the number of nulls.
    pub fn finish(self, statistics: impl FnOnce(u64) -> Statistics) -> Result<Encoded> {
        let bytes = self.out.into_inner()?;
        let mut encodings = vec![Encoding::PLAIN, Encoding::RLE];
        if self.kinds.iter().any(|k| k.encoding == Encoding::RLE_DICTIONARY) {
            encodings.push(Encoding::RLE_DICTIONARY);
        }
        let chunk = ColumnChunkMetaData::builder(self.column)
            .set_compression(self.compression)
            .set_encodings(encodings)
            .set_page_encoding_stats(self.kinds)
            .set_total_compressed_size(bytes.len() as i64)
            .set_total_uncompressed_size(self.uncompressed as i64)
            .set_num_values(self.values)
            .set_dictionary_page_offset(self.dictionary_at)
            .set_data_page_offset(self.data_at.unwrap_or(0))
            .set_statistics(statistics(self.nulls))
            .build()?;
        Ok(Encoded {
            bytes,
            chunks: vec![chunk],
        })
    }
}
