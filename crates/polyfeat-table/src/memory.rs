//! Asking for memory before work begins: an allocation that fails later would end the process.

use crate::error::{Code, Error, Result};

/// Checks that the system would give `rows` × `bytes_per_row` more bytes.
///
/// # Errors
/// `OUT_OF_MEMORY`.
pub fn ensure(rows: usize, bytes_per_row: usize) -> Result<()> {
    let refused = || {
        Error::new(
            Code::OutOfMemory,
            format!(
                "{rows} rows need {} MB, which the system does not give; work on fewer rows at a time",
                rows.saturating_mul(bytes_per_row) >> 20
            ),
        )
    };
    let bytes = rows.checked_mul(bytes_per_row).ok_or_else(refused)?;
    // Address space is asked for and given back; no page of it is touched.
    let mut probe: Vec<u8> = Vec::new();
    probe.try_reserve_exact(bytes).map_err(|_| refused())?;
    std::hint::black_box(&probe);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_machine_has_is_refused() {
        assert!(ensure(1000, 8).is_ok());
        for (rows, bytes) in [(usize::MAX, 2), (1 << 50, 1 << 12)] {
            assert_eq!(ensure(rows, bytes).unwrap_err().code, Code::OutOfMemory);
        }
    }
}
