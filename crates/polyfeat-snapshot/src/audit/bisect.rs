//! The later record that changes a value.

use crate::error::Result;

/// The least `k` of `1..=n` for which `changed(k)` holds while `changed(k - 1)` does not, where `k` is how many later
/// records have been let in: with the last of them the value changes. `None` when it does not change with all of them.
///
/// A value may change back on the way; then this is one of the places where it changes.
///
/// # Errors
/// Those of `changed`.
pub fn first_change(n: usize, mut changed: impl FnMut(usize) -> Result<bool>) -> Result<Option<usize>> {
    if n == 0 || changed(0)? || !changed(n)? {
        return Ok(None);
    }
    let (mut same, mut other) = (0, n);
    while other - same > 1 {
        let middle = same.midpoint(other);
        if changed(middle)? {
            other = middle;
        } else {
            same = middle;
        }
    }
    Ok(Some(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_record_with_which_the_value_changes() {
        for n in 1..20 {
            for at in 1..=n {
                assert_eq!(first_change(n, |k| Ok(k >= at)).unwrap(), Some(at));
            }
            assert_eq!(first_change(n, |_| Ok(false)).unwrap(), None);
            assert_eq!(first_change(n, |_| Ok(true)).unwrap(), None);
        }
        assert_eq!(first_change(0, |_| Ok(true)).unwrap(), None);
    }
}
