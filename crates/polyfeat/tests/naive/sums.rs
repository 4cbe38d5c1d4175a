//! Sums against counted bits.

use polyfeat::exact_sum;
use proptest::prelude::*;

use crate::bits;
use crate::oracle::rounded_sum;
use crate::values::terms;

#[test]
fn the_oracle_knows_the_specs_vectors() {
    assert_eq!(rounded_sum(&[0.1, 0.2]), 0.30000000000000004);
    assert_eq!(rounded_sum(&[1e16, 1.0, 1e-16]), 10000000000000002.0);
    assert_eq!(rounded_sum(&[0.1; 10]), 1.0);
    assert_eq!(rounded_sum(&[f64::MAX, f64::MAX, -f64::MAX]), f64::MAX);
    assert_eq!(rounded_sum(&[-5e-324, -5e-324]), -1e-323);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn of_two_terms_the_oracle_is_the_processor(a in any::<f64>(), b in any::<f64>()) {
        prop_assert_eq!(bits(rounded_sum(&[a, b])), bits(a + b + 0.0));
    }

    #[test]
    fn exact_is_correctly_rounded(terms in terms(40)) {
        prop_assert_eq!(bits(exact_sum(&terms)), bits(rounded_sum(&terms)));
    }

    #[test]
    fn nearly_nothing_left(terms in terms(12), rest in terms(3), turn in 0usize..24) {
        let mut all: Vec<f64> = terms.iter().copied().chain(terms.iter().map(|term| -term)).collect();
        if !all.is_empty() {
            let turn = turn % all.len();
            all.rotate_left(turn);
        }
        all.extend(rest);
        prop_assert_eq!(bits(exact_sum(&all)), bits(rounded_sum(&all)));
    }

    #[test]
    fn the_order_of_terms_changes_nothing(mut terms in terms(40)) {
        let forward = bits(exact_sum(&terms));
        terms.reverse();
        prop_assert_eq!(bits(exact_sum(&terms)), forward);
        terms.sort_by(f64::total_cmp);
        prop_assert_eq!(bits(exact_sum(&terms)), forward);
    }
}
