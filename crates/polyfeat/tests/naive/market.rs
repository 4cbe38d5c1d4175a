//! The sweep against the oracle.

use polyfeat::{FeatureSlices, NULL_TS, Numerics, Prints, SweepError, SweepPlan, fill_unknown, sweep};
use proptest::prelude::*;

use crate::oracle::{Row, Tape, market_row};
use crate::values::{durations, token};

/// Columns with room for `trades` rows, filled with something that must not survive.
pub struct Columns {
    last_price: Vec<f64>,
    last_ts: Vec<i64>,
    returns: Vec<Vec<f64>>,
    flows: [Vec<Vec<f64>>; 3],
}

impl Columns {
    pub fn new(plan: &SweepPlan, trades: usize) -> Self {
        let column = || vec![-77.0; trades];
        let columns = |n: usize| (0..n).map(|_| column()).collect::<Vec<_>>();
        Self {
            last_price: column(),
            last_ts: vec![-77; trades],
            returns: columns(plan.lags.len()),
            flows: [(); 3].map(|()| columns(plan.windows.len())),
        }
    }

    pub fn slices(&mut self, rows: std::ops::Range<usize>) -> FeatureSlices<'_> {
        fn cut(columns: &mut [Vec<f64>], rows: std::ops::Range<usize>) -> Vec<&mut [f64]> {
            columns
                .iter_mut()
                .map(|column| &mut column[rows.clone()])
                .collect()
        }
        let [counts, volumes, notionals] = &mut self.flows;
        FeatureSlices {
            last_price: &mut self.last_price[rows.clone()],
            last_ts: &mut self.last_ts[rows.clone()],
            returns: cut(&mut self.returns, rows.clone()),
            counts: cut(counts, rows.clone()),
            volumes: cut(volumes, rows.clone()),
            notionals: cut(notionals, rows),
        }
    }

    pub fn rows(&self) -> Vec<Row> {
        let row = |i: usize| Row {
            last_price: crate::bits(self.last_price[i]),
            last_ts: self.last_ts[i],
            returns: self.returns.iter().map(|column| crate::bits(column[i])).collect(),
            flows: (0..self.flows[0].len())
                .map(|w| [0, 1, 2].map(|kind| crate::bits(self.flows[kind][w][i])))
                .collect(),
        };
        (0..self.last_ts.len()).map(row).collect()
    }
}

pub fn prints(tape: &Tape) -> Prints<'_> {
    Prints {
        ts: &tape.ts,
        price: &tape.price,
        size: &tape.size,
    }
}

/// The sweep over `trades` cut into stretches at `cuts`.
fn swept(tape: &Tape, trades: &[i64], plan: &SweepPlan, cuts: &[usize]) -> Vec<Row> {
    let mut columns = Columns::new(plan, trades.len());
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (trades.len() + 1)).collect();
    cuts.extend([0, trades.len()]);
    cuts.sort_unstable();
    for bounds in cuts.windows(2) {
        let stretch = bounds[0]..bounds[1];
        let mut out = columns.slices(stretch.clone());
        sweep(&prints(tape), &trades[stretch], plan, &mut out).unwrap();
    }
    columns.rows()
}

fn expected(tape: &Tape, trades: &[i64], plan: &SweepPlan) -> Vec<Row> {
    let row = |&t: &i64| market_row(tape, t, &plan.lags, &plan.windows, plan.sum);
    trades.iter().map(row).collect()
}

const BOTH: [Numerics; 2] = [Numerics::Exact, Numerics::Notebook];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn every_column_is_the_oracles(
        (tape, trades) in token(40, 16), lags in durations(4), windows in durations(4),
    ) {
        for sum in BOTH {
            let plan = SweepPlan { lags: lags.clone(), windows: windows.clone(), sum };
            prop_assert_eq!(swept(&tape, &trades, &plan, &[]), expected(&tape, &trades, &plan));
        }
    }

    #[test]
    fn stretches_of_trades_give_the_same_bits(
        (tape, trades) in token(200, 60), lags in durations(3), windows in durations(4),
        cuts in proptest::collection::vec(0usize..1000, 1..4),
    ) {
        for sum in BOTH {
            let plan = SweepPlan { lags: lags.clone(), windows: windows.clone(), sum };
            prop_assert_eq!(swept(&tape, &trades, &plan, &cuts), swept(&tape, &trades, &plan, &[]));
        }
    }

    #[test]
    fn the_unit_of_time_does_not_matter(
        (tape, trades) in token(60, 20), lags in durations(3), windows in durations(3), sum in 0..2usize,
    ) {
        let finer = |values: &[i64]| values.iter().map(|v| v * 1_000_000).collect::<Vec<_>>();
        let plan = SweepPlan { lags, windows, sum: BOTH[sum] };
        let fine = SweepPlan { lags: finer(&plan.lags), windows: finer(&plan.windows), sum: plan.sum };
        let fine_tape = Tape { ts: finer(&tape.ts), ..tape.clone() };
        let mut rows = swept(&fine_tape, &finer(&trades), &fine, &[]);
        rows.iter_mut().filter(|row| row.last_ts != NULL_TS).for_each(|row| row.last_ts /= 1_000_000);
        prop_assert_eq!(rows, swept(&tape, &trades, &plan, &[]));
    }

    #[test]
    fn exact_flows_do_not_see_the_order_within_a_stamp(
        (tape, trades) in token(60, 20), windows in durations(4), seed in any::<u64>(),
    ) {
        let mut rows: Vec<usize> = (0..tape.ts.len()).collect();
        rows.sort_by_key(|&row| (tape.ts[row], (row as u64 + 1).wrapping_mul(seed | 1) >> 20));
        let pick = |values: &[f64]| rows.iter().map(|&row| values[row]).collect::<Vec<_>>();
        let other = Tape { ts: tape.ts.clone(), price: pick(&tape.price), size: pick(&tape.size) };
        let plan = SweepPlan { lags: vec![], windows, sum: Numerics::Exact };
        let flows = |tape: &Tape| {
            swept(tape, &trades, &plan, &[]).into_iter().map(|row| row.flows).collect::<Vec<_>>()
        };
        prop_assert_eq!(flows(&tape), flows(&other));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn many_lags_and_windows(
        (tape, trades) in token(60, 12),
        lags in proptest::collection::vec(1i64..3000, 32), windows in proptest::collection::vec(1i64..3000, 32),
    ) {
        for sum in BOTH {
            let plan = SweepPlan { lags: lags.clone(), windows: windows.clone(), sum };
            prop_assert_eq!(swept(&tape, &trades, &plan, &[5]), expected(&tape, &trades, &plan));
        }
    }
}

#[test]
fn a_long_tape_between_few_trades_is_jumped_over() {
    let n = 50_000;
    let size: Vec<f64> = (0..n).map(|i| f64::from(i % 977) / 1e6).collect();
    let tape = Tape {
        ts: (0..i64::from(n)).map(|i| i / 3).collect(),
        price: vec![0.3; n as usize],
        size,
    };
    let trades = [-1, 0, 10, 11, 9000, 9001, 16_666, 16_667, 90_000];
    for sum in BOTH {
        let plan = SweepPlan {
            lags: vec![1, 5000],
            windows: vec![7, 60, 2000],
            sum,
        };
        assert_eq!(
            swept(&tape, &trades, &plan, &[3]),
            expected(&tape, &trades, &plan)
        );
    }
}

#[test]
fn an_unknown_token_is_null_everywhere() {
    let plan = SweepPlan {
        lags: vec![1],
        windows: vec![1, 2],
        sum: Numerics::Exact,
    };
    let mut columns = Columns::new(&plan, 2);
    fill_unknown(&mut columns.slices(0..2));
    let nan = f64::NAN.to_bits();
    let null = Row {
        last_price: nan,
        last_ts: NULL_TS,
        returns: vec![nan],
        flows: vec![[nan; 3]; 2],
    };
    assert_eq!(columns.rows(), [null.clone(), null]);
}

#[test]
fn what_is_refused_is_not_written() {
    let tape = Tape {
        ts: vec![0],
        price: vec![1.0],
        size: vec![1.0],
    };
    let check = |plan: &SweepPlan, trades: &[i64], error: SweepError| {
        let mut columns = Columns::new(plan, trades.len());
        let untouched = columns.rows();
        assert_eq!(
            sweep(&prints(&tape), trades, plan, &mut columns.slices(0..trades.len())),
            Err(error)
        );
        assert_eq!(columns.rows(), untouched);
    };
    let plan = |lag: i64, window: i64| SweepPlan {
        lags: vec![lag],
        windows: vec![window],
        ..<_>::default()
    };
    check(&plan(1, 2), &[i64::MIN + 1, 0], SweepError::Overflow { index: 0 });
    check(&plan(i64::MAX, 2), &[-2, 0], SweepError::Overflow { index: 0 });
    check(&plan(0, 2), &[0], SweepError::Duration { value: 0 });
    check(&plan(1, -2), &[0], SweepError::Duration { value: -2 });

    let longer = plan(1, 2);
    let mut columns = Columns::new(&longer, 3);
    let refused = sweep(&prints(&tape), &[1, 2], &longer, &mut columns.slices(0..3));
    assert_eq!(refused, Err(SweepError::Shape));
    let short = Prints {
        ts: &[0, 1],
        price: &[1.0],
        size: &[1.0],
    };
    assert_eq!(
        sweep(&short, &[1, 2, 3], &longer, &mut columns.slices(0..3)),
        Err(SweepError::Shape)
    );
}

#[test]
fn the_furthest_moment_that_fits_is_allowed() {
    let tape = Tape {
        ts: vec![i64::MIN + 1, i64::MAX],
        price: vec![0.5; 2],
        size: vec![1.0; 2],
    };
    let plan = SweepPlan {
        lags: vec![i64::MAX],
        windows: vec![i64::MAX, 1],
        sum: Numerics::Exact,
    };
    let trades = [-1, 0, 1, i64::MAX];
    assert_eq!(swept(&tape, &trades, &plan, &[]), expected(&tape, &trades, &plan));
}

#[test]
fn many_terms_of_the_widest_scale() {
    // One print sets the scale so wide that 64-bit halves of the other terms would overflow in a sum of so many.
    let mut size = vec![2f64.powi(52) + 2f64.powi(50) - 1.0; 20_000];
    size[3] = 2f64.powi(101);
    let tape = Tape {
        ts: vec![5; size.len()],
        price: vec![1.0; size.len()],
        size,
    };
    for windows in [vec![10], vec![3, 1]] {
        let plan = SweepPlan {
            lags: vec![],
            windows,
            sum: Numerics::Exact,
        };
        assert_eq!(swept(&tape, &[5, 6], &plan, &[]), expected(&tape, &[5, 6], &plan));
    }
    let sum = polyfeat::exact_sum(&tape.size);
    assert_eq!(sum, crate::oracle::rounded_sum(&tape.size));
}
