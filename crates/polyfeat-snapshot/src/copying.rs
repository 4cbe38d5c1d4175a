//! Columns that pass through are copied while everything else is computed.

use std::thread;

use crate::error::{Code, Error, Result};
use crate::job::Job;
use crate::write::Sheet;

/// Calls `compute` with a function that begins the file and its copying, and returns both when both are done.
///
/// What is copied needs nothing that is computed: it goes to the disk meanwhile. Nearly all of that is waiting, so a
/// thread of its own does it, beside the pool's. The function is called as soon as the order of the rows is known;
/// later calls do nothing. Whoever fails makes the other stop; the failure is what is told, not the stop.
///
/// # Errors
/// Those of both.
pub fn while_copying<'e, T>(
    job: &'e Job,
    begin: impl FnOnce(Option<&'e [u32]>) -> Result<Sheet<'e>>,
    compute: impl FnOnce(&mut dyn FnMut(Option<&'e [u32]>) -> Result<()>) -> Result<T>,
) -> Result<(Sheet<'e>, T)> {
    let (copied, computed) = thread::scope(|scope| {
        let (mut begin, mut copying) = (Some(begin), None);
        let mut start = |rows| {
            if let Some(begin) = begin.take() {
                let mut sheet = begin(rows)?;
                copying = Some(scope.spawn(move || {
                    let copied = sheet.copy().inspect_err(|_| job.give_up());
                    copied.map(|()| sheet)
                }));
            }
            Ok(())
        };
        let computed = compute(&mut start).inspect_err(|_| job.give_up());
        let broken = |_| Err(Error::internal("the copy of columns broke off"));
        (
            copying.map(|copying| copying.join().unwrap_or_else(broken)),
            computed,
        )
    });
    match (copied, computed) {
        (Some(Ok(sheet)), Ok(computed)) => Ok((sheet, computed)),
        (Some(Err(e)), Ok(_)) => Err(e),
        (Some(Err(e)), Err(_)) if e.code != Code::Cancelled => Err(e),
        (_, Err(e)) => Err(e),
        (None, Ok(_)) => Err(Error::internal("the file was never begun")),
    }
}
