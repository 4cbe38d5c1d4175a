//! Time arithmetic against 128-bit integers, and time strings against a calendar that counts.

use polyfeat::TimeUnit::{self, Microsecond, Millisecond, Nanosecond, Second};
use polyfeat::{Span, age_ms, floor_to, parse_iso8601, rescale};
use proptest::prelude::*;
use proptest::sample::select;

fn unit() -> impl Strategy<Value = TimeUnit> {
    select(vec![Second, Millisecond, Microsecond, Nanosecond])
}

fn stamp() -> impl Strategy<Value = i64> {
    prop_oneof![
        any::<i64>(),
        -10_000_000i64..10_000_000,
        Just(i64::MAX),
        Just(i64::MIN + 1)
    ]
}

/// `YYYY-MM-DDTHH:MM:SS.nnnnnnnnn`, by walking the calendar month by month.
fn iso(nanos: i64) -> String {
    let seconds = nanos.div_euclid(1_000_000_000);
    let mut day = seconds.div_euclid(86_400);
    let leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let mut year = 1970;
    let long = |year| if leap(year) { 366 } else { 365 };
    while day < 0 {
        year -= 1;
        day += long(year);
    }
    while day >= long(year) {
        day -= long(year);
        year += 1;
    }
    let months = [
        31,
        if leap(year) { 29 } else { 28 },
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    let mut month = 0;
    while day >= months[month] {
        day -= months[month];
        month += 1;
    }
    let second = seconds.rem_euclid(86_400);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let fraction = nanos.rem_euclid(1_000_000_000);
    format!(
        "{year:04}-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}.{fraction:09}",
        month + 1,
        day + 1
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn rescaling_is_exact_or_nothing(value in stamp(), from in unit(), to in unit()) {
        let nanos = i128::from(value) * i128::from(from.nanos());
        let exact = nanos % i128::from(to.nanos()) == 0;
        let expected = exact.then_some(nanos / i128::from(to.nanos())).and_then(|v| i64::try_from(v).ok());
        prop_assert_eq!(rescale(value, from, to), expected);
    }

    #[test]
    fn floors_are_the_multiple_below(ts in stamp(), step in prop_oneof![1i64..100, 1i64..i64::MAX]) {
        let floor = i128::from(ts).div_euclid(i128::from(step)) * i128::from(step);
        prop_assert_eq!(floor_to(ts, step), i64::try_from(floor).ok());
    }

    #[test]
    fn ages_are_nanoseconds_over_a_million(a in stamp(), b in stamp(), unit in unit()) {
        let nanos = (i128::from(a) - i128::from(b)) * i128::from(unit.nanos());
        prop_assert_eq!(age_ms(a, b, unit), nanos as f64 / 1e6);
    }

    #[test]
    fn a_rounded_up_span_compares_as_the_true_one(nanos in 1i64..5_000_000_000, d in 0i64..6000, unit in unit()) {
        let span = Span::from_nanos(nanos).unwrap();
        let inside = i128::from(d) * i128::from(unit.nanos()) < i128::from(nanos);
        prop_assert_eq!(d < span.ceil_in(unit), inside);
        prop_assert_eq!(span.exact_in(unit).is_some(), nanos % unit.nanos() == 0);
    }

    #[test]
    fn labels_read_back(nanos in prop_oneof![1i64..i64::MAX, (1i64..100_000).prop_map(|s| s * 1_000_000_000)]) {
        let span = Span::from_nanos(nanos).unwrap();
        prop_assert_eq!(Span::parse(&span.label()), Ok(span));
    }

    #[test]
    fn instants_written_out_read_back(nanos in any::<i64>(), minutes in -1439i64..1440) {
        let text = iso(nanos);
        prop_assert_eq!(parse_iso8601(&text), Some(nanos), "{}", text);
        // The same wall clock in a zone east of UTC is earlier.
        let (sign, offset) = (if minutes < 0 { '-' } else { '+' }, minutes.abs());
        let zoned = format!("{text}{sign}{:02}:{:02}", offset / 60, offset % 60);
        let expected = i128::from(nanos) - i128::from(minutes) * 60_000_000_000;
        prop_assert_eq!(parse_iso8601(&zoned), i64::try_from(expected).ok(), "{}", zoned);
    }

    #[test]
    fn no_text_is_too_strange(text in "[0-9TtZz:+.,UC -]{0,40}|\\PC{0,12}") {
        let _ = parse_iso8601(&text);
        let _ = Span::parse(&text);
    }
}
