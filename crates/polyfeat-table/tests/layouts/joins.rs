//! Joins and flows against definitions in a few lines.

use std::sync::Arc;

use polyfeat_table::{
    Closed, Direction, Job, JoinPlan, Keyed, Numerics, PairOptions, Span, Threads, Tie, Values, WindowPlan,
    asof_indices, window_flow,
};
use proptest::prelude::*;

use crate::build::{Cells, Dice};

struct Rows {
    key: Vec<Option<String>>,
    other: Vec<Option<String>>,
    ts: Vec<Option<i64>>,
    weight: Vec<Option<i64>>,
}

impl Rows {
    fn new(n: usize, dice: &mut Dice) -> Self {
        let mut texts = |of: &[Option<&str>]| (0..n).map(|_| dice.one_of(of).map(str::to_string)).collect();
        let (key, other) = (
            texts(&[Some("a"), Some("b"), None]),
            texts(&[Some("x"), Some("y")]),
        );
        let mut numbers = |below: usize| {
            let one = |dice: &mut Dice| (dice.below(8) > 0).then(|| dice.below(below) as i64);
            (0..n).map(|_| one(dice)).collect()
        };
        let (ts, weight) = (numbers(25), numbers(500));
        Rows {
            key,
            other,
            ts,
            weight,
        }
    }

    fn keyed(&self, dice: &mut Dice) -> Keyed<'static> {
        Keyed {
            ts: Cells::Seconds(self.ts.clone()).any("t", dice),
            by: vec![
                Cells::Texts(self.key.clone()).any("k", dice),
                Cells::Texts(self.other.clone()).any("o", dice),
            ],
        }
    }

    fn matches(&self, i: usize, right: &Rows, j: usize) -> bool {
        self.key[i].is_some() && self.key[i] == right.key[j] && self.other[i] == right.other[j]
    }
}

fn naive(left: &Rows, right: &Rows, plan: &JoinPlan) -> Vec<i32> {
    let max_age = plan.max_age.map_or(i64::MAX, |nanos| nanos / 1_000_000_000);
    let side = |i: usize, back: bool| -> Option<(i64, usize)> {
        let t = left.ts[i]?;
        let fits = |j: &usize| {
            let Some(s) = right.ts[*j] else { return false };
            let inside = if back { s < t } else { s > t };
            (inside || !plan.strict && s == t) && (s - t).abs() <= max_age && left.matches(i, right, *j)
        };
        let found: Vec<usize> = (0..right.ts.len()).filter(fits).collect();
        let nearest = found.iter().map(|&j| right.ts[j].unwrap().abs_diff(t)).min()?;
        let mut ties = found
            .into_iter()
            .filter(|&j| right.ts[j].unwrap().abs_diff(t) == nearest);
        let last = match plan.tie {
            Tie::Near => back,
            tie => tie == Tie::Last,
        };
        let j = if last { ties.next_back() } else { ties.next() };
        Some((nearest as i64, j?))
    };
    (0..left.ts.len())
        .map(|i| {
            let found = match plan.direction {
                Direction::Backward => side(i, true),
                Direction::Forward => side(i, false),
                Direction::Nearest => match (side(i, true), side(i, false)) {
                    (Some(back), Some(ahead)) => Some(if back.0 <= ahead.0 { back } else { ahead }),
                    (back, ahead) => back.or(ahead),
                },
            };
            found.map_or(-1, |(_, j)| j as i32)
        })
        .collect()
}

fn job(seed: u64) -> Job {
    Job::new(
        Threads::new(Some(1 + 2 * (seed as usize % 2)), 0).unwrap(),
        Arc::default(),
        None,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn joins_are_the_definition(seed: u64, n in 0..40_usize, m in 0..40_usize, strict: bool) {
        let mut dice = Dice::new(seed);
        let (left, right) = (Rows::new(n, &mut dice), Rows::new(m, &mut dice));
        let plan = JoinPlan {
            direction: dice.one_of(&[Direction::Backward, Direction::Forward, Direction::Nearest]),
            strict,
            tie: dice.one_of(&[Tie::Near, Tie::Last, Tie::First]),
            max_age: dice.one_of(&[None, Some(0), Some(4_999_999_999)]),
            read: PairOptions::default(),
        };
        let found = asof_indices(&job(seed), &plan, &left.keyed(&mut dice), &right.keyed(&mut dice)).unwrap();
        // An equal time is on neither side alone: looking both ways it is the nearest, and counts as before.
        prop_assert_eq!(found, naive(&left, &right, &plan), "{:?}", plan);
    }

    #[test]
    fn flows_are_the_definition(seed: u64, n in 0..40_usize, m in 0..40_usize) {
        let mut dice = Dice::new(seed);
        let (left, right) = (Rows::new(n, &mut dice), Rows::new(m, &mut dice));
        let closed = dice.one_of(&[Closed::Right, Closed::Left, Closed::Both, Closed::Neither]);
        let plan = WindowPlan {
            windows: vec![Span::from_nanos(5_000_000_000).unwrap(), Span::from_nanos(1_000_000_000).unwrap()],
            closed,
            sum: Numerics::Exact,
            read: PairOptions::default(),
        };
        let weights = vec![vec![Cells::Cents(right.weight.clone()).any("w", &mut dice)]];
        let flows =
            window_flow(&job(seed), &plan, &left.keyed(&mut dice), &right.keyed(&mut dice), &weights).unwrap();
        for (w, length) in [5, 1].into_iter().enumerate() {
            let (Values::Doubles(counts), Values::Doubles(sums)) = (&flows.counts[w].values, &flows.sums[w][0].values)
            else {
                panic!("doubles")
            };
            for i in 0..n {
                let (Some(t), Some(_)) = (left.ts[i], &left.key[i]) else {
                    prop_assert!(counts[i].is_nan() && sums[i].is_nan());
                    continue;
                };
                let inside: Vec<usize> = (0..m)
                    .filter(|&j| right.ts[j].is_some_and(|s| {
                        let begins = if closed.at_start() { s >= t - length } else { s > t - length };
                        let ends = if closed.at_end() { s <= t } else { s < t };
                        begins && ends
                    }) && left.matches(i, &right, j))
                    .collect();
                prop_assert_eq!(counts[i], inside.len() as f64);
                match inside.iter().map(|&j| right.weight[j]).collect::<Option<Vec<i64>>>() {
                    // Terms are hundredths below 5: their sum rounds to the nearest hundredth.
                    Some(terms) => prop_assert!((sums[i] - terms.iter().sum::<i64>() as f64 / 100.0).abs() < 1e-9),
                    None => prop_assert!(sums[i].is_nan()),
                }
            }
        }
    }
}
