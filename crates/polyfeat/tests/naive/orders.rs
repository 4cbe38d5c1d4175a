//! Grouping and sorting against the standard library's stable sort.

use polyfeat::{NULL_TS, group_by_code, sort_rows_by_time};
use proptest::collection::vec;
use proptest::prelude::*;

proptest! {
    #[test]
    fn groups_hold_each_row_once_in_file_order(
        codes in vec(prop_oneof![6 => 0u32..6, 1 => Just(u32::MAX)], 0..60), n_codes in 0usize..7,
    ) {
        let groups = group_by_code(&codes, n_codes);
        prop_assert_eq!(groups.offsets.len(), n_codes + 2);
        prop_assert_eq!(groups.rows.len(), codes.len());
        for group in 0..=n_codes {
            let belongs = |row: &u32| (codes[*row as usize] as usize).min(n_codes) == group;
            let expected: Vec<u32> = (0..codes.len() as u32).filter(belongs).collect();
            prop_assert_eq!(groups.group(group), expected.as_slice());
        }
    }

    #[test]
    fn time_sort_is_stable_from_any_order(
        ts in vec(prop_oneof![6 => -4i64..4, 1 => Just(NULL_TS), 1 => any::<i64>()], 1..60),
        picks in vec(any::<prop::sample::Index>(), 0..80),
    ) {
        let rows: Vec<u32> = picks.iter().map(|pick| pick.index(ts.len()) as u32).collect();
        let mut expected = rows.clone();
        expected.sort_by_key(|&row| (ts[row as usize] == NULL_TS, ts[row as usize]));
        let mut sorted = rows;
        sort_rows_by_time(&mut sorted, &ts);
        prop_assert_eq!(sorted, expected);
    }
}
