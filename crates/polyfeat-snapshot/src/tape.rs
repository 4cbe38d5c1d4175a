//! The tape, streamed: only the columns that are needed, only the prints of tokens that have trades, grouped
//! by ranges of tokens so that what one sweep works on fits into the cache.
//!
//! ```text
//! row groups --decode--> keep known tokens --counting sort by bucket--> runs[task][bucket]
//! bucket b = runs[0][b] ++ runs[1][b] ++ ...   (file order, whichever thread was first)
//! ```

use std::ops::Range;
use std::sync::Arc;

use parquet::arrow::arrow_reader::ArrowReaderMetadata;
use polyfeat::{NULL_TS, TimeUnit, rescale};
use rayon::prelude::*;

use crate::error::{Code, Error, Result};
use crate::job::Job;
use crate::keys::{BATCH_ROWS, TradeKeys};
use crate::roles::TapeRoles;
use crate::strings::{CodeReader, NULL_CODE, read_as_codes};
use crate::table::{Group, Table};

/// Rows that one task decodes before it sorts them by bucket: enough that a bucket's run is worth its
/// bookkeeping, little enough to stay near the cache.
const TASK_ROWS: usize = 1 << 20;
/// Prints that a bucket should hold, about: 24 bytes each, so a few MB.
const BUCKET_PRINTS: u64 = 1 << 18;
const MAX_BUCKETS: u64 = 4096;

/// Prints of one task, sorted by bucket, in file order within one.
struct Run {
    /// `buckets + 1` offsets.
    offsets: Vec<usize>,
    token: Vec<u32>,
    ts: Vec<i64>,
    price: Vec<f64>,
    size: Vec<f64>,
}

/// The prints that features need.
pub struct Tape {
    /// Ranges of token codes, one for each bucket, that cover all codes.
    pub buckets: Vec<Range<u32>>,
    /// Unit of all stamps: the finer of the two files'.
    pub unit: TimeUnit,
    /// Unit of the tape's own stamps.
    pub source_unit: TimeUnit,
    /// Prints left out for a null time.
    pub null_ts: u64,
    /// Prints left out for a null token.
    pub null_token: u64,
    /// Time texts that did not parse.
    pub unparsed: u64,
    runs: Vec<Run>,
}

/// Prints of one bucket, contiguous by token.
#[derive(Default)]
pub struct BucketPrints {
    /// Offsets of the bucket's tokens, one more than tokens.
    pub offsets: Vec<usize>,
    /// Stamps in the common unit, ascending within a token.
    pub ts: Vec<i64>,
    /// Prices; NaN is missing.
    pub price: Vec<f64>,
    /// Sizes; NaN is missing.
    pub size: Vec<f64>,
}

impl Tape {
    /// Reads the tape for the tokens that `keys` has trades of.
    ///
    /// # Errors
    /// Those of reading; `OVERFLOW` when a stamp does not fit into the common unit.
    pub fn read(job: &Arc<Job>, table: &Table, roles: &TapeRoles, keys: &TradeKeys) -> Result<Tape> {
        let unit = keys.unit.finer(roles.ts.unit);
        let tokens = keys.tokens.names().len();
        let buckets = plan_buckets(keys, tokens, table.rows);
        let mut bucket_of = vec![0_u32; tokens];
        for (b, range) in buckets.iter().enumerate() {
            bucket_of[range.start as usize..range.end as usize].fill(b as u32);
        }
        let metas = table
            .parts
            .iter()
            .map(|p| read_as_codes(p, &[roles.token]))
            .collect::<Result<Vec<_>>>()?;
        let reading = Reading {
            job,
            table,
            roles,
            keys,
            metas: &metas,
            bucket_of: &bucket_of,
            unit,
        };
        let results: Vec<(Run, Left)> = tasks(&table.groups)
            .into_par_iter()
            .map(|groups| reading.task(groups, buckets.len()))
            .collect::<Result<_>>()?;
        let mut tape = Tape {
            buckets,
            unit,
            source_unit: roles.ts.unit,
            null_ts: 0,
            null_token: 0,
            unparsed: 0,
            runs: Vec::with_capacity(results.len()),
        };
        for (run, left) in results {
            tape.null_ts += left.null_ts;
            tape.null_token += left.null_token;
            tape.unparsed += left.unparsed;
            tape.runs.push(run);
        }
        Ok(tape)
    }

    /// Gathers bucket `b` into `out` (its memory is used again): prints by token, ascending by time, equal
    /// stamps in file order.
    pub fn bucket(&self, b: usize, out: &mut BucketPrints) {
        let tokens = &self.buckets[b];
        let n_tokens = (tokens.end - tokens.start) as usize;
        let parts: Vec<(&Run, Range<usize>)> = self
            .runs
            .iter()
            .map(|run| (run, run.offsets[b]..run.offsets[b + 1]))
            .collect();
        let total: usize = parts.iter().map(|(_, r)| r.len()).sum();

        out.offsets.clear();
        out.offsets.resize(n_tokens + 1, 0);
        for (run, range) in &parts {
            for &token in &run.token[range.clone()] {
                out.offsets[(token - tokens.start) as usize + 1] += 1;
            }
        }
        for t in 0..n_tokens {
            out.offsets[t + 1] += out.offsets[t];
        }
        out.ts.resize(total, 0);
        out.price.resize(total, 0.0);
        out.size.resize(total, 0.0);
        let mut next = out.offsets.clone();
        for (run, range) in parts {
            let (token, ts) = (&run.token[range.clone()], &run.ts[range.clone()]);
            let (price, size) = (&run.price[range.clone()], &run.size[range]);
            for (((&token, &ts), &price), &size) in token.iter().zip(ts).zip(price).zip(size) {
                let slot = &mut next[(token - tokens.start) as usize];
                out.ts[*slot] = ts;
                out.price[*slot] = price;
                out.size[*slot] = size;
                *slot += 1;
            }
        }
        for t in 0..n_tokens {
            let range = out.offsets[t]..out.offsets[t + 1];
            sort_by_time(
                &mut out.ts[range.clone()],
                &mut out.price[range.clone()],
                &mut out.size[range],
            );
        }
    }
}

/// Stable sort of one token's prints; a tape in time order is only looked at.
fn sort_by_time(ts: &mut [i64], price: &mut [f64], size: &mut [f64]) {
    if ts.is_sorted() {
        return;
    }
    let mut rows: Vec<(i64, f64, f64)> = ts
        .iter()
        .zip(price.iter())
        .zip(size.iter())
        .map(|((&t, &p), &s)| (t, p, s))
        .collect();
    rows.sort_by_key(|&(t, _, _)| t);
    for (((t, p), s), row) in ts.iter_mut().zip(price).zip(size).zip(rows) {
        (*t, *p, *s) = row;
    }
}

/// Ranges of token codes with about the same number of trades each: a token that the user trades much is
/// one that prints much.
fn plan_buckets(keys: &TradeKeys, tokens: usize, tape_rows: u64) -> Vec<Range<u32>> {
    let wanted = (tape_rows / BUCKET_PRINTS).clamp(1, MAX_BUCKETS);
    let mut trades_of = vec![0_u64; tokens];
    for &token in keys.token.iter().filter(|&&t| t != NULL_CODE) {
        trades_of[token as usize] += 1;
    }
    let share = (keys.token.len() as u64).div_ceil(wanted).max(1);
    let (mut buckets, mut start, mut filled) = (Vec::new(), 0_u32, 0_u64);
    for (code, n) in trades_of.iter().enumerate() {
        filled += n;
        if filled >= share {
            buckets.push(start..code as u32 + 1);
            start = code as u32 + 1;
            filled = 0;
        }
    }
    if (start as usize) < tokens {
        buckets.push(start..tokens as u32);
    }
    buckets
}

/// Consecutive row groups of about [`TASK_ROWS`] rows.
fn tasks(groups: &[Group]) -> Vec<&[Group]> {
    let (mut out, mut start, mut rows) = (Vec::new(), 0, 0);
    for (i, group) in groups.iter().enumerate() {
        rows += group.rows;
        if rows >= TASK_ROWS {
            out.push(&groups[start..=i]);
            (start, rows) = (i + 1, 0);
        }
    }
    if start < groups.len() {
        out.push(&groups[start..]);
    }
    out
}

#[derive(Default)]
struct Left {
    null_ts: u64,
    null_token: u64,
    unparsed: u64,
}

struct Reading<'a> {
    job: &'a Arc<Job>,
    table: &'a Table,
    roles: &'a TapeRoles,
    keys: &'a TradeKeys,
    metas: &'a [ArrowReaderMetadata],
    bucket_of: &'a [u32],
    unit: TimeUnit,
}

#[derive(Default)]
struct Columns {
    token: Vec<u32>,
    ts: Vec<i64>,
    price: Vec<f64>,
    size: Vec<f64>,
}

/// A token of the tape that no trade has.
const UNWANTED: u32 = NULL_CODE - 1;

impl Reading<'_> {
    fn task(&self, groups: &[Group], buckets: usize) -> Result<(Run, Left)> {
        let (mut kept, mut left) = (Columns::default(), Left::default());
        for group in groups {
            self.group(group, &mut kept, &mut left)?;
        }
        let mut offsets = vec![0_usize; buckets + 1];
        for &token in &kept.token {
            offsets[self.bucket_of[token as usize] as usize + 1] += 1;
        }
        for b in 0..buckets {
            offsets[b + 1] += offsets[b];
        }
        let n = kept.token.len();
        let mut run = Run {
            offsets,
            token: vec![0; n],
            ts: vec![0; n],
            price: vec![0.0; n],
            size: vec![0.0; n],
        };
        let mut next = run.offsets.clone();
        for (i, &token) in kept.token.iter().enumerate() {
            let slot = &mut next[self.bucket_of[token as usize] as usize];
            run.token[*slot] = token;
            run.ts[*slot] = kept.ts[i];
            run.price[*slot] = kept.price[i];
            run.size[*slot] = kept.size[i];
            *slot += 1;
        }
        Ok((run, left))
    }

    fn group(&self, group: &Group, kept: &mut Columns, left: &mut Left) -> Result<()> {
        let part = &self.table.parts[group.part];
        let roles = self.roles;
        let mut wanted = [roles.ts.index, roles.token, roles.price, roles.size];
        wanted.sort_unstable();
        let mut reader = CodeReader::default();
        let mut batch_columns = Columns::default();
        let mut at = group.first_row;
        for batch in part.batches(
            self.job,
            &self.metas[group.part],
            group.index,
            &wanted,
            BATCH_ROWS,
        )? {
            self.job.check()?;
            let batch = batch.map_err(|e| Error::arrow(&part.path, e))?;
            let column = |index: usize| batch.column(wanted.partition_point(|&c| c < index));
            let Columns {
                token,
                ts,
                price,
                size,
            } = &mut batch_columns;
            token.clear();
            ts.clear();
            price.clear();
            size.clear();
            reader.read(
                column(roles.token),
                |s| self.keys.tokens.get(s).unwrap_or(UNWANTED),
                token,
            )?;
            left.unparsed += crate::coerce::times(column(roles.ts.index), &roles.ts, ts).map_err(|e| {
                Error {
                    row: Some(at + e.row.unwrap_or(0)),
                    ..e
                }
                .in_file(&part.path)
                .in_column("ts")
            })?;
            crate::coerce::numbers(column(roles.price), price)
                .map_err(|e| e.in_file(&part.path).in_column("price"))?;
            crate::coerce::numbers(column(roles.size), size)
                .map_err(|e| e.in_file(&part.path).in_column("size"))?;

            for (i, (&token, &stamp)) in token.iter().zip(ts.iter()).enumerate() {
                left.null_ts += u64::from(stamp == NULL_TS);
                left.null_token += u64::from(token == NULL_CODE);
                if token >= UNWANTED || stamp == NULL_TS {
                    continue;
                }
                let stamp = self.common(stamp, at + i as u64, part)?;
                kept.token.push(token);
                kept.ts.push(stamp);
                kept.price.push(price[i]);
                kept.size.push(size[i]);
            }
            at += batch.num_rows() as u64;
            self.job.advance(batch.num_rows() as u64);
        }
        Ok(())
    }

    fn common(&self, stamp: i64, row: u64, part: &crate::part::Part) -> Result<i64> {
        if self.unit == self.roles.ts.unit {
            return Ok(stamp);
        }
        rescale(stamp, self.roles.ts.unit, self.unit).ok_or_else(|| {
            Error::new(
                Code::Overflow,
                format!(
                    "{}: ts {stamp} {} in row {row} does not fit into {}, the unit of trades; store both files' ts in the coarser unit",
                    part.path.display(),
                    self.roles.ts.unit.symbol(),
                    self.unit.symbol()
                ),
            )
            .in_file(&part.path)
            .in_column("ts")
            .at_row(row)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(rows: usize) -> Group {
        Group {
            part: 0,
            index: 0,
            first_row: 0,
            rows,
        }
    }

    #[test]
    fn small_row_groups_share_a_task_and_large_ones_have_their_own() {
        let groups: Vec<Group> = [1000; 300].into_iter().map(group).collect();
        assert_eq!(tasks(&groups).len(), 1);
        let groups: Vec<Group> = [TASK_ROWS, 5, TASK_ROWS, TASK_ROWS]
            .into_iter()
            .map(group)
            .collect();
        assert_eq!(
            tasks(&groups).iter().map(|t| t.len()).collect::<Vec<_>>(),
            [1, 2, 1]
        );
        assert!(tasks(&[]).is_empty());
    }

    #[test]
    fn sorting_is_stable() {
        let (mut ts, mut price, mut size) = ([5, 3, 5, 3], [1.0, 2.0, 3.0, 4.0], [1.5, 2.5, 3.5, 4.5]);
        sort_by_time(&mut ts, &mut price, &mut size);
        assert_eq!(
            (ts, price, size),
            ([3, 3, 5, 5], [2.0, 4.0, 1.0, 3.0], [2.5, 4.5, 1.5, 3.5])
        );
    }
}
