//! The prints of one token, with the rows of the tape that they are.

use polyfeat::{PrintColumns, Prints};
use rayon::prelude::*;

use crate::error::Result;
use crate::extras::Extras;
use crate::run::Prints as Read;
use crate::tape::{LeftOut, Tape, UNWANTED};

/// Prints that have a time, in the order of the tape (spec §4): by stamp, under a sequence by it, then by row.
#[derive(Default)]
pub struct TokenPrints {
    /// Row of the tape.
    pub row: Vec<u64>,
    /// Stamps in the common unit.
    pub ts: Vec<i64>,
    /// Prices; NaN is missing.
    pub price: Vec<f64>,
    /// Sizes; NaN is missing.
    pub size: Vec<f64>,
    /// What rules look at.
    pub extras: Extras,
}

impl TokenPrints {
    /// Reads the prints of the one token that `tape` was opened for.
    ///
    /// # Errors
    /// Those of reading.
    pub fn read(tape: &Tape<'_>) -> Result<(TokenPrints, LeftOut)> {
        let pieces: Vec<(TokenPrints, LeftOut)> = tape
            .table
            .groups
            .par_iter()
            .map(|group| {
                let (mut all, mut left) = (TokenPrints::default(), LeftOut::default());
                let (mut batch, mut at) = (Read::default(), group.first_row);
                tape.group(group, &(0..1), &mut batch, &mut left, |batch| {
                    all.take(batch, at);
                    at += batch.slot.len() as u64;
                    batch.clear();
                    true
                })?;
                Ok((all, left))
            })
            .collect::<Result<_>>()?;
        let (mut all, mut left) = (TokenPrints::default(), LeftOut::default());
        for (piece, of) in pieces {
            left.add(&of);
            all.append(piece);
        }
        all.sort();
        Ok((all, left))
    }

    /// As the kernels take them.
    pub fn columns(&self) -> PrintColumns<'_> {
        PrintColumns {
            prints: Prints {
                ts: &self.ts,
                price: &self.price,
                size: &self.size,
            },
            availability: &self.extras.availability,
            sequence: &self.extras.sequence,
            own: &self.extras.own,
        }
    }

    /// What prints are ordered by, but for their row: no place in the sequence comes last.
    pub fn key(&self, i: usize) -> (i64, u64) {
        let place = self.extras.sequence.get(i).copied();
        let rank = |place: i64| place.wrapping_sub(i64::MIN + 1).cast_unsigned();
        (self.ts[i], place.map_or(0, rank))
    }

    /// Takes those that are wanted of a batch that begins at row `at`.
    fn take(&mut self, batch: &Read, at: u64) {
        let wanted = (0..batch.slot.len()).filter(|&i| batch.slot[i] < UNWANTED);
        for i in wanted {
            self.row.push(at + i as u64);
            self.ts.push(batch.ts[i]);
            self.price.push(batch.price[i]);
            self.size.push(batch.size[i]);
            let (to, from) = (&mut self.extras, &batch.extras);
            to.availability.extend(from.availability.get(i));
            to.sequence.extend(from.sequence.get(i));
            to.own.extend(from.own.get(i));
        }
    }

    fn append(&mut self, mut piece: TokenPrints) {
        self.row.append(&mut piece.row);
        self.ts.append(&mut piece.ts);
        self.price.append(&mut piece.price);
        self.size.append(&mut piece.size);
        self.extras.availability.append(&mut piece.extras.availability);
        self.extras.sequence.append(&mut piece.extras.sequence);
        self.extras.own.append(&mut piece.extras.own);
    }

    fn sort(&mut self) {
        let mut order: Vec<usize> = (0..self.ts.len()).collect();
        order.sort_by_key(|&i| self.key(i));
        fn picked<T: Copy>(order: &[usize], column: &[T]) -> Vec<T> {
            order.iter().filter_map(|&i| column.get(i).copied()).collect()
        }
        *self = TokenPrints {
            row: picked(&order, &self.row),
            ts: picked(&order, &self.ts),
            price: picked(&order, &self.price),
            size: picked(&order, &self.size),
            extras: Extras {
                availability: picked(&order, &self.extras.availability),
                sequence: picked(&order, &self.extras.sequence),
                own: picked(&order, &self.extras.own),
            },
        };
    }
}
