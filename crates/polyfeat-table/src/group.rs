//! Prints grouped by token and sorted by time, in memory of their own.

use std::ops::Range;

use polyfeat::{NULL_TS, TimeUnit, rescale};

use crate::chunked::{Chunked, segments};
use crate::codes::NULL_CODE;
use crate::column::Column;
use crate::error::{Code, Error, Result};
use crate::job::Job;

/// Prints by token: those of token `k` are `offsets[k]..offsets[k + 1]` of every column, ascending by time, equal
/// times in the order of the tape.
#[derive(Default)]
pub struct Grouped {
    /// One more than tokens.
    pub offsets: Vec<usize>,
    /// Times.
    pub ts: Vec<i64>,
    /// Prices; NaN is missing.
    pub price: Vec<f64>,
    /// Sizes; NaN is missing.
    pub size: Vec<f64>,
    /// Row of the tape, where it was asked for; else empty.
    pub rows: Vec<u32>,
}

/// The tape's columns, read.
pub struct Prints<'p> {
    /// Token codes, [`NULL_CODE`] or any other past the last for prints that are not wanted.
    pub token: Vec<u32>,
    /// Distinct tokens.
    pub tokens: usize,
    /// Times; [`NULL_TS`] is missing.
    pub ts: Chunked<'p, i64>,
    /// Prices.
    pub price: Chunked<'p, f64>,
    /// Sizes.
    pub size: Chunked<'p, f64>,
    /// Whether to keep the rows.
    pub keep_rows: bool,
}

/// How times are taken over.
#[derive(Clone, Copy)]
pub struct Rules<'r, 'a> {
    /// The time column, for messages.
    pub column: &'r Column<'a>,
    /// Its unit.
    pub from: TimeUnit,
    /// The unit wanted.
    pub to: TimeUnit,
    /// Times are said to ascend within a token: an error when they do not.
    pub assume_sorted: bool,
}

/// The slices of one range of tokens.
struct Part<'a> {
    tokens: Range<usize>,
    ts: &'a mut [i64],
    price: &'a mut [f64],
    size: &'a mut [f64],
    /// Empty when rows are not kept.
    rows: &'a mut [u32],
}

impl Prints<'_> {
    /// Groups the prints. Each thread looks at all codes and takes those of its own tokens: codes are read in a
    /// line, and nobody waits for anybody.
    ///
    /// # Errors
    /// `OVERFLOW` when a time does not fit into the wanted unit, `NOT_SORTED`, `CANCELLED`.
    pub fn group(mut self, job: &Job, rules: Rules<'_, '_>) -> Result<Grouped> {
        let parts = segments(&[self.ts.starts(), self.price.starts(), self.size.starts()]);
        let offsets = self.count(job, &parts)?;
        let total = offsets[self.tokens];
        let mut grouped = Grouped {
            ts: vec![0; total],
            price: vec![0.0; total],
            size: vec![0.0; total],
            rows: vec![0; if self.keep_rows { total } else { 0 }],
            offsets,
        };
        let ranges = balanced(&grouped.offsets, job.threads.count());
        let workers = ranges.len();
        let (mut ts, mut price) = (&mut grouped.ts[..], &mut grouped.price[..]);
        let (mut size, mut rows) = (&mut grouped.size[..], &mut grouped.rows[..]);
        let work: Vec<Part<'_>> = ranges
            .into_iter()
            .map(|tokens| {
                let n = grouped.offsets[tokens.end] - grouped.offsets[tokens.start];
                Part {
                    tokens,
                    ts: ts.split_off_mut(..n).unwrap_or_default(),
                    price: price.split_off_mut(..n).unwrap_or_default(),
                    size: size.split_off_mut(..n).unwrap_or_default(),
                    rows: rows.split_off_mut(..n).unwrap_or_default(),
                }
            })
            .collect();
        let offsets = &grouped.offsets;
        job.threads.map(work, |mut part| {
            self.scatter(job, &parts, workers, offsets, &mut part, rules)?;
            let first = offsets[part.tokens.start];
            for token in part.tokens.clone() {
                if token % 1024 == 0 {
                    job.check()?;
                }
                let mine = offsets[token] - first..offsets[token + 1] - first;
                let rows = part.rows.get_mut(mine.clone()).unwrap_or_default();
                sort_by_time(
                    &mut part.ts[mine.clone()],
                    &mut part.price[mine.clone()],
                    &mut part.size[mine],
                    rows,
                );
            }
            Ok(())
        })?;
        Ok(grouped)
    }

    /// Counts prints by token; a print without a time loses its code.
    fn count(&mut self, job: &Job, parts: &[Range<usize>]) -> Result<Vec<usize>> {
        let mut offsets = vec![0_usize; self.tokens + 1];
        for range in parts {
            job.check()?;
            for (code, &ts) in self.token[range.clone()]
                .iter_mut()
                .zip(self.ts.slice(range.clone()))
            {
                if ts == NULL_TS {
                    *code = NULL_CODE;
                } else if let Some(count) = offsets.get_mut(*code as usize + 1) {
                    *count += 1;
                }
            }
        }
        for token in 0..self.tokens {
            offsets[token + 1] += offsets[token];
        }
        Ok(offsets)
    }

    fn scatter(
        &self,
        job: &Job,
        parts: &[Range<usize>],
        workers: usize,
        offsets: &[usize],
        part: &mut Part<'_>,
        rules: Rules<'_, '_>,
    ) -> Result<()> {
        let first = offsets[part.tokens.start];
        let mut next: Vec<usize> = offsets[part.tokens.clone()].iter().map(|o| o - first).collect();
        let begins: Vec<usize> = if rules.assume_sorted {
            next.clone()
        } else {
            Vec::new()
        };
        for range in parts {
            job.check()?;
            let (codes, ts) = (&self.token[range.clone()], self.ts.slice(range.clone()));
            let (price, size) = (self.price.slice(range.clone()), self.size.slice(range.clone()));
            for (i, &code) in codes.iter().enumerate() {
                let token = (code as usize).wrapping_sub(part.tokens.start);
                let Some(slot) = next.get_mut(token) else { continue };
                let stamp = if rules.from == rules.to {
                    ts[i]
                } else {
                    rescale(ts[i], rules.from, rules.to)
                        .ok_or_else(|| overflow(rules, range.start + i, ts[i]))?
                };
                if rules.assume_sorted && begins[token] < *slot && part.ts[*slot - 1] > stamp {
                    return Err(not_sorted(rules.column, range.start + i));
                }
                part.ts[*slot] = stamp;
                part.price[*slot] = price[i];
                part.size[*slot] = size[i];
                if let Some(row) = part.rows.get_mut(*slot) {
                    *row = (range.start + i) as u32;
                }
                *slot += 1;
            }
            job.advance(range.len() / workers);
        }
        Ok(())
    }
}

/// At most `parts` ranges that cover all tokens, with about as many prints each.
fn balanced(offsets: &[usize], parts: usize) -> Vec<Range<usize>> {
    let tokens = offsets.len() - 1;
    let share = offsets[tokens].div_ceil(parts).max(1);
    let (mut ranges, mut start) = (Vec::new(), 0);
    while start < tokens {
        let wanted = offsets[start] + share;
        let end = offsets.partition_point(|&o| o < wanted).clamp(start + 1, tokens);
        ranges.push(start..end);
        start = end;
    }
    ranges
}

/// Stable sort of one token's prints; a tape in time order is only looked at. `rows` may be empty.
fn sort_by_time(ts: &mut [i64], price: &mut [f64], size: &mut [f64], rows: &mut [u32]) {
    if ts.is_sorted() {
        return;
    }
    let row = |i: usize| rows.get(i).copied().unwrap_or(0);
    let mut prints: Vec<(i64, f64, f64, u32)> = (0..ts.len())
        .map(|i| (ts[i], price[i], size[i], row(i)))
        .collect();
    prints.sort_by_key(|&(t, ..)| t);
    for (row, &(.., sorted)) in rows.iter_mut().zip(&prints) {
        *row = sorted;
    }
    for (((t, p), s), print) in ts.iter_mut().zip(price).zip(size).zip(prints) {
        (*t, *p, *s) = (print.0, print.1, print.2);
    }
}

fn overflow(rules: Rules<'_, '_>, row: usize, stamp: i64) -> Error {
    rules
        .column
        .error(
            Code::Overflow,
            format!(
                "has {stamp} {} in row {row}, which does not fit into {}, the unit of trades; give both tables' ts in the coarser unit",
                rules.from.symbol(),
                rules.to.symbol()
            ),
        )
        .at_row(row)
}

fn not_sorted(column: &Column<'_>, row: usize) -> Error {
    column
        .error(
            Code::NotSorted,
            format!(
                "goes back in time in row {row}; sort by time within each token, or leave assumeSorted off"
            ),
        )
        .at_row(row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data_type::DataType;
    use crate::threads::Threads;
    use std::borrow::Cow;

    fn column() -> Column<'static> {
        Column {
            name: "ts".into(),
            data_type: DataType::Null,
            chunks: Vec::new(),
        }
    }

    fn prints(token: &[u32], ts: &[i64]) -> Prints<'static> {
        let size: Vec<f64> = (0..ts.len()).map(|i| i as f64).collect();
        let halves = |v: &[f64]| Chunked::new(v.chunks(3).map(|c| Cow::Owned(c.to_vec())).collect());
        Prints {
            token: token.to_vec(),
            tokens: 3,
            ts: Chunked::new(ts.chunks(4).map(|c| Cow::Owned(c.to_vec())).collect()),
            price: halves(&size),
            size: halves(&size),
            keep_rows: true,
        }
    }

    fn rules<'r>(column: &'r Column<'static>, assume_sorted: bool) -> Rules<'r, 'static> {
        Rules {
            column,
            from: TimeUnit::Second,
            to: TimeUnit::Millisecond,
            assume_sorted,
        }
    }

    #[test]
    fn groups_are_in_time_order_and_ties_in_row_order() {
        let token = [2, 0, 2, NULL_CODE, 0, 2, 9, 2, 0];
        let ts = [5, 7, 3, 1, 7, 5, 1, NULL_TS, 6];
        let c = column();
        for threads in [1, 2, 5] {
            let threads = Threads::new(Some(threads), 0).unwrap();
            let job = Job::new(threads, Arc::default(), None);
            let g = prints(&token, &ts).group(&job, rules(&c, false)).unwrap();
            assert_eq!(g.offsets, [0, 3, 3, 6]);
            assert_eq!(g.ts, [6000, 7000, 7000, 3000, 5000, 5000]);
            assert_eq!(g.size, [8.0, 1.0, 4.0, 2.0, 0.0, 5.0]);
            assert_eq!(g.price, g.size);
            assert_eq!(g.rows, [8, 1, 4, 2, 0, 5]);
        }
    }

    #[test]
    fn disorder_and_overflow_are_errors_with_their_row() {
        let (c, job) = (column(), Job::default());
        let e = prints(&[0, 1, 0, 1], &[4, 1, 5, 0]).group(&job, rules(&c, true));
        assert_eq!(e.err().map(|e| (e.code, e.row)), Some((Code::NotSorted, Some(3))));
        assert!(
            prints(&[0, 1, 0, 1], &[4, 1, 4, 1])
                .group(&job, rules(&c, true))
                .is_ok()
        );
        let e = prints(&[0, 1], &[4, i64::MAX / 10]).group(&job, rules(&c, false));
        assert_eq!(e.err().map(|e| (e.code, e.row)), Some((Code::Overflow, Some(1))));
    }

    #[test]
    fn ranges_cover_all_tokens() {
        assert_eq!(balanced(&[0, 0, 10, 11, 12, 12], 2), [0..2, 2..5]);
        assert_eq!(balanced(&[0, 0, 0], 4), [Range { start: 0, end: 2 }]);
        assert!(balanced(&[0], 4).is_empty());
    }

    use std::sync::Arc;
}
