//! One Parquet file: opened once, read by position from any thread.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use arrow::array::RecordBatch;
use arrow::error::ArrowError;
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::{
    PageIndexPolicy, ParquetMetaData, ParquetMetaDataOptions, ParquetMetaDataReader,
};
use parquet::file::reader::{ChunkReader, Length};
use twox_hash::XxHash64;

use crate::caught::caught;
use crate::error::{Code, Error, Result};
use crate::job::Job;
use crate::out_file::OutFile;

/// Bytes that are copied between two looks at whether the run was told to stop.
const COPY_BYTES: u64 = 8 << 20;

/// One file of a table, with its footer.
#[derive(Clone)]
pub struct Part {
    /// Where it is.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its footer, and the Arrow schema that the footer names.
    pub meta: ArrowReaderMetadata,
    /// Row number of its first row within the table.
    pub first_row: u64,
    file: Arc<File>,
    modified: Option<SystemTime>,
}

impl Part {
    /// Opens `path` and reads its footer, nothing else.
    ///
    /// # Errors
    /// `NOT_PARQUET` for an empty file or one without the magic, `CORRUPT` for a cut-off or damaged one, `IO`.
    pub fn open(path: &Path) -> Result<Part> {
        let file = File::open(path).map_err(|e| Error::reading(path, &e))?;
        let stat = file.metadata().map_err(|e| Error::reading(path, &e))?;
        check_magic(path, &file, stat.len())?;
        let file = Arc::new(file);
        let reader = PartReader {
            file: Arc::clone(&file),
            len: stat.len(),
            path: path.to_path_buf(),
            job: None,
        };
        // In full: by default the statistics of pages' encodings are boiled down to what nobody here asks for,
        // and a chunk that fell back to PLAIN looks like one that is all dictionary.
        let options = ParquetMetaDataOptions::new().with_encoding_stats_as_mask(false);
        let footer = ParquetMetaDataReader::new()
            .with_metadata_options(Some(options))
            .with_page_index_policy(PageIndexPolicy::Skip)
            .parse_and_finish(&reader)
            .map_err(|e| Error::parquet(path, e))?;
        Ok(Part {
            path: path.to_path_buf(),
            bytes: stat.len(),
            meta: arrow_metadata(path, Arc::new(footer), None)?,
            first_row: 0,
            file,
            modified: stat.modified().ok(),
        })
    }

    /// The footer.
    #[must_use]
    pub fn footer(&self) -> &Arc<ParquetMetaData> {
        self.meta.metadata()
    }

    /// A reader of its bytes that stops when the job is told to.
    #[must_use]
    pub fn reader(&self, job: &Arc<Job>) -> PartReader {
        PartReader {
            file: Arc::clone(&self.file),
            len: self.bytes,
            path: self.path.clone(),
            job: Some(Arc::clone(job)),
        }
    }

    /// Appends a range of the file's bytes to `out`. Where the system can, they never pass through this process.
    ///
    /// # Errors
    /// `CANCELLED`, `DISK_FULL`; `CORRUPT` when the file ends before the range does.
    pub fn copy(&self, job: &Job, range: Range<u64>, out: &mut OutFile) -> Result<()> {
        let mut at = range.start;
        while at < range.end {
            job.check()?;
            let length = COPY_BYTES.min(range.end - at);
            let copied = out
                .copy_from(&self.file, at, length)
                .map_err(|e| match e.kind() {
                    ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                        crate::out_file::writing(out.path(), &e)
                    }
                    _ => Error::reading(&self.path, &e),
                })?;
            if copied < length {
                let what = format!("a column chunk ends {} bytes early", range.end - at - copied);
                return Err(Error::parquet(&self.path, ParquetError::EOF(what)));
            }
            at += copied;
        }
        Ok(())
    }

    /// Record batches of some root columns of one row group. `meta` is `self.meta`, or the same footer
    /// with other Arrow types asked for (see [`Part::with_types`]).
    ///
    /// # Errors
    /// As reading does.
    pub fn batches(
        &self,
        job: &Arc<Job>,
        meta: &ArrowReaderMetadata,
        group: usize,
        columns: &[usize],
        batch_rows: usize,
    ) -> Result<Batches> {
        let mask = ProjectionMask::roots(meta.parquet_schema(), columns.iter().copied());
        ParquetRecordBatchReaderBuilder::new_with_metadata(self.reader(job), meta.clone())
            .with_row_groups(vec![group])
            .with_projection(mask)
            .with_batch_size(batch_rows.max(1))
            .build()
            .map(|reader| Batches(Some(reader)))
            .map_err(|e| Error::parquet(&self.path, e))
    }

    /// The same footer, read with other Arrow types (`schema` has a field for every column).
    ///
    /// # Errors
    /// When a type cannot be read so.
    pub fn with_types(&self, schema: arrow::datatypes::SchemaRef) -> Result<ArrowReaderMetadata> {
        arrow_metadata(&self.path, Arc::clone(self.footer()), Some(schema))
    }

    /// XXH64 of the footer's bytes: another one for whatever other data, as chunks have sizes and statistics in it.
    ///
    /// # Errors
    /// `IO`.
    pub fn footer_hash(&self) -> Result<u64> {
        let read = |buf: &mut [u8], offset: u64| {
            read_at(&self.file, buf, offset).map_err(|e| Error::reading(&self.path, &e))
        };
        let mut tail = [0_u8; 8];
        read(&mut tail, self.bytes.saturating_sub(8))?;
        let [a, b, c, d, ..] = tail;
        let length = u64::from(u32::from_le_bytes([a, b, c, d])).min(self.bytes.saturating_sub(8));
        let mut footer = vec![0; length as usize];
        read(&mut footer, self.bytes.saturating_sub(8 + length))?;
        Ok(XxHash64::oneshot(0, &footer))
    }

    /// An error when the file is no longer the one that was opened.
    ///
    /// # Errors
    /// `IO` when its size or time changed.
    pub fn check_unchanged(&self) -> Result<()> {
        let stat = std::fs::metadata(&self.path).map_err(|e| Error::reading(&self.path, &e))?;
        if stat.len() != self.bytes || stat.modified().ok() != self.modified {
            return Err(Error::new(
                Code::Io,
                format!(
                    "{} changed while it was being read; wait until its writer is done and run again",
                    self.path.display()
                ),
            )
            .in_file(&self.path));
        }
        Ok(())
    }
}

/// Record batches of a row group. Damaged pages make the Parquet crate panic in places (levels that say more
/// than their page holds): here that is an error like any other damage, and the last item.
pub struct Batches(Option<ParquetRecordBatchReader>);

impl Iterator for Batches {
    type Item = std::result::Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let reader = self.0.as_mut()?;
        caught(|| reader.next()).unwrap_or_else(|panic| {
            self.0 = None; // a reader that panicked is never touched again
            Some(Err(ArrowError::ParquetError(panic)))
        })
    }
}

fn arrow_metadata(
    path: &Path,
    footer: Arc<ParquetMetaData>,
    schema: Option<arrow::datatypes::SchemaRef>,
) -> Result<ArrowReaderMetadata> {
    let mut options = ArrowReaderOptions::new();
    if let Some(schema) = schema {
        options = options.with_schema(schema);
    }
    ArrowReaderMetadata::try_new(Arc::clone(&footer), options.clone()).or_else(|_| {
        // An embedded Arrow schema that contradicts the Parquet one is ignored, as other readers do.
        ArrowReaderMetadata::try_new(footer, options.with_skip_arrow_metadata(true))
            .map_err(|e| Error::parquet(path, e))
    })
}

fn check_magic(path: &Path, file: &File, len: u64) -> Result<()> {
    let not_parquet = |what: &str| {
        Error::new(
            Code::NotParquet,
            format!(
                "{} is not a Parquet file: {what}; expected a file that begins with PAR1",
                path.display()
            ),
        )
        .in_file(path)
    };
    if len == 0 {
        return Err(not_parquet("it is empty"));
    }
    let mut magic = [0_u8; 4];
    let n = magic.len().min(usize::try_from(len).unwrap_or(4));
    read_at(file, &mut magic[..n], 0).map_err(|e| Error::reading(path, &e))?;
    if &magic == b"PARE" {
        return Err(Error::new(
            Code::Unsupported,
            format!(
                "{} has an encrypted footer, which is not supported; decrypt it first",
                path.display()
            ),
        )
        .in_file(path));
    }
    if &magic != b"PAR1" {
        return Err(not_parquet("it begins with other bytes"));
    }
    let mut tail = [0_u8; 4];
    if len >= 12 {
        read_at(file, &mut tail, len - 4).map_err(|e| Error::reading(path, &e))?;
    }
    if &tail != b"PAR1" {
        return Err(Error::new(
            Code::Corrupt,
            format!(
                "{} is cut off: it ends without a Parquet footer after {len} bytes; write or copy the file again",
                path.display()
            ),
        )
        .in_file(path));
    }
    Ok(())
}

#[cfg(unix)]
fn read_at(file: &File, buf: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buf, offset)
}

#[cfg(windows)]
fn read_at(file: &File, mut buf: &mut [u8], mut offset: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !buf.is_empty() {
        match file.seek_read(buf, offset)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            n => {
                buf = &mut buf[n..];
                offset += n as u64;
            }
        }
    }
    Ok(())
}

/// Reads a part by position: threads share the handle but no file offset.
pub struct PartReader {
    file: Arc<File>,
    len: u64,
    path: PathBuf,
    job: Option<Arc<Job>>,
}

/// Bytes asked of the operating system at a time when pages are streamed.
const READ_AHEAD: usize = 256 << 10;

impl Length for PartReader {
    fn len(&self) -> u64 {
        self.len
    }
}

impl ChunkReader for PartReader {
    type T = BufReader<Cursor>;

    fn get_read(&self, start: u64) -> parquet::errors::Result<Self::T> {
        let cursor = Cursor {
            file: Arc::clone(&self.file),
            at: start,
            end: self.len,
            path: self.path.clone(),
            job: self.job.clone(),
        };
        Ok(BufReader::with_capacity(READ_AHEAD, cursor))
    }

    fn get_bytes(&self, start: u64, length: usize) -> parquet::errors::Result<Bytes> {
        if let Some(job) = &self.job {
            job.check().map_err(|e| ParquetError::External(Box::new(e)))?;
        }
        if start.checked_add(length as u64).is_none_or(|end| end > self.len) {
            return Err(ParquetError::EOF(format!(
                "{length} bytes at {start} lie beyond the end of the file"
            )));
        }
        let mut buf = vec![0; length];
        read_at(&self.file, &mut buf, start)
            .map_err(|e| ParquetError::External(Box::new(Error::reading(&self.path, &e))))?;
        Ok(buf.into())
    }
}

/// A forward reader over a part.
pub struct Cursor {
    file: Arc<File>,
    at: u64,
    end: u64,
    path: PathBuf,
    job: Option<Arc<Job>>,
}

impl Read for Cursor {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if let Some(job) = &self.job {
            job.check().map_err(io::Error::other)?;
        }
        let n = buf
            .len()
            .min(usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX));
        read_at(&self.file, &mut buf[..n], self.at)
            .map_err(|e| io::Error::other(Error::reading(&self.path, &e)))?;
        self.at += n as u64;
        Ok(n)
    }
}
