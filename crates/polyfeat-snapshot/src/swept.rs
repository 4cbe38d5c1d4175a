//! Feature columns between the sweeps and the file: in memory, or in a temp file when memory is short.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arrow::buffer::{MutableBuffer, ScalarBuffer};
use arrow::datatypes::ToByteSlice;

use polyfeat::SweptColumns;

use crate::error::{Error, Result};
use crate::out_file::writing;
use crate::unlink::Holder;

/// Swept columns of all trades, in (token, ts) order.
pub enum Swept {
    /// All in memory.
    Memory(SweptColumns),
    /// On disk.
    Spilled(Arc<Spill>),
}

/// Swept columns in a file without a name, beside the output: the system removes it however the run ends.
///
/// Column `k` of `rows` values of 8 bytes stands at `k * rows * 8`; the columns are, in this order: last price,
/// last time, returns by lag, counts by window, volumes, notionals, those of the proof.
pub struct Spill {
    file: Mutex<File>,
    folder: PathBuf,
    rows: usize,
    /// Let go of after the file: fields are dropped in their order.
    holder: Option<Holder>,
}

impl Drop for Spill {
    fn drop(&mut self) {
        let file = self.file.get_mut().unwrap_or_else(PoisonError::into_inner);
        self.holder = Holder::of(file);
    }
}

impl Spill {
    /// An empty file in `folder` for columns of `rows` values.
    ///
    /// # Errors
    /// `OUT_NOT_WRITABLE`, `DISK_FULL`.
    pub fn create(folder: &Path, rows: usize) -> Result<Spill> {
        let file = tempfile::tempfile_in(folder).map_err(|e| writing(folder, &e))?;
        Ok(Spill {
            file: Mutex::new(file),
            folder: folder.to_path_buf(),
            rows,
            holder: None,
        })
    }

    /// Writes the columns of the rows from `first` on.
    ///
    /// # Errors
    /// `DISK_FULL`, `OUT_NOT_WRITABLE`.
    pub fn put(&self, first: usize, columns: &SweptColumns) -> Result<()> {
        let mut at = 0;
        let mut write = |bytes: &[u8]| {
            let offset = (at * self.rows + first) as u64 * 8;
            at += 1;
            self.with_file(|file| {
                file.seek(SeekFrom::Start(offset))?;
                file.write_all(bytes)
            })
        };
        write(columns.last_price.to_byte_slice())?;
        write(columns.last_ts.to_byte_slice())?;
        for columns in [
            &columns.returns,
            &columns.counts,
            &columns.volumes,
            &columns.notionals,
        ] {
            for column in columns {
                write(column.to_byte_slice())?;
            }
        }
        for column in &columns.proof {
            write(column.to_byte_slice())?;
        }
        Ok(())
    }

    /// Column `k` of all rows.
    ///
    /// # Errors
    /// `IO` when the file cannot be read.
    pub fn take<T: arrow::datatypes::ArrowNativeType>(&self, k: usize) -> Result<ScalarBuffer<T>> {
        let mut bytes = MutableBuffer::from_len_zeroed(self.rows * 8);
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start((k * self.rows) as u64 * 8))
            .and_then(|_| file.read_exact(bytes.as_slice_mut()))
            .map_err(|e| Error::reading(&self.folder, &e))?;
        Ok(ScalarBuffer::new(bytes.into(), 0, self.rows))
    }

    fn with_file(&self, work: impl FnOnce(&mut File) -> std::io::Result<()>) -> Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        work(&mut file).map_err(|e| writing(&self.folder, &e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(from: f64, rows: usize) -> SweptColumns {
        let column = |k: f64| {
            (0..rows)
                .map(|i| from + i as f64 + 1000.0 * k)
                .collect::<Vec<f64>>()
        };
        SweptColumns {
            last_price: column(0.0),
            last_ts: (0..rows as i64).map(|i| i + from as i64).collect(),
            returns: vec![column(2.0), column(3.0)],
            counts: vec![column(4.0)],
            volumes: vec![column(5.0)],
            notionals: vec![column(6.0)],
            proof: Vec::new(),
        }
    }

    #[test]
    fn pieces_come_back_as_whole_columns() {
        let folder = tempfile::tempdir().unwrap();
        let spill = Spill::create(folder.path(), 7).unwrap();
        spill.put(3, &columns(3.0, 4)).unwrap();
        spill.put(0, &columns(0.0, 3)).unwrap();
        let whole = columns(0.0, 7);
        assert_eq!(*spill.take::<f64>(0).unwrap(), whole.last_price);
        assert_eq!(*spill.take::<i64>(1).unwrap(), whole.last_ts);
        assert_eq!(*spill.take::<f64>(3).unwrap(), whole.returns[1]);
        assert_eq!(*spill.take::<f64>(6).unwrap(), whole.notionals[0]);
        assert_eq!(
            std::fs::read_dir(folder.path()).unwrap().count(),
            0,
            "the file has no name"
        );
    }
}
