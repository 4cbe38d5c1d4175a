//! Turns off one rule of visibility after another inside the engine: each must be missed by the comparison with the
//! oracle. Built with `--features mutants` only.

use polyfeat::visibility::mutants::{Mutant, without};
use polyfeat::{Closed, Direction, SweepPlan, Tie, Ties, Unknown, Visibility};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

use crate::values::durations;
use crate::visible::check;
use crate::visible_values::{market, rules};

/// Rules under which a mutant can show itself.
fn telling(mutant: Mutant, rules: Visibility) -> Visibility {
    match mutant {
        Mutant::Exclude => Visibility {
            ties: Ties::Exclude,
            ..rules
        },
        Mutant::Resolution => Visibility {
            ties: Ties::Exclude,
            resolution: rules.resolution.max(2),
            ..rules
        },
        Mutant::Sequence => Visibility {
            ties: Ties::Sequence,
            ..rules
        },
        Mutant::Availability => Visibility {
            availability: true,
            ..rules
        },
        Mutant::Embargo => Visibility {
            embargo: rules.embargo.max(1),
            ..rules
        },
        Mutant::SelfAsOf | Mutant::SelfFlow => Visibility {
            exclude_self: true,
            ..rules
        },
        Mutant::MaxAge => Visibility {
            max_age: Some(2),
            ..rules
        },
        Mutant::Closed => Visibility {
            closed: Some(Closed::Both),
            ..rules
        },
        Mutant::Tie => Visibility {
            tie: Tie::First,
            ..rules
        },
        Mutant::Unknown => Visibility {
            unknown: Unknown::Causal,
            ..rules
        },
        Mutant::Direction => Visibility {
            direction: Direction::Forward,
            ..rules
        },
    }
}

/// Whether the comparison fails on some of the usual cases, with the engine as `run` makes it.
fn noticed(
    mutant: Mutant,
    run: impl Fn(&dyn Fn() -> Result<(), TestCaseError>) -> Result<(), TestCaseError>,
) -> bool {
    let config = Config {
        cases: 500,
        failure_persistence: None,
        max_shrink_iters: 0,
        ..Config::default()
    };
    // The same cases every time: this test is about the comparison, not about luck.
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, random);
    let cases = (market(60), durations(3), durations(3), rules());
    let result = runner.run(&cases, |((market, trades), lags, windows, rules)| {
        let plan = SweepPlan {
            lags,
            windows,
            ..SweepPlan::default()
        };
        run(&|| check(&market, &trades, &plan, &telling(mutant, rules)))
    });
    matches!(result, Err(TestError::Fail(..)))
}

#[test]
fn each_rule_is_missed_when_it_is_off() {
    for mutant in Mutant::ALL {
        assert!(
            noticed(mutant, |check| without(mutant, check)),
            "{mutant:?} off was not noticed"
        );
    }
}

#[test]
fn nothing_is_missed_when_all_are_on() {
    for mutant in Mutant::ALL {
        assert!(!noticed(mutant, |check| check()), "{mutant:?} on fails");
    }
}
