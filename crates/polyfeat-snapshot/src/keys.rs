//! What features need of the user's trades: small fixed-width columns in file order, strings as codes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parquet::arrow::arrow_reader::ArrowReaderMetadata;
use polyfeat::{Leg, TimeUnit};
use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::job::Job;
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

/// The slices that one row group fills.
struct Slot<'a> {
    group: Group,
    ts: &'a mut [i64],
    token: &'a mut [u32],
    market: &'a mut [u32],
    leg: &'a mut [Leg],
    size: &'a mut [f64],
}

/// Reads the key columns of `trades`, row groups in parallel.
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
    let unparsed = AtomicU64::new(0);

    let mut slots = Vec::with_capacity(trades.groups.len());
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
            slots.push(Slot {
                group,
                ts: t.split_off_mut(..n).unwrap_or_default(),
                token: k.split_off_mut(..n).unwrap_or_default(),
                market: m.split_off_mut(..n).unwrap_or_default(),
                leg: l.split_off_mut(..n).unwrap_or_default(),
                size: s.split_off_mut(..n).unwrap_or_default(),
            });
        }
    }
    // Each group numbers its own strings; the numbers are made one set afterwards, in file order, so that
    // they do not depend on which thread was first.
    let local: Vec<(Interner, Interner)> = slots
        .par_iter_mut()
        .map(|slot| {
            let (found, names) = fill(job, trades, roles, &metas[slot.group.part], slot)?;
            unparsed.fetch_add(found, Ordering::Relaxed);
            Ok(names)
        })
        .collect::<Result<_>>()?;

    let (mut tokens, mut markets) = (Interner::default(), Interner::default());
    let mut maps: Vec<(Vec<u32>, Vec<u32>)> = Vec::with_capacity(local.len());
    for (local_tokens, local_markets) in &local {
        maps.push((
            local_tokens.names().iter().map(|n| tokens.intern(n)).collect(),
            local_markets.names().iter().map(|n| markets.intern(n)).collect(),
        ));
    }
    drop(local);
    let rank = tokens.sort();
    slots
        .par_iter_mut()
        .zip(maps.par_iter_mut())
        .for_each(|(slot, (token_map, market_map))| {
            token_map.iter_mut().for_each(|code| *code = rank[*code as usize]);
            renumber(slot.token, token_map);
            renumber(slot.market, market_map);
        });
    drop(slots);
    Ok(TradeKeys {
        ts,
        unit: roles.ts.unit,
        token,
        tokens,
        market,
        markets: markets.names().len(),
        leg: legs,
        size,
        unparsed: unparsed.into_inner(),
    })
}

fn renumber(codes: &mut [u32], map: &[u32]) {
    for code in codes {
        if *code != NULL_CODE {
            *code = map[*code as usize];
        }
    }
}

fn fill(
    job: &Arc<Job>,
    trades: &Table,
    roles: &TradeRoles,
    meta: &ArrowReaderMetadata,
    slot: &mut Slot<'_>,
) -> Result<(u64, (Interner, Interner))> {
    let part = &trades.parts[slot.group.part];
    let wanted = [
        roles.ts.index,
        roles.token,
        roles.market,
        roles.side,
        roles.outcome,
        roles.size,
    ];
    let (mut tokens, mut markets) = (Interner::default(), Interner::default());
    let mut readers: [CodeReader; 4] = Default::default();
    let (mut ts, mut codes, mut size) = (Vec::new(), Vec::new(), Vec::new());
    let (mut at, mut unparsed) = (0, 0);
    for batch in part.batches(job, meta, slot.group.index, &wanted, BATCH_ROWS)? {
        job.check()?;
        let batch = batch.map_err(|e| Error::arrow(&part.path, e))?;
        // The projection keeps the file's order of columns.
        let mut sorted = wanted;
        sorted.sort_unstable();
        let column = |index: usize| batch.column(sorted.partition_point(|&c| c < index));
        let end = at + batch.num_rows();

        ts.clear();
        unparsed += crate::coerce::times(column(roles.ts.index), &roles.ts, &mut ts).map_err(|e| {
            let row = slot.group.first_row + at as u64 + e.row.unwrap_or(0);
            Error { row: Some(row), ..e }.in_file(&part.path).in_column("ts")
        })?;
        slot.ts[at..end].copy_from_slice(&ts);

        codes.clear();
        readers[0].read(column(roles.token), |s| tokens.intern(s), &mut codes)?;
        slot.token[at..end].copy_from_slice(&codes);
        codes.clear();
        readers[1].read(column(roles.market), |s| markets.intern(s), &mut codes)?;
        slot.market[at..end].copy_from_slice(&codes);

        codes.clear();
        readers[2].read(column(roles.side), |s| u32::from(s == b"BUY"), &mut codes)?;
        let buys = codes.len();
        readers[3].read(
            column(roles.outcome),
            |s| match s {
                b"Up" => 1,
                b"Down" => 2,
                _ => 0,
            },
            &mut codes,
        )?;
        let (side, outcome) = codes.split_at(buys);
        for ((leg, &side), &outcome) in slot.leg[at..end].iter_mut().zip(side).zip(outcome) {
            *leg = LEGS[usize::from(side == 1)][outcome.min(3) as usize % 3];
        }

        size.clear();
        crate::coerce::numbers(column(roles.size), &mut size)
            .map_err(|e| e.in_file(&part.path).in_column("size"))?;
        slot.size[at..end].copy_from_slice(&size);
        at = end;
        job.advance(batch.num_rows() as u64);
    }
    if at != slot.ts.len() {
        return Err(Error::parquet(
            &part.path,
            parquet::errors::ParquetError::EOF(format!("a row group has {at} of {} rows", slot.ts.len())),
        ));
    }
    Ok((unparsed, (tokens, markets)))
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
