//! Complete sets and regimes: did the trader buy both outcomes of one market within one bucket of time? (spec §2)

mod label;
mod modes;
mod running;

use crate::order::{group_by_code, group_visited, sort_rows_by_time};
use crate::sum::{Kahan, Numerics, exact_sum};
use crate::time::NULL_TS;

pub use label::{Leg, Regime, leg, regime};
pub use modes::{RegimeMode, SetError, SetTimes, complete_sets_by, market_shares_by};

/// The trades as [`complete_sets`] sees them: four columns of equal length.
#[derive(Debug, Clone, Copy)]
pub struct SetRows<'a> {
    /// Code of the market; `u32::MAX` = null.
    pub market: &'a [u32],
    /// Beginning of the bucket; [`NULL_TS`] = null.
    pub bucket: &'a [i64],
    /// What the trade adds to.
    pub leg: &'a [Leg],
    /// Shares; NaN = null, counts as nothing.
    pub size: &'a [f64],
}

/// The two complete-set columns, one value per row of the input, by row index.
#[derive(Debug, Clone, PartialEq)]
pub struct CompleteSets {
    /// `complete_set_flag`.
    pub flag: Vec<bool>,
    /// `complete_set_shares`.
    pub shares: Vec<f64>,
}

impl CompleteSets {
    fn put(&mut self, row: u32, shares: f64) {
        self.flag[row as usize] = shares > 0.0;
        self.shares[row as usize] = shares;
    }
}

/// Sums the buys of Up and of Down per (market, bucket) and gives **every** row of that market and bucket the flag
/// (both sums above zero) and the shares (the smaller sum, as `np.minimum`; a NaN becomes 0.0).
///
/// * Rows with a null market or bucket, and groups without a buy of Up or Down, have `false` and 0.0.
/// * [`Numerics::Exact`]: the sums are correctly rounded, so no order of rows can change a bit.
/// * [`Numerics::Notebook`]: Kahan sums ([`Kahan`]) in the order of `order`, a permutation of the rows
///   ([`token_order`](crate::token_order)); `None` = row order. Exact sums do not look at `order`.
/// * Markets at or past `n_markets` are null. Shares can be zero or negative when sizes are.
///
/// Cost: linear, plus a stable sort of those markets whose buckets are not ascending.
/// Source: spec §2 `complete_set_*`, §3.
///
/// # Panics
/// When the four columns differ in length or `order` names a row that is not there.
///
/// ```
/// use polyfeat::{Leg, Numerics, SetRows, complete_sets};
/// let rows = SetRows {
///     market: &[0, 0, 0, 0],
///     bucket: &[0, 0, 0, 10],
///     leg: &[Leg::Up, Leg::Down, Leg::Up, Leg::Down],
///     size: &[5.0, 3.0, 1.0, 2.0],
/// };
/// let sets = complete_sets(&rows, 1, None, Numerics::Exact);
/// assert_eq!(sets.flag, [true, true, true, false]);
/// assert_eq!(sets.shares, [3.0, 3.0, 3.0, 0.0]);
/// ```
#[must_use]
pub fn complete_sets(
    rows: &SetRows<'_>,
    n_markets: usize,
    order: Option<&[u32]>,
    numerics: Numerics,
) -> CompleteSets {
    by_market(rows, n_markets, order, numerics, |market, sets| {
        market_shares(rows, market, numerics, |row, shares| sets.put(row, shares));
    })
}

/// Calls `fill` with the rows of each market, in visiting order.
fn by_market(
    rows: &SetRows<'_>,
    n_markets: usize,
    order: Option<&[u32]>,
    numerics: Numerics,
    mut fill: impl FnMut(&mut [u32], &mut CompleteSets),
) -> CompleteSets {
    let n = rows.market.len();
    assert!(
        rows.bucket.len() == n && rows.leg.len() == n && rows.size.len() == n,
        "columns of complete sets differ in length"
    );
    let mut sets = CompleteSets {
        flag: vec![false; n],
        shares: vec![0.0; n],
    };
    let mut markets = match (numerics, order) {
        (Numerics::Notebook, Some(order)) => group_visited(rows.market, n_markets, order.iter().copied()),
        _ => group_by_code(rows.market, n_markets),
    };
    // The last pair of offsets is the group of null markets: left as false and 0.0.
    for bounds in markets.offsets.windows(2).take(n_markets) {
        fill(&mut markets.rows[bounds[0]..bounds[1]], &mut sets);
    }
    sets
}

/// The complete sets of one market: calls `emit` with each row whose `complete_set_shares` are not 0.0, and those
/// shares. The flag needs no column of its own: it holds exactly where the shares are above zero.
///
/// `market` are the market's rows in visiting order (what [`Numerics::Notebook`] sums in); they are sorted by bucket
/// in place. Markets do not depend on each other, so that callers may work on many at once. For the rules see
/// [`complete_sets`], which is this over all markets.
///
/// # Panics
/// When `market` names a row that is not there.
///
/// ```
/// use polyfeat::{Leg, Numerics, SetRows, market_shares};
/// let rows = SetRows { market: &[0, 0], bucket: &[0, 0], leg: &[Leg::Up, Leg::Down], size: &[5.0, 3.0] };
/// let mut shares = [0.0; 2];
/// market_shares(&rows, &mut [0, 1], Numerics::Exact, |row, s| shares[row as usize] = s);
/// assert_eq!(shares, [3.0, 3.0]);
/// ```
pub fn market_shares(
    rows: &SetRows<'_>,
    market: &mut [u32],
    numerics: Numerics,
    mut emit: impl FnMut(u32, f64),
) {
    let mut legs = Legs::default();
    sort_rows_by_time(market, rows.bucket);
    for group in market.chunk_by(|&a, &b| rows.bucket[a as usize] == rows.bucket[b as usize]) {
        let null = group
            .first()
            .is_none_or(|&row| rows.bucket[row as usize] == NULL_TS);
        let shares = if null {
            0.0
        } else {
            legs.shares(rows, group, numerics)
        };
        if shares != 0.0 {
            group.iter().for_each(|&row| emit(row, shares));
        }
    }
}

/// Scratch for the sizes of one group's two legs, kept between groups.
#[derive(Default)]
struct Legs {
    up: Vec<f64>,
    down: Vec<f64>,
}

impl Legs {
    /// The smaller of the two sums of one group, its rows in visiting order; a NaN becomes 0.0.
    fn shares(&mut self, rows: &SetRows<'_>, group: &[u32], numerics: Numerics) -> f64 {
        self.up.clear();
        self.down.clear();
        for &row in group {
            let size = rows.size[row as usize];
            match rows.leg[row as usize] {
                _ if size.is_nan() => {}
                Leg::Up => self.up.push(size),
                Leg::Down => self.down.push(size),
                Leg::None => {}
            }
        }
        let sum = |sizes: &[f64]| match numerics {
            Numerics::Exact => exact_sum(sizes),
            Numerics::Notebook => sizes.iter().copied().collect::<Kahan>().total(),
        };
        let (up, down) = (sum(&self.up), sum(&self.down));
        if up.is_nan() || down.is_nan() {
            0.0
        } else {
            up.min(down)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sets(market: &[u32], leg: &[Leg], size: &[f64], numerics: Numerics) -> CompleteSets {
        let rows = SetRows {
            market,
            bucket: &vec![0; market.len()],
            leg,
            size,
        };
        complete_sets(&rows, 1, None, numerics)
    }

    #[test]
    fn a_sell_in_the_bucket_shares_the_flag_but_adds_nothing() {
        let all = sets(
            &[0; 3],
            &[Leg::Up, Leg::None, Leg::Down],
            &[1.0, 9.0, 2.0],
            Numerics::Exact,
        );
        assert_eq!((all.flag, all.shares), (vec![true; 3], vec![1.0; 3]));
    }

    #[test]
    fn null_markets_and_buckets_stay_apart() {
        let rows = SetRows {
            market: &[u32::MAX, u32::MAX, 0, 0],
            bucket: &[0, 0, NULL_TS, NULL_TS],
            leg: &[Leg::Up, Leg::Down, Leg::Up, Leg::Down],
            size: &[1.0; 4],
        };
        let all = complete_sets(&rows, 1, None, Numerics::Notebook);
        assert_eq!((all.flag, all.shares), (vec![false; 4], vec![0.0; 4]));
    }

    #[test]
    fn null_infinite_and_negative_sizes() {
        for numerics in [Numerics::Exact, Numerics::Notebook] {
            let legs = [Leg::Up, Leg::Down, Leg::Down];
            let get = |size: &[f64]| {
                let all = sets(&[0; 3], &legs, size, numerics);
                (all.flag[0], all.shares[0])
            };
            assert_eq!(get(&[1.0, f64::NAN, 2.0]), (true, 1.0));
            assert_eq!(get(&[1.0, f64::INFINITY, 2.0]), (true, 1.0));
            assert_eq!(get(&[1.0, -5.0, 2.0]), (false, -3.0));
            assert_eq!(get(&[1.0, f64::INFINITY, f64::NEG_INFINITY]), (false, 0.0));
        }
    }

    #[test]
    fn kahan_follows_the_visiting_order() {
        // Forwards the two small terms are lost in the rounding of the large ones, backwards they are not.
        let rows = SetRows {
            market: &[0; 5],
            bucket: &[0; 5],
            leg: &[Leg::Up, Leg::Up, Leg::Up, Leg::Up, Leg::Down],
            size: &[1e100, 1.0, -1e100, 1.0, 9.0],
        };
        let forward = complete_sets(&rows, 1, None, Numerics::Notebook).shares[0];
        let backward = complete_sets(&rows, 1, Some(&[3, 1, 0, 2, 4]), Numerics::Notebook).shares[0];
        assert_eq!((forward, backward), (1.0, 0.0));
        assert_eq!(complete_sets(&rows, 1, None, Numerics::Exact).shares[0], 2.0);
    }
}
