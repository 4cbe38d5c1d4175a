//! How often a tape is read, so that what is kept of it at a time fits into the memory of a run.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use crate::error::{Code, Error, Result};
use crate::keys::BATCH_ROWS;
use crate::memory::{GATHERED_BYTES, LIKELY_PRINT_BYTES, PRINT_BYTES};
use crate::run::bucket_of;
use crate::strings::CodeReader;
use crate::tape::{Pass, Tape, UNWANTED};

/// What is read at a time.
#[derive(Debug, Clone)]
struct PassPlan {
    buckets: Range<usize>,
    /// Bytes that the runs may take.
    room: u64,
}

impl PassPlan {
    /// The same in two halves; `None` for a bucket alone.
    fn halves(&self) -> Option<[PassPlan; 2]> {
        let Range { start, end } = self.buckets;
        let middle = start.midpoint(end);
        let of = |buckets| PassPlan { buckets, ..*self };
        (start < middle).then(|| [of(start..middle), of(middle..end)])
    }
}

/// The passes over a tape, one after the other.
pub struct Passes<'a> {
    tape: &'a Tape<'a>,
    /// The next one last.
    todo: Vec<PassPlan>,
    first: bool,
}

impl<'a> Passes<'a> {
    /// As few passes as probably fit into `bytes`: how small prints can be packed shows when they are read.
    ///
    /// # Errors
    /// Those of reading; `OUT_OF_MEMORY` when the prints of one token alone do not fit.
    pub fn new(tape: &'a Tape<'a>, bytes: u64) -> Result<Self> {
        let mut todo = tape.passes(bytes)?;
        todo.reverse();
        Ok(Passes {
            tape,
            todo,
            first: true,
        })
    }

    /// The next pass and its buckets, in the order of buckets. One whose prints do not fit is read again in two
    /// halves.
    ///
    /// # Errors
    /// As [`Tape::read`]; `OUT_OF_MEMORY`.
    pub fn next(&mut self) -> Result<Option<(Pass<'a>, Range<usize>)>> {
        while let Some(plan) = self.todo.pop() {
            if !std::mem::take(&mut self.first) {
                self.tape.begin();
            }
            if let Some(pass) = self.tape.read(plan.buckets.clone(), plan.room)? {
                return Ok(Some((pass, plan.buckets)));
            }
            let Some([first, second]) = plan.halves() else {
                return Err(self.tape.too_large_alone(&plan)?);
            };
            self.todo.extend([second, first]);
        }
        Ok(None)
    }
}

/// Sizes of the buckets of a pass, as far as memory depends on them.
#[derive(Default, Clone, Copy)]
struct Sizes {
    prints: u64,
    largest: u64,
    second: u64,
}

impl Sizes {
    fn and(self, prints: u64) -> Self {
        Sizes {
            prints: self.prints + prints,
            largest: self.largest.max(prints),
            second: self.second.max(prints.min(self.largest)),
        }
    }

    /// Bytes of the buckets that `threads` sweep at once.
    fn gathered(self, threads: u64, bytes: u64) -> u64 {
        (self.largest + self.second * (threads - 1)) * bytes
    }
}

impl Tape<'_> {
    /// Bytes of a print while its bucket is swept: its columns, and what a sweep keeps of it when prints become visible
    /// in an order of their own.
    fn gathered_bytes(&self) -> u64 {
        let entering = if self.beside_bytes() > 0 { 16 } else { 0 };
        GATHERED_BYTES + self.beside_bytes() + entering
    }

    fn passes(&self, bytes: u64) -> Result<Vec<PassPlan>> {
        let threads = rayon::current_num_threads() as u64;
        let (likely, each) = (LIKELY_PRINT_BYTES + self.beside_bytes(), self.gathered_bytes());
        let plan = |buckets: Range<usize>, sizes: Sizes| PassPlan {
            buckets,
            room: bytes.saturating_sub(sizes.gathered(threads, each)),
        };
        let fits = |sizes: Sizes| sizes.gathered(threads, each) + sizes.prints * likely <= bytes;
        let skewed = Sizes {
            prints: self.rows(),
            largest: self.rows() / 8,
            second: self.rows() / 16,
        };
        if fits(skewed) {
            return Ok(vec![plan(0..self.buckets.len(), skewed)]);
        }
        let counts = self.count()?;
        let (mut passes, mut start, mut sizes) = (Vec::new(), 0, Sizes::default());
        for (b, &n) in counts.iter().enumerate() {
            if !fits(Sizes::default().and(n)) {
                return Err(self.too_large(b, n, bytes));
            }
            if !fits(sizes.and(n)) {
                passes.push(plan(start..b, sizes));
                (start, sizes) = (b, Sizes::default());
            }
            sizes = sizes.and(n);
        }
        passes.push(plan(start..counts.len(), sizes));
        Ok(passes)
    }

    /// The error for a bucket that does not fit into the room of a pass.
    fn too_large_alone(&self, plan: &PassPlan) -> Result<Error> {
        let bucket = plan.buckets.start;
        let prints = self.count()?[bucket];
        Ok(self.too_large(bucket, prints, plan.room + prints * self.gathered_bytes()))
    }

    fn too_large(&self, bucket: usize, prints: u64, bytes: u64) -> Error {
        let needed = prints * (PRINT_BYTES + self.beside_bytes() + self.gathered_bytes());
        let more = needed.saturating_sub(bytes).div_ceil(1 << 20).max(1);
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
            let (mut reader, mut slots) = (CodeReader::default(), Vec::new());
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
                slots.clear();
                reader.read(batch.column(0), |token| self.slot(token), &mut slots)?;
                for &slot in slots.iter().filter(|&&slot| slot < UNWANTED) {
                    counts[bucket_of(slot)].fetch_add(1, Ordering::Relaxed);
                }
            }
            Ok(())
        })?;
        Ok(counts.into_iter().map(AtomicU64::into_inner).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bucket::BucketPrints;
    use crate::job::Job;
    use crate::roles::TapeRoles;
    use crate::run::BUCKET_TOKENS;
    use crate::strings::Interner;
    use crate::table::{Table, TableName};
    use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
    use parquet::arrow::ArrowWriter;
    use polyfeat::TimeUnit;
    use std::sync::Arc;

    /// A tape of one print for each of `tokens` tokens, in two buckets, whose prices are no decimals.
    fn with_tape(tokens: u32, test: impl FnOnce(&Tape<'_>)) {
        let folder = tempfile::tempdir().unwrap();
        let name = |i: u32| format!("{i:07}");
        let columns: [(&str, ArrayRef); 4] = [
            (
                "ts",
                Arc::new(Int64Array::from_iter_values((0..i64::from(tokens)).rev())),
            ),
            (
                "token_id",
                Arc::new(StringArray::from_iter_values((0..tokens).map(name))),
            ),
            (
                "price",
                Arc::new(Float64Array::from_iter_values(
                    (0..tokens).map(|i| f64::from(i) / 3.0),
                )),
            ),
            (
                "size",
                Arc::new(Float64Array::from_iter_values(
                    (0..tokens).map(|i| f64::from(i % 1000)),
                )),
            ),
        ];
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let file = std::fs::File::create(folder.path().join("market_trades.parquet")).unwrap();
        let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();

        let table = Table::open(folder.path(), TableName::MarketTrades)
            .unwrap()
            .unwrap();
        let roles = TapeRoles::find(&table, Some(TimeUnit::Second)).unwrap();
        let mut names = Interner::default();
        (0..tokens).for_each(|i| {
            names.intern(name(i).as_bytes());
        });
        let offsets: Vec<usize> = (0..=tokens as usize).collect();
        let job = Arc::new(Job::default());
        let tape = Tape::open(&job, &table, &roles, &names, &offsets, TimeUnit::Second, None).unwrap();
        assert_eq!(tape.buckets, [0..BUCKET_TOKENS, BUCKET_TOKENS..tokens]);
        test(&tape);
    }

    #[test]
    fn a_pass_whose_prints_take_more_than_thought_is_read_in_halves() {
        with_tape(BUCKET_TOKENS + 40_000, |tape| {
            let passes = |room: u64| Passes {
                tape,
                todo: vec![PassPlan { buckets: 0..2, room }],
                first: true,
            };
            let mut got = Vec::new();
            let mut halves = passes(u64::from(BUCKET_TOKENS) * (2 + 4 + 8 + 4) + 1_000);
            let mut prints = BucketPrints::default();
            while let Some((pass, buckets)) = halves.next().unwrap() {
                assert_eq!(buckets.len(), 1);
                pass.bucket(buckets.start, &mut prints);
                got.extend_from_slice(&prints.price);
            }
            let want: Vec<f64> = (0..BUCKET_TOKENS + 40_000).map(|i| f64::from(i) / 3.0).collect();
            assert_eq!(got, want);

            let error = passes(1 << 20).next().err().unwrap();
            assert_eq!(error.code, Code::OutOfMemory);
            assert!(error.message.contains("give 1M more"), "{error}");
        });
    }
}
