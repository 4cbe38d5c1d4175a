//! Removing a large file without waiting for the system to free its blocks.
//!
//! A file's blocks and its cached pages are freed by whoever lets go of it last, and that call comes back when all is
//! freed: half a second for two gigabytes where the disk is told of every freed block. Not even an exit shortens it.
//! Whoever stops a run should not have to wait for that.

use std::fs::{self, File};
use std::path::Path;

/// Bytes from which on freeing takes long enough to matter.
const LARGE: u64 = 64 << 20;

/// Removes `file` at `path`. Its name is gone on return; its blocks may be freed a little later.
pub fn remove(file: File, path: &Path) {
    let holder = Holder::of(&file);
    let _ = fs::remove_file(path);
    // The holder must be the last one, so it ends only after this.
    drop(file);
    drop(holder);
}

/// A process that holds a file open, and frees it by its end: when this is dropped.
#[derive(Debug)]
pub struct Holder(Option<std::process::Child>);

#[cfg(unix)]
impl Holder {
    /// Nothing where the file is small or no process can be started: then whoever drops the file frees it, as ever.
    pub fn of(file: &File) -> Option<Holder> {
        use std::process::{Command, Stdio};

        let large = file.metadata().is_ok_and(|file| file.len() >= LARGE);
        let held = large.then(|| file.try_clone().ok()).flatten()?;
        // It reads until its input ends; the file is its standard error.
        let child = Command::new("/bin/cat")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(held)
            .current_dir("/")
            .spawn();
        Some(Holder(Some(child.ok()?)))
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        let Some(mut child) = self.0.take() else { return };
        drop(child.stdin.take());
        // This process may live on, and must not collect dead children. Should no thread start, one stays until it ends.
        let _ = std::thread::Builder::new()
            .name("polyfeat-unlink".into())
            .spawn(move || child.wait());
    }
}

#[cfg(not(unix))]
impl Holder {
    /// Nothing: systems that are no Unix free files by themselves.
    pub fn of(_: &File) -> Option<Holder> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_file_is_gone_at_once_and_others_stay() {
        let dir = tempfile::tempdir().unwrap();
        for (name, bytes) in [("large", LARGE), ("small", 10)] {
            let path = dir.path().join(name);
            let file = File::create(&path).unwrap();
            file.set_len(bytes).unwrap();
            remove(file, &path);
            assert!(!path.exists());
        }
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
