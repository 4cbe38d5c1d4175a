//! What features need of the user's trades: small fixed-width columns in file order, strings as codes.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::ArrayRef;
use parquet::arrow::arrow_reader::ArrowReaderMetadata;
use polyfeat::{Leg, TimeUnit};
use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::job::Job;
use crate::part::Part;
use crate::roles::TradeRoles;
use crate::strings::{CodeReader, Interner, NULL_CODE, read_as_codes};
use crate::table::{Group, Table};

/// Rows decoded at a time; the job's cancel flag is looked at as often.
pub const BATCH_ROWS: usize = 1 << 16;

/// Key columns of all trades, in file order.
pub struct TradeKeys {
    /// Instants in the column's own unit; missing ones are `NULL_TS`.
    pub ts: Vec<i64>,
    /// The unit of `ts`.
    pub unit: TimeUnit,
    /// Token codes; codes are ranks by UTF-8 byte order; [`NULL_CODE`] for null.
    pub token: Vec<u32>,
    /// The tokens.
    pub tokens: Interner,
    /// Market codes in order of first appearance; [`NULL_CODE`] for null.
    pub market: Vec<u32>,
    /// Distinct markets.
    pub markets: usize,
    /// Part in a complete set.
    pub leg: Vec<Leg>,
    /// Sizes; NaN is missing.
    pub size: Vec<f64>,
    /// Time texts that did not parse.
    pub unparsed: u64,
}

/// One column of one row group, on its way from the file to its place among all rows.
struct KeyColumn<'a> {
    group: Group,
    place: Place<'a>,
    /// Of a column of codes: this row group's strings. Each numbers its own; the numbers are made one set
    /// afterwards, in file order, so that they do not depend on which thread was first.
    names: Interner,
    readers: [CodeReader; 2],
    unparsed: u64,
}

enum Place<'a> {
    Ts(&'a mut [i64]),
    Token(&'a mut [u32]),
    Market(&'a mut [u32]),
    Leg(&'a mut [Leg]),
    Size(&'a mut [f64]),
}

/// Kinds of [`Place`].
const PLACES: usize = 5;

/// Reads the key columns of `trades` in parallel: row groups, or their columns where row groups are few.
///
/// # Errors
/// Those of reading; `OVERFLOW` for a time that does not fit.
pub fn read_keys(job: &Arc<Job>, trades: &Table, roles: &TradeRoles) -> Result<TradeKeys> {
    let rows = usize::try_from(trades.rows).map_err(|_| Error::internal("rows beyond the address space"))?;
    let metas = trades
        .parts
        .iter()
        .map(|p| read_as_codes(p, &[roles.token, roles.market, roles.side, roles.outcome]))
        .collect::<Result<Vec<_>>>()?;
    let mut ts = vec![0_i64; rows];
    let mut token = vec![0_u32; rows];
    let mut market = vec![0_u32; rows];
    let mut legs = vec![Leg::None; rows];
    let mut size = vec![0_f64; rows];

    let mut columns = Vec::with_capacity(trades.groups.len() * PLACES);
    {
        let (mut t, mut k, mut m, mut l, mut s) = (
            &mut ts[..],
            &mut token[..],
            &mut market[..],
            &mut legs[..],
            &mut size[..],
        );
        for &group in &trades.groups {
            let n = group.rows;
            let places: [Place<'_>; PLACES] = [
                Place::Token(k.split_off_mut(..n).unwrap_or_default()),
                Place::Market(m.split_off_mut(..n).unwrap_or_default()),
                Place::Leg(l.split_off_mut(..n).unwrap_or_default()),
                Place::Ts(t.split_off_mut(..n).unwrap_or_default()),
                Place::Size(s.split_off_mut(..n).unwrap_or_default()),
            ];
            columns.extend(places.map(|place| KeyColumn {
                group,
                place,
                names: Interner::default(),
                readers: Default::default(),
                unparsed: 0,
            }));
        }
    }
    // One reader for several columns is a little cheaper than one for each.
    let together = if trades.groups.len() < rayon::current_num_threads() {
        1
    } else {
        PLACES
    };
    columns
        .par_chunks_mut(together)
        .try_for_each(|columns| fill(job, trades, roles, &metas, columns))?;

    let (mut tokens, mut markets) = (Interner::default(), Interner::default());
    let mut maps: Vec<Vec<u32>> = columns
        .iter_mut()
        .map(|column| {
            let names = std::mem::take(&mut column.names);
            match column.place {
                Place::Token(_) => tokens.merge(names),
                Place::Market(_) => markets.merge(names),
                _ => Vec::new(),
            }
        })
        .collect();
    let rank = tokens.sort();
    columns
        .par_iter_mut()
        .zip(maps.par_iter_mut())
        .for_each(|(column, map)| match &mut column.place {
            Place::Token(codes) => {
                map.iter_mut().for_each(|code| *code = rank[*code as usize]);
                renumber(codes, map);
            }
            // The numbers of the first row group are those of all.
            Place::Market(codes) if column.group.first_row > 0 => renumber(codes, map),
            _ => {}
        });
    let unparsed = columns.iter().map(|column| column.unparsed).sum();
    drop(columns);
    Ok(TradeKeys {
        ts,
        unit: roles.ts.unit,
        token,
        tokens,
        market,
        markets: markets.names().len(),
        leg: legs,
        size,
        unparsed,
    })
}

fn renumber(codes: &mut [u32], map: &[u32]) {
    for code in codes {
        if *code != NULL_CODE {
            *code = map[*code as usize];
        }
    }
}

/// Reads some columns of one row group.
fn fill(
    job: &Arc<Job>,
    trades: &Table,
    roles: &TradeRoles,
    metas: &[ArrowReaderMetadata],
    columns: &mut [KeyColumn<'_>],
) -> Result<()> {
    let Some(&group) = columns.first().map(|column| &column.group) else {
        return Ok(());
    };
    let part = &trades.parts[group.part];
    let mut wanted: Vec<usize> = columns.iter().flat_map(|column| column.roots(roles)).collect();
    // The projection keeps the file's order of columns.
    wanted.sort_unstable();
    wanted.dedup();
    let mut at = 0;
    for batch in part.batches(job, &metas[group.part], group.index, &wanted, BATCH_ROWS)? {
        job.check()?;
        let batch = batch.map_err(|e| Error::arrow(&part.path, e))?;
        let array = |root: usize| batch.column(wanted.partition_point(|&c| c < root));
        let end = at + batch.num_rows();
        if end > group.rows {
            return Err(wrong_length(part, end, group.rows));
        }
        for column in &mut *columns {
            column.put(at..end, roles, array).map_err(|e| {
                // A row is told where it is in the table.
                let row = e.row.map(|row| group.first_row + at as u64 + row);
                Error { row, ..e }.in_file(&part.path)
            })?;
            if let Place::Ts(_) = column.place {
                job.advance(batch.num_rows() as u64);
            }
        }
        at = end;
    }
    if at != group.rows {
        return Err(wrong_length(part, at, group.rows));
    }
    Ok(())
}

fn wrong_length(part: &Part, found: usize, rows: usize) -> Error {
    Error::parquet(
        &part.path,
        parquet::errors::ParquetError::EOF(format!("a row group has {found} of {rows} rows")),
    )
}

impl KeyColumn<'_> {
    /// The root columns that it is read from.
    fn roots(&self, roles: &TradeRoles) -> Vec<usize> {
        match self.place {
            Place::Ts(_) => vec![roles.ts.index],
            Place::Token(_) => vec![roles.token],
            Place::Market(_) => vec![roles.market],
            Place::Leg(_) => vec![roles.side, roles.outcome],
            Place::Size(_) => vec![roles.size],
        }
    }

    /// Takes the rows `range` of the row group from a batch, whose array of a root column is `array(root)`.
    fn put<'b>(
        &mut self,
        range: Range<usize>,
        roles: &TradeRoles,
        array: impl Fn(usize) -> &'b ArrayRef,
    ) -> Result<()> {
        let names = &mut self.names;
        match &mut self.place {
            Place::Ts(ts) => {
                let mut batch = Vec::with_capacity(range.len());
                self.unparsed += crate::coerce::times(array(roles.ts.index), &roles.ts, &mut batch)
                    .map_err(|e| e.in_column("ts"))?;
                ts[range].copy_from_slice(&batch);
            }
            Place::Token(codes) => {
                let mut batch = Vec::with_capacity(range.len());
                self.readers[0].read(array(roles.token), |s| names.intern(s), &mut batch)?;
                codes[range].copy_from_slice(&batch);
            }
            Place::Market(codes) => {
                let mut batch = Vec::with_capacity(range.len());
                self.readers[0].read(array(roles.market), |s| names.intern(s), &mut batch)?;
                codes[range].copy_from_slice(&batch);
            }
            Place::Leg(legs) => {
                let [sides, outcomes] = &mut self.readers;
                let (mut side, mut outcome) =
                    (Vec::with_capacity(range.len()), Vec::with_capacity(range.len()));
                sides.read(array(roles.side), |s| u32::from(s == b"BUY"), &mut side)?;
                outcomes.read(
                    array(roles.outcome),
                    |s| match s {
                        b"Up" => 1,
                        b"Down" => 2,
                        _ => 0,
                    },
                    &mut outcome,
                )?;
                for ((leg, &side), &outcome) in legs[range].iter_mut().zip(&side).zip(&outcome) {
                    *leg = LEGS[usize::from(side == 1)][outcome.min(3) as usize % 3];
                }
            }
            Place::Size(size) => {
                let mut batch = Vec::with_capacity(range.len());
                crate::coerce::numbers(array(roles.size), &mut batch).map_err(|e| e.in_column("size"))?;
                size[range].copy_from_slice(&batch);
            }
        }
        Ok(())
    }
}

/// Part in a complete set by `[side is BUY][other, Up, Down]`; a null outcome counts as other.
const LEGS: [[Leg; 3]; 2] = [[Leg::None; 3], [Leg::None, Leg::Up, Leg::Down]];

#[cfg(test)]
mod tests {
    use super::*;
    use polyfeat::leg;

    #[test]
    fn legs_are_those_of_the_kernel() {
        for (s, side) in [(0, Some(&b"SELL"[..])), (1, Some(b"BUY"))] {
            for (o, outcome) in [
                (0, None),
                (0, Some(&b"Yes"[..])),
                (1, Some(b"Up")),
                (2, Some(b"Down")),
            ] {
                assert_eq!(LEGS[s][o], leg(side, outcome));
            }
        }
    }
}
