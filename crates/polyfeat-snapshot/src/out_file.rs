//! The output file: written beside its place under a hidden name, flushed to disk, then renamed.
//! Whatever ends a run early, the old file is untouched and the temp file goes.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};

use parquet::errors::ParquetError;

use crate::error::{Code, Error, Result};
use crate::unlink::remove;

/// A file that becomes `out` only by [`OutFile::commit`]. Dropped before that, it removes itself.
#[derive(Debug)]
pub struct OutFile {
    file: Option<File>,
    temp: PathBuf,
    out: PathBuf,
    flusher: Option<Flusher>,
    unflushed: u64,
}

/// Bytes after which the disk is given what was written so far, while more is being made.
const FLUSH_BYTES: u64 = 32 << 20;

/// A thread that flushes on request: the wait for the disk then overlaps the work, and little is left to
/// wait for at the end.
#[derive(Debug)]
struct Flusher {
    requests: SyncSender<()>,
    thread: JoinHandle<()>,
}

impl Flusher {
    fn start(file: &File) -> Option<Flusher> {
        let file = file.try_clone().ok()?;
        let (requests, todo) = sync_channel(1);
        let work = move || {
            while todo.recv().is_ok() {
                // What fails here fails again, and is told, when the file is committed.
                let _ = file.sync_data();
            }
        };
        let thread = Builder::new().name("polyfeat-flush".into()).spawn(work).ok()?;
        Some(Flusher { requests, thread })
    }

    fn stop(self) {
        drop(self.requests);
        let _ = self.thread.join();
    }
}

impl OutFile {
    /// Creates the temp file, which tells early whether the place can be written; removes those of killed runs.
    ///
    /// # Errors
    /// `OUT_DIR_MISSING`, `OUT_NOT_WRITABLE`, `OUT_IS_INPUT` when `out` is one of `inputs`, `DISK_FULL`.
    pub fn create(out: &Path, inputs: &[&Path]) -> Result<OutFile> {
        let given = out;
        let out = resolved(out);
        for input in inputs {
            if fs::canonicalize(input).is_ok_and(|input| input == out || out.starts_with(&input)) {
                return Err(Error::new(
                    Code::OutIsInput,
                    format!(
                        "{} is an input of this run; choose another --out",
                        given.display()
                    ),
                )
                .in_file(given));
            }
        }
        let folder = folder_of(&out);
        if !folder.is_dir() {
            let folder = folder_of(given);
            return Err(Error::new(
                Code::OutDirMissing,
                format!(
                    "no folder {} to write {} into; create it first",
                    folder.display(),
                    given.display()
                ),
            )
            .in_file(&folder));
        }
        let Some(name) = out.file_name().filter(|_| !out.is_dir()) else {
            return Err(Error::new(
                Code::OutNotWritable,
                format!("{} is a folder; name a file with --out", out.display()),
            )
            .in_file(&out));
        };
        let prefix = format!(".{}.polyfeat-", name.to_string_lossy());
        remove_stale(&folder, &prefix);
        let (file, temp) = create_locked(&folder, &prefix).map_err(|e| writing(&out, &e))?;
        Ok(OutFile {
            file: Some(file),
            temp,
            out,
            flusher: None,
            unflushed: 0,
        })
    }

    fn stop_flushing(&mut self) {
        if let Some(flusher) = self.flusher.take() {
            flusher.stop();
        }
    }

    /// The folder that it will be in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.temp.parent().unwrap_or(Path::new("."))
    }

    /// Where the file will be.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.out
    }

    /// Bytes that it has.
    ///
    /// # Errors
    /// `OUT_NOT_WRITABLE` when the system does not tell.
    pub fn bytes(&self) -> Result<u64> {
        let stat = self
            .file
            .as_ref()
            .map_or(Ok(0), |f| f.metadata().map(|m| m.len()));
        stat.map_err(|e| writing(&self.out, &e))
    }

    /// Flushes everything to disk and takes the place of `out`.
    ///
    /// # Errors
    /// `DISK_FULL`, `OUT_NOT_WRITABLE`; the temp file is removed.
    pub fn commit(mut self) -> Result<()> {
        self.stop_flushing();
        let done = self.file.as_ref().map_or(Ok(()), File::sync_all);
        done.and_then(|()| fs::rename(&self.temp, &self.out))
            .map_err(|e| writing(&self.out, &e))?;
        self.file = None;
        // The rename itself must survive a power cut; not every system can flush a folder.
        if let Some(folder) = self.out.parent()
            && let Ok(folder) = File::open(folder)
        {
            let _ = folder.sync_all();
        }
        Ok(())
    }

    /// Appends `length` bytes of `from`, from byte `start` on; returns how many there were. Waits for the disk now
    /// and then: a copy would outrun it by gigabytes, and whoever stops the run would have to wait for all of them.
    ///
    /// # Errors
    /// Those of reading and writing.
    pub fn copy_from(&mut self, from: &File, start: u64, length: u64) -> io::Result<u64> {
        let Some(mut file) = self.file.as_ref() else {
            return Err(ErrorKind::BrokenPipe.into());
        };
        let mut from = from;
        from.seek(SeekFrom::Start(start))?; // all other readers read by position
        let copied = io::copy(&mut from.take(length), &mut file)?;
        self.unflushed += copied;
        if self.unflushed >= FLUSH_BYTES {
            self.unflushed = 0;
            file.sync_data()?;
        }
        Ok(copied)
    }
}

impl Write for OutFile {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let Some(file) = &mut self.file else {
            return Err(ErrorKind::BrokenPipe.into());
        };
        let written = file.write(buf)?;
        self.unflushed += written as u64;
        if self.unflushed >= FLUSH_BYTES {
            self.unflushed = 0;
            if self.flusher.is_none() {
                self.flusher = Flusher::start(file);
            }
            if let Some(flusher) = &self.flusher {
                let _ = flusher.requests.try_send(()); // one request waiting is enough
            }
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), File::flush)
    }
}

impl Drop for OutFile {
    fn drop(&mut self) {
        self.stop_flushing();
        if let Some(file) = self.file.take() {
            remove(file, &self.temp);
        }
    }
}

/// The place that will be written: a link to a file is followed, so that the file it names is replaced and
/// the link stays; links on the way to it are followed too, so that inputs are known by any path.
fn resolved(out: &Path) -> PathBuf {
    fs::canonicalize(out).unwrap_or_else(|_| match (fs::canonicalize(folder_of(out)), out.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => out.to_path_buf(),
    })
}

fn folder_of(out: &Path) -> PathBuf {
    match out.parent() {
        Some(p) if !p.as_os_str().is_empty() => p.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

/// The lock tells later runs that this one lives; the system lets go of it when the process ends.
fn create_locked(folder: &Path, prefix: &str) -> io::Result<(File, PathBuf)> {
    for n in 0_u32.. {
        let temp = folder.join(format!("{prefix}{}-{n}.tmp", std::process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&temp) {
            Ok(file) => {
                let _ = file.try_lock(); // some network file systems know no locks
                return Ok((file, temp));
            }
            Err(e) if e.kind() == ErrorKind::AlreadyExists => {}
            Err(e) => return Err(e),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

fn remove_stale(folder: &Path, prefix: &str) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(prefix)
            && name.ends_with(".tmp")
            && let Ok(file) = File::open(entry.path())
            && file.try_lock().is_ok()
        {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// The error for a failed write to `out`.
pub fn writing(out: &Path, e: &io::Error) -> Error {
    let (code, fix) = match e.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            (Code::DiskFull, "free some space or choose another --out")
        }
        _ => (
            Code::OutNotWritable,
            "check its permissions or choose another --out",
        ),
    };
    Error::new(code, format!("cannot write {}: {e}; {fix}", out.display())).in_file(out)
}

/// The error for a failed write of Parquet to `path`: whether the disk is full, or the place is closed.
pub fn write_error(path: &Path, e: ParquetError) -> Error {
    if let ParquetError::External(inner) = &e {
        if let Some(io) = inner.downcast_ref::<io::Error>() {
            if let Some(own) = io.get_ref().and_then(|e| e.downcast_ref::<Error>()) {
                return own.clone();
            }
            return writing(path, io);
        }
        if let Some(own) = inner.downcast_ref::<Error>() {
            return own.clone();
        }
    }
    Error::new(Code::Io, format!("cannot write {}: {e}", path.display())).in_file(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dir: &Path) -> Vec<String> {
        let mut all: Vec<String> = fs::read_dir(dir)
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        all.sort();
        all
    }

    #[test]
    fn a_dropped_file_leaves_the_old_one_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("f.parquet");
        fs::write(&out, "old").unwrap();
        let mut file = OutFile::create(&out, &[]).unwrap();
        file.write_all(b"new").unwrap();
        drop(file);
        assert_eq!(names(dir.path()), ["f.parquet"]);
        assert_eq!(fs::read(&out).unwrap(), b"old");
    }

    #[test]
    fn committing_replaces_and_a_killed_runs_file_goes() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("f.parquet");
        fs::write(dir.path().join(".f.parquet.polyfeat-1-0.tmp"), "left behind").unwrap();
        let mut file = OutFile::create(&out, &[]).unwrap();
        file.write_all(b"new").unwrap();
        file.commit().unwrap();
        assert_eq!(names(dir.path()), ["f.parquet"]);
        assert_eq!(fs::read(&out).unwrap(), b"new");
    }

    #[test]
    fn a_living_runs_file_stays() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("f.parquet");
        let first = OutFile::create(&out, &[]).unwrap();
        let second = OutFile::create(&out, &[]).unwrap();
        assert_eq!(names(dir.path()).len(), 2);
        drop((first, second));
        assert!(names(dir.path()).is_empty());
    }

    #[test]
    fn bad_places_are_told_apart() {
        let dir = tempfile::tempdir().unwrap();
        let input = dir.path().join("trades.parquet");
        fs::write(&input, "x").unwrap();
        let code = |out: &Path| OutFile::create(out, &[&input]).unwrap_err().code;
        assert_eq!(code(&dir.path().join("no/where.parquet")), Code::OutDirMissing);
        assert_eq!(code(dir.path()), Code::OutNotWritable);
        assert_eq!(code(&dir.path().join("./trades.parquet")), Code::OutIsInput);
        assert_eq!(fs::read(&input).unwrap(), b"x");
    }
}
