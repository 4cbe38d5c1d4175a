//! Complete sets that grow and shrink from trade to trade.

use super::{Leg, RegimeMode, SetRows, SetTimes};
use crate::sum::{Prefix, Scale, Split, Wide};
use crate::time::NULL_TS;

/// The shares of each row over what came before it and itself: in its bucket, or in the time of one length.
pub(super) fn running_shares(
    rows: &SetRows<'_>,
    times: &SetTimes<'_>,
    market: &mut [u32],
    emit: impl FnMut(u32, f64),
) {
    let key = |&row: &u32| (times.ts[row as usize], row);
    if !market.is_sorted_by_key(key) {
        market.sort_unstable_by_key(key);
    }
    // The null stamp is the least: rows without a time come first.
    let known = market.partition_point(|&row| times.ts[row as usize] == NULL_TS);
    let market = &market[known..];
    let mut scale = Scale::default();
    scale.include(
        market
            .iter()
            .filter_map(|&row| term(rows, row))
            .map(|(_, size)| size),
    );
    scale.sum_of(market.len());
    if Split::holds(scale) {
        running::<Split>(rows, times, market, scale, emit);
    } else {
        running::<Wide>(rows, times, market, scale, emit);
    }
}

/// The leg and size that a row adds.
fn term(rows: &SetRows<'_>, row: u32) -> Option<(usize, f64)> {
    let size = Some(rows.size[row as usize]).filter(|size| !size.is_nan())?;
    match rows.leg[row as usize] {
        Leg::None => None,
        Leg::Up => Some((0, size)),
        Leg::Down => Some((1, size)),
    }
}

/// Running sums of both legs at the row and at the beginning of what it looks at; `market` in the order of time.
fn running<P: Prefix>(
    rows: &SetRows<'_>,
    times: &SetTimes<'_>,
    market: &[u32],
    scale: Scale,
    mut emit: impl FnMut(u32, f64),
) {
    let add = |sums: &mut [P; 2], row: u32| {
        if let Some((leg, size)) = term(rows, row) {
            sums[leg].extend([size].into_iter());
        }
    };
    let mut end = [P::zero(scale), P::zero(scale)];
    let mut start = end.clone();
    let mut left = 0;
    for (i, &row) in market.iter().enumerate() {
        let bucket = |row: u32| rows.bucket[row as usize];
        match times.mode {
            RegimeMode::Trailing => {
                let beginning = times.ts[row as usize].checked_sub(times.length);
                let is_out =
                    |row: u32| beginning.is_some_and(|beginning| times.ts[row as usize] <= beginning);
                while market.get(left).is_some_and(|&row| is_out(row)) {
                    add(&mut start, market[left]);
                    left += 1;
                }
            }
            _ if i > 0 && bucket(market[i - 1]) != bucket(row) => start.clone_from(&end),
            _ => {}
        }
        add(&mut end, row);
        let [up, down] = [0, 1].map(|leg| end[leg].since(&start[leg]));
        let shares = if up.is_nan() || down.is_nan() {
            0.0
        } else {
            up.min(down)
        };
        if shares != 0.0 {
            emit(row, shares);
        }
    }
}
