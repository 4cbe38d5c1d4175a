//! The tape, streamed: only the columns that are needed, only the prints of tokens that have trades, grouped
//! by ranges of tokens so that what one sweep works on fits into the cache.
//!
//! ```text
//! row groups --decode--> keep known tokens --counting sort by bucket, packed--> runs of each task
//! bucket b = runs[0][b] ++ runs[1][b] ++ ...   (file order, whichever thread was first)
//! ```
//!
//! When the kept prints do not fit into the memory that a run may take, the tape is read in several passes,
//! each for some of the buckets: reading four columns again is cheaper than writing and reading temp files.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parquet::arrow::arrow_reader::ArrowReaderMetadata;
use polyfeat::{NULL_TS, TimeUnit};
use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::further::{Further, Known};
use crate::job::Job;
use crate::keys::BATCH_ROWS;
use crate::roles::TapeRoles;
use crate::run::{Prints, Run, Slot, bucket_of, slot};
use crate::strings::{CodeReader, Interner, NULL_CODE, read_as_codes};
use crate::table::{Group, Table};
use crate::tape_extras::Batch;
use crate::tape_plan::{RUN_ROWS, plan_buckets, tasks};

/// A tape that is ready to be read.
pub struct Tape<'a> {
    /// Ranges of token codes, one for each bucket, that cover all codes.
    pub buckets: Vec<Range<u32>>,
    /// Unit of all stamps: the finer of the two files'.
    pub unit: TimeUnit,
    pub(crate) job: &'a Arc<Job>,
    pub(crate) table: &'a Table,
    pub(crate) roles: &'a TapeRoles,
    pub(crate) metas: Vec<ArrowReaderMetadata>,
    beside: Option<Beside<'a>>,
    tokens: &'a Interner,
    slots: Vec<Slot>,
}

/// What rules of visibility look at beside the prints.
#[derive(Clone, Copy)]
pub struct Beside<'a> {
    /// Which columns.
    pub further: &'a Further,
    /// What the trades say in them.
    pub known: &'a Known,
}

/// Rows of the tape that could not be used, in all, and what was learnt of it on the way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Prints without a time.
    pub null_ts: u64,
    /// Prints without a token.
    pub null_token: u64,
    /// Time texts that did not parse; their times are null.
    pub unparsed: u64,
    /// The same of availability.
    pub unparsed_availability: u64,
    /// The first stamp of a print with a token, in the common unit; only learnt for rules.
    pub begin: Option<i64>,
    /// The resolution of all stamps; only learnt for rules.
    pub resolution: Option<TimeUnit>,
}

impl LeftOut {
    pub(crate) fn add(&mut self, other: &LeftOut) {
        self.null_ts += other.null_ts;
        self.null_token += other.null_token;
        self.unparsed += other.unparsed;
        self.unparsed_availability += other.unparsed_availability;
        self.begin = other.begin.into_iter().chain(self.begin).min();
        self.resolution = match (self.resolution, other.resolution) {
            (Some(a), Some(b)) => Some(a.finer(b)),
            (a, b) => a.or(b),
        };
    }
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
    /// `unit` is the common one of all stamps; `beside` what rules need.
    ///
    /// # Errors
    /// When the reader refuses the types.
    pub fn open(
        job: &'a Arc<Job>,
        table: &'a Table,
        roles: &'a TapeRoles,
        tokens: &'a Interner,
        offsets: &[usize],
        unit: TimeUnit,
        beside: Option<Beside<'a>>,
    ) -> Result<Self> {
        let (_, mut coded) = beside.map(|b| b.further.tape_roots()).unwrap_or_default();
        coded.push(roles.token);
        let buckets = plan_buckets(offsets, table.rows);
        if bucket_of(UNWANTED) <= buckets.len() {
            return Err(Error::internal("more tokens than can be numbered"));
        }
        let mut slots = vec![0; tokens.names().len()];
        for (b, range) in buckets.iter().enumerate() {
            for (i, of) in slots[range.start as usize..range.end as usize]
                .iter_mut()
                .enumerate()
            {
                *of = slot(b, i as u32);
            }
        }
        Ok(Tape {
            buckets,
            unit,
            beside,
            job,
            table,
            roles,
            metas: table
                .parts
                .iter()
                .map(|p| read_as_codes(p, &coded))
                .collect::<Result<_>>()?,
            tokens,
            slots,
        })
    }

    /// Rows of the table.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.table.rows
    }

    /// Bytes of a print of what rules look at beside it.
    #[must_use]
    pub fn beside_bytes(&self) -> u64 {
        self.beside.map_or(0, |beside| beside.further.print_bytes())
    }

    /// Begins the phase of another pass.
    pub fn begin(&self) {
        self.job.begin("tape", "rows", self.table.rows);
    }

    /// Where the prints of a token go; `UNWANTED` for a token that no trade has.
    pub(crate) fn slot(&self, token: &[u8]) -> Slot {
        self.tokens
            .get(token)
            .map_or(UNWANTED, |code| self.slots[code as usize])
    }

    /// Reads the prints of `buckets`, row groups in parallel; `None` when they take more than `bytes`.
    ///
    /// # Errors
    /// Those of reading; `OVERFLOW` when a stamp does not fit into the common unit.
    pub fn read(&self, buckets: Range<usize>, bytes: u64) -> Result<Option<Pass<'_>>> {
        let room = Room {
            bytes,
            taken: AtomicU64::new(0),
        };
        let results: Vec<(Vec<Run>, LeftOut)> = tasks(&self.table.groups)
            .into_par_iter()
            .map_init(Prints::default, |prints, groups| {
                self.task(groups, &buckets, &room, prints)
            })
            .collect::<Result<_>>()?;
        if room.is_full() {
            return Ok(None);
        }
        let mut pass = Pass {
            tape: self,
            first: buckets.start,
            runs: Vec::new(),
            left_out: LeftOut::default(),
        };
        for (runs, left) in results {
            pass.left_out.add(&left);
            pass.runs.extend(runs);
        }
        Ok(Some(pass))
    }

    fn task(
        &self,
        groups: &[Group],
        buckets: &Range<usize>,
        room: &Room,
        prints: &mut Prints,
    ) -> Result<(Vec<Run>, LeftOut)> {
        let (mut runs, mut left) = (Vec::new(), LeftOut::default());
        let mut keep = |prints: &mut Prints| {
            if let Some(run) = prints.take_run(buckets) {
                room.take(run.bytes());
                runs.push(run);
            }
        };
        for group in groups.iter().take_while(|_| !room.is_full()) {
            self.group(group, buckets, prints, &mut left, |prints| {
                if prints.slot.len() >= RUN_ROWS {
                    keep(prints);
                }
                !room.is_full()
            })?;
        }
        keep(prints);
        Ok((runs, left))
    }

    /// Appends the prints of a row group, batch by batch; after each `go_on` says whether to.
    pub(crate) fn group(
        &self,
        group: &Group,
        buckets: &Range<usize>,
        prints: &mut Prints,
        left: &mut LeftOut,
        mut go_on: impl FnMut(&mut Prints) -> bool,
    ) -> Result<()> {
        let part = &self.table.parts[group.part];
        let roles = self.roles;
        let mut wanted = vec![roles.ts.index, roles.token, roles.price, roles.size];
        wanted.extend(self.beside.iter().flat_map(|b| b.further.tape_roots().0));
        wanted.sort_unstable();
        wanted.dedup();
        let mut readers: Vec<CodeReader> = Vec::new();
        let mut reader = CodeReader::default();
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
            let first = prints.slot.len();
            let slot_of = |token: &[u8]| {
                let slot = self.slot(token);
                if buckets.contains(&bucket_of(slot)) {
                    slot
                } else {
                    UNWANTED
                }
            };
            reader.read(column(roles.token), slot_of, &mut prints.slot)?;
            left.unparsed += crate::coerce::times(column(roles.ts.index), &roles.ts, &mut prints.ts)
                .map_err(|e| {
                    let row = Some(at + e.row.unwrap_or(0));
                    Error { row, ..e }.in_file(&part.path).in_column("ts")
                })?;
            crate::coerce::numbers(column(roles.price), &mut prints.price)
                .map_err(|e| e.in_file(&part.path).in_column("price"))?;
            crate::coerce::numbers(column(roles.size), &mut prints.size)
                .map_err(|e| e.in_file(&part.path).in_column("size"))?;

            let (slots, ts) = (&mut prints.slot[first..], &mut prints.ts[first..]);
            for (slot, &ts) in slots.iter_mut().zip(ts.iter()) {
                left.null_token += u64::from(*slot == NULL_CODE);
                left.null_ts += u64::from(ts == NULL_TS);
                if ts == NULL_TS {
                    *slot = UNWANTED;
                }
            }
            let batch_rows = Batch { at, part, slots };
            if let Some(beside) = self.beside {
                self.survey(batch_rows.slots, ts, left);
                left.unparsed_availability +=
                    self.extras(beside, &column, &batch_rows, &mut readers, &mut prints.extras)?;
            }
            self.rescale(&batch_rows, ts)?;
            at += batch.num_rows() as u64;
            self.job.advance(batch.num_rows() as u64);
            if !go_on(prints) {
                break;
            }
        }
        Ok(())
    }
}

/// What the runs of a pass may take.
struct Room {
    bytes: u64,
    taken: AtomicU64,
}

impl Room {
    fn take(&self, bytes: usize) {
        self.taken.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    fn is_full(&self) -> bool {
        self.taken.load(Ordering::Relaxed) > self.bytes
    }
}

/// The slot of a token of the tape that no trade of these buckets has. Larger ones than any bucket's.
pub(crate) const UNWANTED: Slot = NULL_CODE - 1;
