//! A table as it is written: columns are encoded in parallel, row group by row group, part by part.

use std::ops::Range;

use arrow::array::{Array, ArrayRef};
use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, ArrowWriterOptions, compute_leaves,
};
use parquet::basic::{Compression as Codec, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;
use polyfeat_snapshot::{Error, Job, OutFile, Result, TableName, write_error};
use rayon::prelude::*;
use serde::Serialize;

use crate::options::{Compression, Storage};
use crate::place::Place;

/// Some rows, column by column.
pub type Batch = Vec<ArrayRef>;

/// Enough for 200,000 token ids.
const DICTIONARY_BYTES: usize = 16 << 20;

/// What a table is to be.
pub struct Sheet {
    /// Which one.
    pub table: TableName,
    /// Its columns; dictionaries of Arrow's may stand for their values.
    pub schema: SchemaRef,
    /// Its rows.
    pub rows: u64,
    /// Columns that no dictionary of Parquet's would shrink.
    pub plain: Vec<String>,
    /// Whether the files keep the types that only Arrow knows.
    pub arrow_types: bool,
    /// How it is stored.
    pub storage: Storage,
}

/// What was written of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Written {
    pub rows: u64,
    pub columns: usize,
    pub files: u32,
    pub bytes: u64,
}

impl Sheet {
    /// Writes the batches that `next` gives, in their order, until it gives none. While some are encoded the next
    /// are being made.
    ///
    /// # Errors
    /// Those of `next`; `CANCELLED`, `DISK_FULL`, `OUT_NOT_WRITABLE`.
    pub fn write(
        &self,
        job: &Job,
        place: &mut Place,
        mut next: impl FnMut() -> Result<Vec<Batch>> + Send,
    ) -> Result<Written> {
        let mut writer = Writer {
            sheet: self,
            place,
            part: None,
            parts: 0,
            bytes: 0,
        };
        let mut batches = next()?;
        while !batches.is_empty() {
            job.check()?;
            let (written, made) = rayon::join(|| writer.write(job, &batches), &mut next);
            written?;
            batches = made?;
        }
        writer.close_part()?;
        while writer.parts < self.storage.parts {
            writer.open_part()?; // with more parts than rows some are empty
            writer.close_part()?;
        }
        Ok(Written {
            rows: self.rows,
            columns: self.schema.fields().len(),
            files: writer.parts,
            bytes: writer.bytes,
        })
    }

    /// The rows of a part.
    fn part_rows(&self, part: u32) -> Range<u64> {
        let at =
            |part: u32| (u128::from(self.rows) * u128::from(part) / u128::from(self.storage.parts)) as u64;
        at(part)..at(part + 1)
    }

    fn properties(&self) -> Result<WriterProperties> {
        let codec = match self.storage.compression {
            Compression::Zstd => {
                Codec::ZSTD(ZstdLevel::try_new(1).map_err(|e| Error::internal(e.to_string()))?)
            }
            Compression::Snappy => Codec::SNAPPY,
            Compression::None => Codec::UNCOMPRESSED,
        };
        let mut properties = WriterProperties::builder()
            .set_compression(codec)
            .set_dictionary_page_size_limit(DICTIONARY_BYTES)
            .set_max_row_group_row_count(None);
        for name in &self.plain {
            properties = properties.set_column_dictionary_enabled(ColumnPath::from(name.as_str()), false);
        }
        Ok(properties.build())
    }
}

/// A part that is being written.
struct Part {
    file: SerializedFileWriter<OutFile>,
    groups: ArrowRowGroupWriterFactory,
    /// Rows that it still lacks.
    rows: u64,
    group: Option<Group>,
    index: usize,
}

/// A row group that is being encoded: the writers of each column's leaves.
struct Group {
    columns: Vec<Vec<ArrowColumnWriter>>,
    /// Rows that it still lacks.
    rows: u64,
}

struct Writer<'a> {
    sheet: &'a Sheet,
    place: &'a mut Place,
    part: Option<Part>,
    /// Parts that were begun.
    parts: u32,
    bytes: u64,
}

impl Writer<'_> {
    fn write(&mut self, job: &Job, batches: &[Batch]) -> Result<()> {
        let lengths: Vec<usize> = batches.iter().map(|b| b.first().map_or(0, Array::len)).collect();
        let mut at = (0, 0); // a batch, a row of it
        while at.0 < batches.len() {
            let mut room = self.room()?;
            let mut pieces: Vec<(usize, Range<usize>)> = Vec::new();
            while room > 0 && at.0 < batches.len() {
                let take = usize::try_from(room)
                    .unwrap_or(usize::MAX)
                    .min(lengths[at.0] - at.1);
                pieces.push((at.0, at.1..at.1 + take));
                room -= take as u64;
                at.1 += take;
                if at.1 == lengths[at.0] {
                    at = (at.0 + 1, 0);
                }
            }
            self.encode(job, batches, &pieces)?;
            let rows: usize = pieces.iter().map(|(_, range)| range.len()).sum();
            job.advance(rows as u64);
            self.advance(rows as u64)?;
        }
        Ok(())
    }

    /// Rows that the row group at work still takes; begins one, and a part, where there is none.
    fn room(&mut self) -> Result<u64> {
        while self.part.as_ref().is_none_or(|part| part.rows == 0) {
            self.close_part()?;
            self.open_part()?;
        }
        let Some(part) = &mut self.part else {
            return Err(Error::internal("no part is open"));
        };
        if part.group.is_none() {
            let leaves = part
                .groups
                .create_column_writers(part.index)
                .map_err(|e| Error::internal(e.to_string()))?;
            let schema = part.file.schema_descr();
            let mut columns: Vec<Vec<ArrowColumnWriter>> =
                self.sheet.schema.fields().iter().map(|_| Vec::new()).collect();
            for (leaf, writer) in leaves.into_iter().enumerate() {
                columns[schema.get_column_root_idx(leaf)].push(writer);
            }
            let rows = part.rows.min(self.sheet.storage.row_group_rows);
            part.group = Some(Group { columns, rows });
        }
        Ok(part.group.as_ref().map_or(0, |group| group.rows))
    }

    fn encode(&mut self, job: &Job, batches: &[Batch], pieces: &[(usize, Range<usize>)]) -> Result<()> {
        let Some(group) = self.part.as_mut().and_then(|part| part.group.as_mut()) else {
            return Err(Error::internal("no row group is open"));
        };
        let fields = self.sheet.schema.fields();
        let failed = |e: ParquetError| Error::internal(e.to_string());
        group
            .columns
            .par_iter_mut()
            .with_max_len(1)
            .enumerate()
            .try_for_each(|(c, writers)| {
                for (batch, rows) in pieces {
                    job.check()?;
                    let values = batches[*batch][c].slice(rows.start, rows.len());
                    let leaves = compute_leaves(&fields[c], &values).map_err(failed)?;
                    for (writer, leaf) in writers.iter_mut().zip(leaves) {
                        writer.write(&leaf).map_err(failed)?;
                    }
                }
                Ok(())
            })
    }

    /// Counts rows as encoded; closes the row group when it is full.
    fn advance(&mut self, rows: u64) -> Result<()> {
        let Some(part) = &mut self.part else { return Ok(()) };
        part.rows -= rows;
        let Some(group) = &mut part.group else {
            return Ok(());
        };
        group.rows -= rows;
        if group.rows > 0 {
            return Ok(());
        }
        let columns = part.group.take().map_or_else(Vec::new, |group| group.columns);
        let chunks: Vec<ArrowColumnChunk> = columns
            .into_par_iter()
            .flatten()
            .map(|writer| writer.close().map_err(|e| Error::internal(e.to_string())))
            .collect::<Result<_>>()?;
        let path = part.file.inner().path().to_path_buf();
        let put = || -> std::result::Result<(), ParquetError> {
            let mut group = part.file.next_row_group()?;
            for chunk in chunks {
                chunk.append_to_row_group(&mut group)?;
            }
            group.close().map(|_| ())
        };
        put().map_err(|e| write_error(&path, e))?;
        part.index += 1;
        Ok(())
    }

    fn open_part(&mut self) -> Result<()> {
        let out = self
            .place
            .file(self.sheet.table, self.parts, self.sheet.storage.parts)?;
        let path = out.path().to_path_buf();
        // Other writers leave no Arrow schema in the file.
        let options = ArrowWriterOptions::new()
            .with_properties(self.sheet.properties()?)
            .with_skip_arrow_metadata(!self.sheet.arrow_types);
        let (file, groups) = ArrowWriter::try_new_with_options(out, self.sheet.schema.clone(), options)
            .and_then(ArrowWriter::into_serialized_writer)
            .map_err(|e| write_error(&path, e))?;
        let rows = self.sheet.part_rows(self.parts);
        self.part = Some(Part {
            file,
            groups,
            rows: rows.end - rows.start,
            group: None,
            index: 0,
        });
        self.parts += 1;
        Ok(())
    }

    fn close_part(&mut self) -> Result<()> {
        let Some(part) = self.part.take() else {
            return Ok(());
        };
        let path = part.file.inner().path().to_path_buf();
        let failed = |e| write_error(&path, e);
        let file = part.file.into_inner().map_err(failed)?;
        self.bytes += file.bytes()?;
        self.place.keep(file);
        Ok(())
    }
}
