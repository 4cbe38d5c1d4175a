//! The folder that a snapshot is written into: all of its files appear at the end, or none.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use polyfeat_snapshot::{Code, Error, OutFile, Result, TableName, writing};

/// A folder that is being filled. Dropped before [`Place::commit`], it leaves nothing behind.
pub struct Place {
    folder: PathBuf,
    /// Folders that were not there before, outer ones first.
    made: Vec<PathBuf>,
    files: Vec<OutFile>,
}

impl Place {
    /// Takes a folder that is empty, or makes one. Temporary files of a killed run do not count.
    ///
    /// # Errors
    /// `OUT_NOT_WRITABLE` when something is in it or it cannot be made, `OUT_DIR_MISSING` when it would be in a
    /// folder that is not there.
    pub fn take(folder: &Path) -> Result<Place> {
        if folder.as_os_str().is_empty() {
            return Err(Error::new(
                Code::InvalidOption,
                "out is empty: name a folder to write",
            ));
        }
        let mut place = Place {
            folder: folder.to_path_buf(),
            made: Vec::new(),
            files: Vec::new(),
        };
        place.make(folder)?;
        let entries = fs::read_dir(folder).map_err(|e| refused(folder, &e))?;
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if !name.starts_with('.') {
                let message = format!(
                    "{} is not empty: it holds {name}; name a new folder",
                    folder.display()
                );
                return Err(Error::new(Code::OutNotWritable, message).in_file(folder));
            }
        }
        Ok(place)
    }

    fn make(&mut self, folder: &Path) -> Result<()> {
        match fs::create_dir(folder) {
            Ok(()) => self.made.push(folder.to_path_buf()),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                let message = format!(
                    "there is no folder to make {} in; create it first",
                    folder.display()
                );
                return Err(Error::new(Code::OutDirMissing, message).in_file(folder));
            }
            Err(e) => return Err(refused(folder, &e)),
        }
        Ok(())
    }

    /// Begins a file of a table, one of `parts`.
    ///
    /// # Errors
    /// Those of [`OutFile::create`].
    pub fn file(&mut self, table: TableName, part: u32, parts: u32) -> Result<OutFile> {
        let path = self.folder.join(format!("{}.parquet", table.as_str()));
        if parts == 1 {
            return OutFile::create(&path, &[]);
        }
        self.make(&path)?;
        OutFile::create(&path.join(format!("part-{part:05}.parquet")), &[])
    }

    /// Keeps a file that is complete until all of them are.
    pub fn keep(&mut self, file: OutFile) {
        self.files.push(file);
    }

    /// Adds `manifest.json`.
    ///
    /// # Errors
    /// `DISK_FULL`, `OUT_NOT_WRITABLE`.
    pub fn manifest(&mut self, text: &str) -> Result<()> {
        let mut file = OutFile::create(&self.folder.join("manifest.json"), &[])?;
        let path = file.path().to_path_buf();
        file.write_all(text.as_bytes()).map_err(|e| writing(&path, &e))?;
        self.keep(file);
        Ok(())
    }

    /// Puts every file into its place.
    ///
    /// # Errors
    /// `DISK_FULL`, `OUT_NOT_WRITABLE`; then none is there.
    pub fn commit(mut self) -> Result<()> {
        let mut done: Vec<PathBuf> = Vec::new();
        for file in std::mem::take(&mut self.files) {
            let path = file.path().to_path_buf();
            if let Err(e) = file.commit() {
                for path in done {
                    let _ = fs::remove_file(path);
                }
                return Err(e);
            }
            done.push(path);
        }
        self.made.clear();
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.files.clear(); // they remove themselves
        for folder in self.made.iter().rev() {
            let _ = fs::remove_dir(folder); // only where it is empty
        }
    }
}

fn refused(folder: &Path, e: &io::Error) -> Error {
    let message = format!(
        "cannot write into {}: {e}; name a folder that is new or empty",
        folder.display()
    );
    Error::new(Code::OutNotWritable, message).in_file(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_stays_of_a_place_that_was_dropped() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("new");
        let mut place = Place::take(&out).unwrap();
        let file = place.file(TableName::Trades, 0, 2).unwrap();
        place.keep(file);
        place.manifest("{}").unwrap();
        assert!(out.join("trades.parquet").is_dir());
        drop(place);
        assert!(!out.exists());
    }

    #[test]
    fn all_files_appear_at_the_end() {
        let dir = tempfile::tempdir().unwrap();
        let mut place = Place::take(dir.path()).unwrap();
        for part in 0..2 {
            let file = place.file(TableName::MarketTrades, part, 2).unwrap();
            place.keep(file);
        }
        let parts = dir.path().join("market_trades.parquet");
        assert!(!parts.join("part-00000.parquet").exists());
        place.commit().unwrap();
        assert!(parts.join("part-00000.parquet").exists() && parts.join("part-00001.parquet").exists());
    }

    #[test]
    fn bad_places_are_told_apart() {
        let dir = tempfile::tempdir().unwrap();
        let code = |path: &Path| Place::take(path).err().map(|e| e.code);
        assert_eq!(code(Path::new("")), Some(Code::InvalidOption));
        assert_eq!(code(&dir.path().join("no/where")), Some(Code::OutDirMissing));
        fs::write(dir.path().join(".hidden"), "").unwrap();
        assert_eq!(code(dir.path()), None);
        fs::write(dir.path().join("file"), "x").unwrap();
        assert_eq!(code(dir.path()), Some(Code::OutNotWritable));
        assert_eq!(code(&dir.path().join("file")), Some(Code::OutNotWritable));
        assert_eq!(fs::read(dir.path().join("file")).unwrap(), b"x");
    }
}
