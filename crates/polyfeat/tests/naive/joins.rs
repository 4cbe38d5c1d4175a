//! As-of joins and window flows between any two tables, against their definitions.

use polyfeat::{
    AsofRules, Closed, Direction, FlowPlan, FlowSlices, JoinError, KeyedTimes, NO_ROW, NULL_TS, Numerics,
    Tie, asof_join, key_flow, window_flow,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::bits;
use crate::oracle::{cumsum_at, rounded_sum};
use crate::values::numbers;

const KEYS: usize = 3;

/// Keys and times of a table, in any order, with ties and nulls.
type Table = (Vec<u32>, Vec<i64>);

fn table(most: usize) -> impl Strategy<Value = Table> {
    let code = prop_oneof![6 => 0u32..4, 1 => Just(u32::MAX)];
    let ts = prop_oneof![12 => -6i64..14, 2 => -900i64..900, 1 => Just(NULL_TS)];
    vec((code, ts), 0..most).prop_map(|rows| rows.into_iter().unzip())
}

fn known(code: u32, ts: i64) -> bool {
    (code as usize) < KEYS && ts != NULL_TS
}

fn rules() -> impl Strategy<Value = AsofRules> {
    let direction = select(vec![Direction::Backward, Direction::Forward, Direction::Nearest]);
    let tie = select(vec![Tie::Near, Tie::Last, Tie::First, Tie::Error]);
    let age = prop_oneof![2 => Just(None), 3 => (0i64..8).prop_map(Some)];
    (direction, any::<bool>(), tie, age).prop_map(|(direction, strict, tie, max_age)| AsofRules {
        direction,
        strict,
        tie,
        max_age,
    })
}

/// The right row of a left row at (code, t), or the error.
fn matching(code: u32, t: i64, right: &Table, rules: AsofRules) -> Result<u32, i64> {
    if !known(code, t) {
        return Ok(NO_ROW);
    }
    let allowed = |s: i64| {
        let (before, after) = if rules.strict {
            (s < t, s > t)
        } else {
            (s <= t, s >= t)
        };
        match rules.direction {
            Direction::Backward => before,
            Direction::Forward => after,
            Direction::Nearest => before || after,
        }
    };
    let stamps = |j: &usize| right.0[*j] == code && right.1[*j] != NULL_TS && allowed(right.1[*j]);
    let candidates: Vec<usize> = (0..right.0.len()).filter(stamps).collect();
    // Closest first; of equally close ones the earlier.
    let Some(best) = candidates
        .iter()
        .map(|&j| right.1[j])
        .min_by_key(|s| ((s - t).abs(), *s))
    else {
        return Ok(NO_ROW);
    };
    if rules.max_age.is_some_and(|most| (best - t).abs() > most) {
        return Ok(NO_ROW);
    }
    let mut equal = candidates
        .into_iter()
        .filter(|&j| right.1[j] == best)
        .map(|j| j as u32);
    let ahead = best > t || rules.direction == Direction::Forward;
    match rules.tie {
        Tie::Near if ahead => Ok(equal.next().unwrap()),
        Tie::Near => Ok(equal.next_back().unwrap()),
        Tie::First => Ok(equal.next().unwrap()),
        Tie::Last => Ok(equal.next_back().unwrap()),
        Tie::Error => equal.next().filter(|_| equal.next().is_none()).ok_or(best),
    }
}

fn inside(s: i64, t: i64, w: i64, closed: Closed) -> bool {
    let from = match closed {
        Closed::Left | Closed::Both => s >= t - w,
        Closed::Right | Closed::Neither => s > t - w,
    };
    let to = match closed {
        Closed::Right | Closed::Both => s <= t,
        Closed::Left | Closed::Neither => s < t,
    };
    from && to
}

/// Count, and a sum per weight, of a left row at (code, t).
fn flow(code: u32, t: i64, right: &Table, weights: &[Vec<f64>], w: i64, plan: &FlowPlan) -> Vec<u64> {
    if !known(code, t) {
        return vec![bits(f64::NAN); weights.len() + 1];
    }
    let mut rows: Vec<usize> = (0..right.0.len())
        .filter(|&j| right.0[j] == code && right.1[j] != NULL_TS)
        .collect();
    rows.sort_by_key(|&j| (right.1[j], j));
    let held: Vec<usize> = (0..rows.len())
        .filter(|&i| inside(right.1[rows[i]], t, w, plan.closed))
        .collect();
    let sum = |weight: &Vec<f64>| {
        let sorted: Vec<f64> = rows.iter().map(|&j| weight[j]).collect();
        match plan.sum {
            Numerics::Exact => rounded_sum(&held.iter().map(|&i| sorted[i]).collect::<Vec<_>>()),
            Numerics::Notebook => {
                // The prefix in front of an empty window is the same at both ends, wherever it is.
                let before = |i: &usize| {
                    right.1[rows[*i]] < t && !inside(right.1[rows[*i]], t, w, plan.closed)
                        || right.1[rows[*i]] < t - w
                };
                let start = held
                    .first()
                    .copied()
                    .unwrap_or_else(|| (0..rows.len()).filter(before).count());
                cumsum_at(&sorted, start + held.len()) - cumsum_at(&sorted, start)
            }
        }
    };
    let sums = weights.iter().map(sum);
    [held.len() as f64].into_iter().chain(sums).map(bits).collect()
}

fn plans() -> impl Strategy<Value = FlowPlan> {
    let closed = select(vec![Closed::Right, Closed::Left, Closed::Both, Closed::Neither]);
    let window = prop_oneof![4 => 0i64..9, 1 => 0i64..2000];
    let sum = select(vec![Numerics::Exact, Numerics::Notebook]);
    (closed, vec(window, 0..4), sum).prop_map(|(closed, windows, sum)| {
        let least = i64::from(!closed.at_start());
        FlowPlan {
            windows: windows.into_iter().map(|w: i64| w.max(least)).collect(),
            closed,
            sum,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn joins_find_what_looking_at_every_row_finds(
        left in table(40), right in table(40), rules in rules(), cut in 0usize..40,
    ) {
        let sorted = KeyedTimes::new(&right.0, KEYS, &right.1);
        let expected: Vec<_> = left.0.iter().zip(&left.1).map(|(&k, &t)| matching(k, t, &right, rules)).collect();
        let mut found = vec![7; left.0.len()];
        let joined = asof_join(&left.0, &left.1, &sorted, &rules, &mut found);
        match expected.iter().enumerate().find_map(|(row, answer)| answer.err().map(|ts| (row, ts))) {
            Some((row, ts)) => prop_assert_eq!(joined, Err(JoinError::Tie { row, ts })),
            None => {
                prop_assert_eq!(joined, Ok(()));
                let expected: Vec<u32> = expected.into_iter().map(Result::unwrap).collect();
                prop_assert_eq!(&found, &expected);
                let cut = cut.min(found.len());
                asof_join(&left.0[cut..], &left.1[cut..], &sorted, &rules, &mut found[cut..]).unwrap();
                prop_assert_eq!(&found, &expected);
            }
        }
    }

    #[test]
    fn flows_hold_what_looking_at_every_row_holds(
        left in table(24), (right, weights) in table(40).prop_flat_map(|right| {
            let rows = right.0.len();
            (Just(right), vec(numbers(rows), 0..3))
        }), plan in plans(),
    ) {
        let sorted = KeyedTimes::new(&right.0, KEYS, &right.1);
        let slices: Vec<&[f64]> = weights.iter().map(Vec::as_slice).collect();
        let found = window_flow(&left.0, &left.1, &sorted, &slices, &plan).unwrap();
        for (w, &window) in plan.windows.iter().enumerate() {
            for row in 0..left.0.len() {
                let columns = std::iter::once(&found.counts[w]).chain(found.sums.iter().map(|sums| &sums[w]));
                let row_found: Vec<u64> = columns.map(|column| bits(column[row])).collect();
                let expected = flow(left.0[row], left.1[row], &right, &weights, window, &plan);
                prop_assert_eq!(row_found, expected, "row {} window {}", row, window);
            }
        }
    }
}

#[test]
fn what_a_flow_refuses() {
    use polyfeat::SweepError::{Duration, Overflow, Shape};
    let run = |moments: &[i64], windows: &[i64], closed, weight: &[f64]| {
        let plan = FlowPlan {
            windows: windows.to_vec(),
            closed,
            ..FlowPlan::default()
        };
        let (mut count, mut sum) = ([-1.0], [-1.0]);
        let mut out = FlowSlices {
            counts: vec![&mut count],
            sums: vec![vec![&mut sum]],
        };
        let done = key_flow(&[5], &[weight], moments, &plan, &mut out);
        assert!(done.is_ok() || (count, sum) == ([-1.0], [-1.0]));
        done
    };
    assert_eq!(run(&[5], &[0], Closed::Both, &[1.0]), Ok(()));
    assert_eq!(run(&[5], &[0], Closed::Right, &[1.0]), Err(Duration { value: 0 }));
    assert_eq!(
        run(&[5], &[-1], Closed::Left, &[1.0]),
        Err(Duration { value: -1 })
    );
    assert_eq!(
        run(&[-9], &[i64::MAX], Closed::Right, &[1.0]),
        Err(Overflow { index: 0 })
    );
    assert_eq!(
        run(&[5], &[i64::MAX], Closed::Left, &[1.0]),
        Err(Duration { value: i64::MAX })
    );
    assert_eq!(run(&[5, 6], &[1], Closed::Right, &[1.0]), Err(Shape));
    assert_eq!(run(&[5], &[1], Closed::Right, &[]), Err(Shape));
    assert_eq!(run(&[5], &[1, 2], Closed::Right, &[1.0]), Err(Shape));

    let right = KeyedTimes::new(&[0], 1, &[5]);
    let plan = FlowPlan {
        windows: vec![i64::MAX],
        ..FlowPlan::default()
    };
    let far = window_flow(&[u32::MAX, 0], &[-9, -9], &right, &[], &plan);
    assert_eq!(far, Err(Overflow { index: 1 }));
}
