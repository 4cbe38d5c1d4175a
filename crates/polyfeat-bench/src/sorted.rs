//! The numbers of rows in the order (token, time), found without keeping all of them: tokens are taken in ranges
//! whose rows fit a bound.

use std::ops::Range;

use polyfeat_snapshot::{Job, Result};
use rayon::prelude::*;

/// Rows that are sorted at a time, unless a single token has more.
const ROWS_AT_A_TIME: u64 = 8 << 20;
/// Rows that one thread looks at.
const STRETCH: u32 = 1 << 18;

/// Gives row numbers by (place, time, number), some at a time.
pub struct Sorted<K> {
    rows: u32,
    key: K,
    /// Ranges of places that are still to come, the next one last.
    ranges: Vec<Range<u32>>,
}

impl<K: Fn(u32) -> (u32, i64) + Sync> Sorted<K> {
    /// The order of rows 0 to `rows`, whose place (below `places`) and time `key` tells.
    ///
    /// # Errors
    /// `CANCELLED`.
    pub fn new(job: &Job, rows: u32, places: usize, key: K) -> Result<Self> {
        Self::bounded(job, rows, places, ROWS_AT_A_TIME, key)
    }

    fn bounded(job: &Job, rows: u32, places: usize, bound: u64, key: K) -> Result<Self> {
        job.begin("sort", "rows", rows.into());
        let counts = stretches(rows)
            .try_fold(
                || vec![0_u32; places],
                |mut counts, stretch| {
                    job.check()?;
                    job.advance(stretch.len() as u64);
                    for row in stretch {
                        counts[key(row).0 as usize] += 1;
                    }
                    Ok(counts)
                },
            )
            .try_reduce(
                || vec![0; places],
                |mut a, b| {
                    a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
                    Ok(a)
                },
            )?;
        let mut ranges = Vec::new();
        let (mut start, mut held) = (0, 0);
        for (place, count) in (0..).zip(counts) {
            if held > 0 && held + u64::from(count) > bound {
                ranges.push(start..place);
                (start, held) = (place, 0);
            }
            held += u64::from(count);
        }
        ranges.push(start..places as u32);
        ranges.reverse();
        Ok(Sorted { rows, key, ranges })
    }

    /// The next rows; none when all were given.
    ///
    /// # Errors
    /// `CANCELLED`.
    pub fn next(&mut self, job: &Job) -> Result<Vec<u32>> {
        while let Some(range) = self.ranges.pop() {
            let mut found: Vec<(u32, i64, u32)> = stretches(self.rows)
                .map(|stretch| {
                    job.check()?;
                    Ok(stretch
                        .map(|row| {
                            let (place, time) = (self.key)(row);
                            (place, time, row)
                        })
                        .filter(|(place, ..)| range.contains(place))
                        .collect::<Vec<_>>())
                })
                .collect::<Result<Vec<_>>>()?
                .concat();
            found.par_sort_unstable();
            if !found.is_empty() {
                return Ok(found.into_iter().map(|(.., row)| row).collect());
            }
        }
        Ok(Vec::new())
    }
}

fn stretches(rows: u32) -> impl IndexedParallelIterator<Item = Range<u32>> {
    (0..rows.div_ceil(STRETCH))
        .into_par_iter()
        .map(move |s| s * STRETCH..rows.min((s + 1).saturating_mul(STRETCH)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_bound_gives_the_same_order() {
        let job = Job::default();
        let rows = 2 * STRETCH + 77;
        let key = |row: u32| {
            (
                row.wrapping_mul(2_654_435_761) % 100,
                i64::from(row / 3 * 3) % 1_000,
            )
        };
        let mut expected: Vec<u32> = (0..rows).collect();
        expected.sort_by_key(|&row| key(row));
        for bound in [1, 20_000, 1 << 40] {
            let mut sorted = Sorted::bounded(&job, rows, 101, bound, key).unwrap();
            let mut all = Vec::new();
            loop {
                let some = sorted.next(&job).unwrap();
                if some.is_empty() {
                    break;
                }
                all.extend(some);
            }
            assert_eq!(all, expected);
        }
    }
}
