//! A batch of the tape: its stamps in the common unit, and what rules look at beside the prints.

use arrow::array::ArrayRef;
use polyfeat::{NULL_TS, TimeUnit, rescale, resolution};

use crate::error::{Code, Error, Result};
use crate::extras::Extras;
use crate::part::Part;
use crate::run::Slot;
use crate::strings::{CodeReader, NULL_CODE};
use crate::tape::{Beside, LeftOut, Tape, UNWANTED};

/// Where a batch is from, and which of its prints are kept: those with a slot below [`UNWANTED`].
pub struct Batch<'a> {
    /// Row of the table that its first one is.
    pub at: u64,
    /// Its file.
    pub part: &'a Part,
    /// By row.
    pub slots: &'a [Slot],
}

impl Batch<'_> {
    fn wanted(&self, row: usize) -> bool {
        self.slots[row] < UNWANTED
    }
}

impl Tape<'_> {
    /// What all prints tell, wanted or not: the tape's beginning, and how finely it tells time. `ts` in its own unit.
    pub(crate) fn survey(&self, slots: &[Slot], ts: &[i64], left: &mut LeftOut) {
        let unit = self.roles.ts.unit;
        let prints = ts.iter().zip(slots);
        let known = prints.filter(|&(&ts, &slot)| ts != NULL_TS && slot != NULL_CODE);
        let begin = known.map(|(&ts, _)| ts).min();
        left.add(&LeftOut {
            // A stamp too early for the common unit lies before everything that could be asked.
            begin: begin.map(|ts| rescale(ts, unit, self.unit).unwrap_or(ts.signum() * i64::MAX)),
            resolution: resolution(ts, unit),
            ..LeftOut::default()
        });
    }

    /// Appends what rules look at; says how many texts of availability did not parse.
    pub(crate) fn extras<'b>(
        &self,
        beside: Beside<'_>,
        column: &impl Fn(usize) -> &'b ArrayRef,
        batch: &Batch<'_>,
        readers: &mut Vec<CodeReader>,
        extras: &mut Extras,
    ) -> Result<u64> {
        let Beside { further, known } = beside;
        let wanted = |row: usize| batch.wanted(row);
        let in_file = |e: Error| {
            let row = e.row.map(|row| batch.at + row);
            Error { row, ..e }.in_file(&batch.part.path)
        };
        let mut unparsed = 0;
        if let Some(availability) = &further.availability {
            let first = extras.availability.len();
            let array = column(availability.index);
            unparsed =
                crate::coerce::times(array, availability, &mut extras.availability).map_err(in_file)?;
            let stamps = &mut extras.availability[first..];
            self.rescale_from(availability.unit, batch, stamps, "availability")?;
        }
        readers.resize_with(further.own.len() + 1, CodeReader::default);
        let (first, others) = readers.split_at_mut(1);
        if let Some(pair) = &further.sequence {
            let array = column(pair.tape.root);
            known
                .places(
                    pair,
                    pair.tape,
                    array,
                    &mut first[0],
                    wanted,
                    &mut extras.sequence,
                )
                .map_err(in_file)?;
        }
        if !further.own.is_empty() {
            known
                .own_codes(&further.own, column, others, wanted, &mut extras.own)
                .map_err(in_file)?;
        }
        Ok(unparsed)
    }

    /// Brings the stamps of prints that are kept to the common unit.
    pub(crate) fn rescale(&self, batch: &Batch<'_>, ts: &mut [i64]) -> Result<()> {
        self.rescale_from(self.roles.ts.unit, batch, ts, "ts")
    }

    fn rescale_from(
        &self,
        from: TimeUnit,
        batch: &Batch<'_>,
        stamps: &mut [i64],
        column: &str,
    ) -> Result<()> {
        let to = self.unit;
        if from == to {
            return Ok(());
        }
        let kept = stamps.iter_mut().enumerate();
        for (i, stamp) in kept.filter(|(i, stamp)| batch.wanted(*i) && **stamp != NULL_TS) {
            let row = batch.at + i as u64;
            *stamp = rescale(*stamp, from, to).ok_or_else(|| {
                Error::new(
                    Code::Overflow,
                    format!(
                        "{}: {column} {stamp} {} in row {row} does not fit into {}, the finest unit of both files; store them in the coarser unit",
                        batch.part.path.display(),
                        from.symbol(),
                        to.symbol()
                    ),
                )
                .in_file(&batch.part.path)
                .in_column(column)
                .at_row(row)
            })?;
        }
        Ok(())
    }
}
