//! One set of rules over all trades: what rows use, and whether cutting the data off changes them.

use std::sync::Arc;

use polyfeat::{SweptColumns, TimeUnit, TokenOrder, rescale, resolution};

use super::columns::Sweep;
use super::evidence::{Evidence, Known, ProofRoom};
use super::failures::Failures;
use super::locate::locate;
use super::own;
use super::prefix::Prefixes;
use super::sets::{Sets, SetsFound};
use super::subject::Subject;
use super::tally::Tally;
use super::walk::{Token, Walk};
use crate::columns::NamedFeature;
use crate::compute::warn_left_out;
use crate::error::Result;
use crate::features::Trades;
use crate::job::Job;
use crate::keys::TradeKeys;
use crate::memory::{Load, Memory};
use crate::open::Opened;
use crate::sets::set_shares;
use crate::tape::{Beside, LeftOut, Tape};

/// A snapshot whose keys have been read.
pub struct Ground<'a> {
    /// The run.
    pub job: &'a Arc<Job>,
    /// Its tables.
    pub opened: &'a Opened,
    /// The keys of its trades.
    pub keys: &'a TradeKeys,
    /// Their (token, ts) order.
    pub order: &'a TokenOrder,
    /// Bytes that the process may take.
    pub memory: u64,
}

/// What was found.
#[derive(Default)]
pub struct Examined {
    /// What rows of the tape's columns use; `None` without a tape.
    pub evidence: Option<Evidence>,
    /// Rows whose complete sets look ahead.
    pub bucket: Tally,
    /// Rows that a cut changes.
    pub failures: Failures,
    /// The rules' resolution in nanoseconds, found out from the files.
    pub resolution: Option<i64>,
}

/// What one thread keeps from token to token.
#[derive(Default)]
struct Room {
    proof: ProofRoom,
    /// From all data, and from less.
    columns: Option<[SweptColumns; 2]>,
}

/// What was found of some tokens.
#[derive(Default)]
struct Found {
    evidence: Evidence,
    failures: Failures,
}

impl Ground<'_> {
    /// Audits rules. `cuts` are in the unit of the trades.
    ///
    /// # Errors
    /// Those of reading and sweeping; `OUT_OF_MEMORY`; `CANCELLED`.
    pub fn examine(&self, subject: &Subject, cuts: &[i64]) -> Result<Examined> {
        let mut found = Examined::default();
        let SetsFound { lookahead, failures } = self.sets(subject, cuts)?;
        found.bucket = lookahead;
        self.tape(subject, cuts, &mut found)?;
        found.failures.add(failures);
        Ok(found)
    }

    fn sets(&self, subject: &Subject, cuts: &[i64]) -> Result<SetsFound> {
        let trades = &self.opened.trades;
        self.job.begin("sets", "rows", trades.rows);
        let (sum, mode) = (subject.plan.sum, subject.rules.rules.regime);
        // Without a tape the rows stay in the file's order.
        let order = self.opened.tape.as_ref().map(|_| &self.order.rows[..]);
        let shares = set_shares(
            self.job,
            &trades.path,
            self.keys,
            order,
            subject.length,
            sum,
            mode,
        )?;
        let sets = Sets {
            job: self.job,
            trades,
            keys: self.keys,
            order,
            length: subject.length,
            sum,
            mode,
            cuts,
        };
        sets.audit(&shares)
    }

    /// The unit of all stamps, that of the tape's too.
    pub fn unit(&self, subject: &Subject) -> TimeUnit {
        let tape = self.opened.tape.as_ref().map(|(_, roles)| roles.ts.unit);
        subject.unit(tape.map_or(self.keys.unit, |unit| self.keys.unit.finer(unit)))
    }

    fn tape(&self, subject: &Subject, cuts: &[i64], examined: &mut Examined) -> Result<()> {
        let Some((table, roles)) = &self.opened.tape else {
            return Ok(());
        };
        let unit = self.unit(subject);
        // What does not fit into the finer unit lies after all prints that do.
        let in_unit = |&cut: &i64| rescale(cut, self.keys.unit, unit).unwrap_or(cut.signum() * i64::MAX);
        let cuts: Vec<i64> = cuts.iter().map(in_unit).collect();
        let features = subject.features(self.opened);
        let looked_for = Look {
            subject,
            features: &features,
            cuts: &cuts,
            unit,
            trades: resolution(&self.keys.ts, self.keys.unit),
            job: self.job,
        };
        let (all, left_out) = self.walk(subject, unit, |room: &mut Room, found: &mut Found, token| {
            looked_for.token(room, found, token)
        })?;
        warn_left_out(self.job, table, &left_out);
        let mut evidence = Evidence::default();
        for found in all {
            evidence.add(&found.evidence);
            examined.failures.add(found.failures);
        }
        examined.evidence = Some(evidence);
        let (sweep, _) = subject.sweep(looked_for.trades, &left_out, unit);
        examined.resolution = Some(sweep.rules.resolution * unit.nanos());
        locate(
            self.job,
            table,
            roles,
            &self.keys.tokens,
            unit,
            &mut examined.failures,
        )?;
        table.check_unchanged()
    }

    /// Walks over all tokens with what a subject needs of the files.
    ///
    /// # Errors
    /// As [`Walk::each`].
    pub fn walk<S: Default, F: Default + Send>(
        &self,
        subject: &Subject,
        unit: TimeUnit,
        visit: impl Fn(&mut S, &mut F, &Token<'_>) -> Result<()> + Sync,
    ) -> Result<(Vec<F>, LeftOut)> {
        let Some((table, roles)) = &self.opened.tape else {
            return Ok((Vec::new(), LeftOut::default()));
        };
        let trades = &self.opened.trades;
        let further = &subject.further;
        let bytes = self.room_for_prints(subject)?;
        self.job.begin("tape", "rows", table.rows);
        let known = further.read(self.job, trades, table)?;
        let beside = Beside {
            further,
            known: &known,
        };
        let offsets = &self.order.offsets;
        let tape = Tape::open(
            self.job,
            table,
            roles,
            &self.keys.tokens,
            offsets,
            unit,
            Some(beside),
        )?;
        let walk = Walk {
            job: self.job,
            trades: Trades {
                path: &trades.path,
                ts: &self.keys.ts,
                unit: self.keys.unit,
                order: self.order,
                known: Some(&known),
            },
            tape: &tape,
            bytes,
            never: subject.rules.rules.availability.is_none(),
        };
        walk.each(visit)
    }

    /// Bytes for the prints of one pass: what is left beside the keys and what threads need for their largest token.
    fn room_for_prints(&self, subject: &Subject) -> Result<u64> {
        let (trades, tape) = (
            &self.opened.trades,
            self.opened.tape.as_ref().map(|(table, _)| table),
        );
        let threads = rayon::current_num_threads() as u64;
        let pairs = self.order.offsets.windows(2);
        let largest = pairs.map(|pair| (pair[1] - pair[0]) as u64).max().unwrap_or(0);
        let row = 8 * (2 * subject.plan.counts().columns() + 8);
        let held = trades.rows * (4 + 8 + 4) + threads * largest * row;
        let load = Load {
            trades: trades.rows,
            prints: tape.map_or(0, |table| table.rows),
            swept: 0,
            largest: 0,
            beside: subject.further.print_bytes(),
            known: held + tape.map_or(0, |tape| subject.further.known_bytes(trades, tape)),
        };
        let memory = Memory { budget: self.memory };
        Ok(memory.for_tape(load, threads)?.bytes)
    }
}

/// What every token is looked at for.
struct Look<'a> {
    subject: &'a Subject,
    features: &'a [NamedFeature],
    cuts: &'a [i64],
    unit: TimeUnit,
    /// The resolution of the trades' stamps.
    trades: Option<TimeUnit>,
    job: &'a Arc<Job>,
}

impl Look<'_> {
    fn token(&self, room: &mut Room, found: &mut Found, token: &Token<'_>) -> Result<()> {
        let rows = token.trades.ts.len();
        let counts = self.subject.plan.counts();
        let columns = room.columns.take().filter(|[full, _]| full.last_ts.len() >= rows);
        let mut columns = columns.unwrap_or_else(|| [(); 2].map(|()| SweptColumns::new(rows, counts)));
        let [full, less] = &mut columns;
        let (sweep, tick) = self.subject.sweep(self.trades, &token.tape, self.unit);
        let known = Known {
            tick,
            availability: self.subject.availability.is_some(),
            own: !self.subject.own.is_empty(),
        };
        let evidence = found.evidence.token(token, &sweep, known, &mut room.proof, less);
        evidence.map_err(|e| token.refused(0, &e))?;
        self.values(token, &sweep, full)?;
        if sweep.rules.exclude_self {
            let tally = &mut found.evidence.own;
            own::token(
                token,
                &sweep,
                self.features,
                full,
                &room.proof.own_seen[..rows],
                tally,
            )
            .map_err(|(i, e)| token.refused(i, &e))?;
        }
        let prefixes = Prefixes {
            job: self.job,
            sweep: &sweep,
            features: self.features,
            cuts: self.cuts,
            unit: self.unit,
        };
        prefixes.token(token, full, less, &mut found.failures)?;
        room.columns = Some(columns);
        Ok(())
    }

    fn values(&self, token: &Token<'_>, sweep: &Sweep, full: &mut SweptColumns) -> Result<()> {
        let rows = token.trades.ts.len();
        let mut out = full.slices().split_off(rows).features;
        let swept = sweep.values(&token.prints, &token.trades.columns(0..rows), &mut out);
        swept.map_err(|e| token.refused(0, &e))
    }
}
