//! The tape, streamed: only the columns that are needed, only the prints of tokens that have trades, grouped
//! by ranges of tokens so that what one sweep works on fits into the cache.
//!
//! ```text
//! row groups --decode--> keep known tokens --counting sort by bucket--> runs[task][bucket]
//! bucket b = runs[0][b] ++ runs[1][b] ++ ...   (file order, whichever thread was first)
//! ```
//!
//! When the kept prints do not fit into the memory that a run may take, the tape is read in several passes,
//! each for some of the buckets: reading four columns again is cheaper than writing and reading temp files.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parquet::arrow::arrow_reader::ArrowReaderMetadata;
use polyfeat::{NULL_TS, TimeUnit, rescale};
use rayon::prelude::*;

use crate::error::{Code, Error, Result};
use crate::job::Job;
use crate::keys::BATCH_ROWS;
use crate::memory::{PRINT_BYTES, TASK_ROWS};
use crate::roles::TapeRoles;
use crate::strings::{CodeReader, Interner, NULL_CODE, read_as_codes};
use crate::table::{Group, Table};

/// Prints that a bucket should hold, about: 24 bytes each, so a few MB.
const BUCKET_PRINTS: u64 = 1 << 18;
const MAX_BUCKETS: u64 = 4096;

/// A tape that is ready to be read.
pub struct Tape<'a> {
    /// Ranges of token codes, one for each bucket, that cover all codes.
    pub buckets: Vec<Range<u32>>,
    /// Unit of all stamps: the finer of the two files'.
    pub unit: TimeUnit,
    job: &'a Arc<Job>,
    table: &'a Table,
    roles: &'a TapeRoles,
    tokens: &'a Interner,
    metas: Vec<ArrowReaderMetadata>,
    bucket_of: Vec<u32>,
}

/// Rows of the tape that could not be used, in all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Prints without a time.
    pub null_ts: u64,
    /// Prints without a token.
    pub null_token: u64,
    /// Time texts that did not parse; their times are null.
    pub unparsed: u64,
}

/// Prints of one task, sorted by bucket, in file order within one.
pub struct Run {
    /// One more than buckets of the pass.
    pub offsets: Vec<usize>,
    /// The prints.
    pub columns: Columns,
}

/// Prints, as columns.
#[derive(Default)]
#[allow(missing_docs)]
pub struct Columns {
    pub token: Vec<u32>,
    pub ts: Vec<i64>,
    pub price: Vec<f64>,
    pub size: Vec<f64>,
}

/// The prints of some buckets.
pub struct Pass<'a> {
    /// The tape.
    pub tape: &'a Tape<'a>,
    /// The first of the pass's buckets.
    pub first: usize,
    /// In file order.
    pub runs: Vec<Run>,
    /// What was left out of the whole tape.
    pub left_out: LeftOut,
}

impl<'a> Tape<'a> {
    /// Plans the reading for `tokens`, whose trades are as many as `offsets` say; reads nothing yet.
    /// `trades_unit` is the unit of the trades' stamps.
    ///
    /// # Errors
    /// When the reader refuses the types.
    pub fn open(
        job: &'a Arc<Job>,
        table: &'a Table,
        roles: &'a TapeRoles,
        tokens: &'a Interner,
        offsets: &[usize],
        trades_unit: TimeUnit,
    ) -> Result<Self> {
        let buckets = plan_buckets(offsets, table.rows);
        let mut bucket_of = vec![0_u32; tokens.names().len()];
        for (b, range) in buckets.iter().enumerate() {
            bucket_of[range.start as usize..range.end as usize].fill(b as u32);
        }
        Ok(Tape {
            buckets,
            unit: trades_unit.finer(roles.ts.unit),
            job,
            table,
            roles,
            tokens,
            metas: table
                .parts
                .iter()
                .map(|p| read_as_codes(p, &[roles.token]))
                .collect::<Result<_>>()?,
            bucket_of,
        })
    }

    /// Rows of the table.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.table.rows
    }

    /// Splits the buckets into passes whose prints fit into `bytes`.
    ///
    /// # Errors
    /// Those of reading; `OUT_OF_MEMORY` when the prints of one token alone do not fit.
    pub fn passes(&self, bytes: u64) -> Result<Vec<Range<usize>>> {
        // A bucket is gathered into a contiguous copy while it is swept: count it twice.
        let fits = |prints: u64, largest: u64| (prints + largest) * PRINT_BYTES <= bytes;
        if fits(self.table.rows, self.table.rows / 8) {
            return Ok(std::iter::once(0..self.buckets.len()).collect());
        }
        let counts = self.count()?;
        let (mut passes, mut start, mut prints, mut largest) = (Vec::new(), 0, 0, 0);
        for (b, &n) in counts.iter().enumerate() {
            if !fits(n, n) {
                return Err(self.too_large(b, n, bytes));
            }
            if !fits(prints + n, n.max(largest)) {
                passes.push(start..b);
                (start, prints, largest) = (b, 0, 0);
            }
            prints += n;
            largest = n.max(largest);
        }
        passes.push(start..counts.len());
        Ok(passes)
    }

    fn too_large(&self, bucket: usize, prints: u64, bytes: u64) -> Error {
        let more = (2 * prints * PRINT_BYTES).saturating_sub(bytes).div_ceil(1 << 20);
        Error::new(
            Code::OutOfMemory,
            format!(
                "{}: {prints} prints of neighbouring tokens (bucket {bucket}) do not fit into memory at once; give {more}M more by --memory",
                self.table.path.display()
            ),
        )
        .in_file(&self.table.path)
    }

    /// Prints by bucket, from the token column alone (those without a time are counted too).
    fn count(&self) -> Result<Vec<u64>> {
        let counts: Vec<AtomicU64> = self.buckets.iter().map(|_| AtomicU64::new(0)).collect();
        self.table.groups.par_iter().try_for_each(|group| {
            let part = &self.table.parts[group.part];
            let (mut reader, mut tokens) = (CodeReader::default(), Vec::new());
            let columns = [self.roles.token];
            for batch in part.batches(
                self.job,
                &self.metas[group.part],
                group.index,
                &columns,
                BATCH_ROWS,
            )? {
                self.job.check()?;
                let batch = batch.map_err(|e| Error::arrow(&part.path, e))?;
                tokens.clear();
                reader.read(
                    batch.column(0),
                    |s| self.tokens.get(s).unwrap_or(UNWANTED),
                    &mut tokens,
                )?;
                for &token in tokens.iter().filter(|&&t| t < UNWANTED) {
                    counts[self.bucket_of[token as usize] as usize].fetch_add(1, Ordering::Relaxed);
                }
            }
            Ok(())
        })?;
        Ok(counts.into_iter().map(AtomicU64::into_inner).collect())
    }

    /// Reads the prints of `buckets`, row groups in parallel.
    ///
    /// # Errors
    /// Those of reading; `OVERFLOW` when a stamp does not fit into the common unit.
    pub fn read(&self, buckets: Range<usize>) -> Result<Pass<'_>> {
        let results: Vec<(Vec<Run>, LeftOut)> = tasks(&self.table.groups)
            .into_par_iter()
            .map(|groups| self.task(groups, &buckets))
            .collect::<Result<_>>()?;
        let mut pass = Pass {
            tape: self,
            first: buckets.start,
            runs: Vec::new(),
            left_out: LeftOut::default(),
        };
        for (runs, left) in results {
            pass.left_out.null_ts += left.null_ts;
            pass.left_out.null_token += left.null_token;
            pass.left_out.unparsed += left.unparsed;
            pass.runs.extend(runs);
        }
        Ok(pass)
    }

    fn task(&self, groups: &[Group], buckets: &Range<usize>) -> Result<(Vec<Run>, LeftOut)> {
        let (mut runs, mut kept, mut left) = (Vec::new(), Columns::default(), LeftOut::default());
        for group in groups {
            self.group(group, buckets, &mut kept, &mut left, &mut runs)?;
        }
        if !kept.token.is_empty() {
            runs.push(self.sorted(&kept, buckets));
        }
        Ok((runs, left))
    }

    fn group(
        &self,
        group: &Group,
        buckets: &Range<usize>,
        kept: &mut Columns,
        left: &mut LeftOut,
        runs: &mut Vec<Run>,
    ) -> Result<()> {
        let part = &self.table.parts[group.part];
        let roles = self.roles;
        let mut wanted = [roles.ts.index, roles.token, roles.price, roles.size];
        wanted.sort_unstable();
        let tokens_wanted = self.tokens_of(buckets);
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
                |s| self.tokens.get(s).unwrap_or(UNWANTED),
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
                if !tokens_wanted.contains(&token) || stamp == NULL_TS {
                    continue;
                }
                kept.token.push(token);
                kept.ts.push(self.common(stamp, at + i as u64, part)?);
                kept.price.push(price[i]);
                kept.size.push(size[i]);
            }
            if kept.token.len() >= TASK_ROWS {
                runs.push(self.sorted(kept, buckets));
                *kept = Columns::default();
            }
            at += batch.num_rows() as u64;
            self.job.advance(batch.num_rows() as u64);
        }
        Ok(())
    }

    fn tokens_of(&self, buckets: &Range<usize>) -> Range<u32> {
        let bound = |b: usize| {
            self.buckets
                .get(b)
                .map_or(self.bucket_of.len() as u32, |r| r.start)
        };
        bound(buckets.start)..bound(buckets.end)
    }

    /// A stable counting sort by bucket.
    fn sorted(&self, kept: &Columns, buckets: &Range<usize>) -> Run {
        let bucket = |token: u32| self.bucket_of[token as usize] as usize - buckets.start;
        let mut offsets = vec![0_usize; buckets.len() + 1];
        for &token in &kept.token {
            offsets[bucket(token) + 1] += 1;
        }
        for b in 0..buckets.len() {
            offsets[b + 1] += offsets[b];
        }
        let n = kept.token.len();
        let mut columns = Columns {
            token: vec![0; n],
            ts: vec![0; n],
            price: vec![0.0; n],
            size: vec![0.0; n],
        };
        let mut next = offsets.clone();
        for (i, &token) in kept.token.iter().enumerate() {
            let slot = &mut next[bucket(token)];
            columns.token[*slot] = token;
            columns.ts[*slot] = kept.ts[i];
            columns.price[*slot] = kept.price[i];
            columns.size[*slot] = kept.size[i];
            *slot += 1;
        }
        Run { offsets, columns }
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

/// A token of the tape that no trade has.
const UNWANTED: u32 = NULL_CODE - 1;

/// Ranges of token codes with about the same number of trades each: a token that the user trades much is
/// one that prints much. `offsets` are those of the tokens' trades.
fn plan_buckets(offsets: &[usize], tape_rows: u64) -> Vec<Range<u32>> {
    let wanted = (tape_rows / BUCKET_PRINTS).clamp(1, MAX_BUCKETS);
    let tokens = offsets.len() - 1;
    let trades = offsets[tokens] as u64;
    let share = trades.div_ceil(wanted).max(1);
    let (mut buckets, mut start, mut filled) = (Vec::new(), 0_u32, 0_u64);
    for code in 0..tokens {
        filled += (offsets[code + 1] - offsets[code]) as u64;
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
}
