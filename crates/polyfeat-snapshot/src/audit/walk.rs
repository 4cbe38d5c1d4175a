//! Every token of a snapshot with its prints and trades, streamed as a build streams them.

use std::sync::Arc;

use polyfeat::{NULL_TS, PrintColumns, SweepError, SweepPlan};
use rayon::prelude::*;

use crate::bucket::BucketPrints;
use crate::error::{Error, Result};
use crate::features::Trades;
use crate::job::Job;
use crate::passes::Passes;
use crate::sweeping::{Sweeping, TokenTrades};
use crate::tape::{LeftOut, Pass, Tape};

/// A token that has trades.
pub struct Token<'a> {
    /// Its prints; none when the tape does not know it.
    pub prints: PrintColumns<'a>,
    /// Its trades that have a time, ascending.
    pub trades: &'a TokenTrades,
    /// The rows of its trades in their file; those without a time come last.
    pub rows: &'a [u32],
    /// Its code.
    pub code: u32,
    /// What was learnt of the whole tape.
    pub tape: LeftOut,
    first: usize,
    sweeping: &'a Sweeping<'a>,
}

impl Token<'_> {
    /// The error of a sweep over trades from the `from`-th on.
    pub fn refused(&self, from: usize, error: &SweepError) -> Error {
        self.sweeping.refused(self.first + from, error)
    }
}

/// What is walked over.
pub struct Walk<'a> {
    /// The run.
    pub job: &'a Arc<Job>,
    /// The trades.
    pub trades: Trades<'a>,
    /// Their tape.
    pub tape: &'a Tape<'a>,
    /// Memory for the prints of one pass.
    pub bytes: u64,
    /// Whether a null availability stands for the end of time, because it is no rule but something to be compared.
    pub never: bool,
}

/// Memory of one thread.
#[derive(Default)]
struct Scratch<S> {
    prints: BucketPrints,
    trades: TokenTrades,
    own: S,
}

impl Walk<'_> {
    /// Calls `visit` with every token, tokens in parallel; returns what was found, in the order of tokens.
    ///
    /// # Errors
    /// Those of reading the tape and of `visit`.
    pub fn each<S: Default, F: Default + Send>(
        &self,
        visit: impl Fn(&mut S, &mut F, &Token<'_>) -> Result<()> + Sync,
    ) -> Result<(Vec<F>, LeftOut)> {
        let mut all = Vec::new();
        let mut left_out = LeftOut::default();
        let mut passes = Passes::new(self.tape, self.bytes)?;
        while let Some((pass, buckets)) = passes.next()? {
            left_out = pass.left_out;
            let rows = |bucket: usize| self.trades.rows_of(self.tape, bucket).len() as u64;
            self.job.begin("audit", "rows", buckets.clone().map(rows).sum());
            let found: Vec<F> = buckets
                .into_par_iter()
                .map_init(Scratch::default, |scratch, bucket| {
                    let mut found = F::default();
                    self.bucket(&pass, bucket, scratch, |own, token| visit(own, &mut found, token))?;
                    self.job.advance(rows(bucket));
                    Ok(found)
                })
                .collect::<Result<_>>()?;
            all.extend(found);
        }
        Ok((all, left_out))
    }

    fn bucket<S>(
        &self,
        pass: &Pass<'_>,
        bucket: usize,
        scratch: &mut Scratch<S>,
        mut visit: impl FnMut(&mut S, &Token<'_>) -> Result<()>,
    ) -> Result<()> {
        let Scratch { prints, trades, own } = scratch;
        pass.bucket(bucket, prints);
        if self.never {
            let missing = prints.extras.availability.iter_mut().filter(|at| **at == NULL_TS);
            missing.for_each(|at| *at = i64::MAX);
        }
        let plan = SweepPlan::default();
        let sweeping = Sweeping {
            job: self.job,
            trades: self.trades,
            pass,
            plan: &plan,
            reaches: &[],
            sight: None,
        };
        let order = self.trades.order;
        for (i, code) in self.tape.buckets[bucket].clone().enumerate() {
            self.job.check()?;
            let of_token = order.offsets[code as usize]..order.offsets[code as usize + 1];
            sweeping.read(of_token.clone(), trades)?;
            let token = Token {
                prints: prints.columns(prints.offsets[i]..prints.offsets[i + 1]),
                trades,
                rows: &order.rows[of_token.clone()],
                code,
                tape: pass.left_out,
                first: of_token.start,
                sweeping: &sweeping,
            };
            visit(own, &token)?;
        }
        Ok(())
    }
}
