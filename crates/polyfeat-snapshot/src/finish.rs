//! One column of the output, finished: brought into order and encoded row group by row group.

use std::ops::Range;

use arrow::array::ArrayRef;
use rayon::prelude::*;

use crate::columns::Origin;
use crate::encode::{Encoded, encode};
use crate::error::{Error, Result};
use crate::gather::{Decoded, Source};
use crate::layout::Layout;
use crate::made::Made;
use crate::write::Writing;

/// Rows that are picked and encoded at a time: few enough that they are in the cache for the second step.
const PIECE_ROWS: usize = 1 << 13;

impl Writing<'_> {
    /// Brings some row groups of a column into the output's order and encodes them, one chunk for each.
    pub(crate) fn finish(
        &self,
        column: usize,
        groups: Range<usize>,
        layout: &Layout,
        made: &Made<'_>,
    ) -> Result<Vec<Encoded>> {
        let column = &self.columns[column];
        let share = self.weight(column) / layout.groups.len().max(1) as u64;
        let whole = groups.len() == layout.groups.len();
        let groups = &layout.groups[groups];
        let storage = self.storage(column, layout.groups.len());
        let encode_groups = |values: &(dyn Fn(Range<usize>) -> Result<ArrayRef> + Sync)| {
            groups
                .par_iter()
                .map(|group| {
                    let pieces = group.clone().step_by(PIECE_ROWS).map(|at| {
                        self.job.check()?;
                        values(at..group.end.min(at + PIECE_ROWS))
                    });
                    let encoded = encode(self.job, column.field.name(), &column.node, storage, pieces)?;
                    self.job.advance(share);
                    Ok(encoded)
                })
                .collect::<Result<Vec<_>>>()
        };
        let of_trades = |e: Error| {
            let message = format!("{}: {}", self.trades.path.display(), e.message);
            Error { message, ..e }.in_file(&self.trades.path)
        };
        match column.origin {
            Origin::Made(feature) => {
                let made = made.open(feature)?;
                encode_groups(&|range| made.values(range).map_err(of_trades))
            }
            Origin::Time(_) => encode_groups(&|range| made.time(range).map_err(of_trades)),
            Origin::Source(root) => {
                let source = self.source(root, layout);
                if whole {
                    let decoded = source.read()?;
                    encode_groups(&|range| self.pick(&decoded, range))
                } else {
                    let picked = self.pick_some(&source, groups)?;
                    encode_groups(&|range| picked.rows(range))
                }
            }
        }
    }

    fn pick(&self, decoded: &Decoded, range: Range<usize>) -> Result<ArrayRef> {
        match self.rows {
            Some(rows) => decoded.rows(&rows[range]),
            None => decoded.range(range),
        }
    }

    /// The part of a large column that some consecutive row groups of the output need.
    fn pick_some(&self, source: &Source<'_>, groups: &[Range<usize>]) -> Result<Picked> {
        let (first, end) = (groups[0].start, groups[groups.len() - 1].end);
        let mut keyed: Vec<(u32, u32)> = (first..end)
            .map(|i| (self.rows.map_or(i as u32, |rows| rows[i]), (i - first) as u32))
            .collect();
        keyed.sort_unstable();
        let rows: Vec<u32> = keyed.iter().map(|&(row, _)| row).collect();
        let mut place = vec![0; keyed.len()];
        for (p, &(_, i)) in keyed.iter().enumerate() {
            place[i as usize] = p as u32;
        }
        drop(keyed);
        Ok(Picked {
            first,
            decoded: source.read_rows(&rows)?,
            place,
        })
    }
}

/// Some output rows of a column: `place[i]` is where row `first + i` is.
struct Picked {
    first: usize,
    decoded: Decoded,
    place: Vec<u32>,
}

impl Picked {
    fn rows(&self, range: Range<usize>) -> Result<ArrayRef> {
        self.decoded
            .rows(&self.place[range.start - self.first..range.end - self.first])
    }
}
