//! Layout, threads, preparation and copies do not change a bit.

use std::sync::Arc;

use polyfeat_table::{
    Copier, Features, Job, Numerics, Tape, TapeColumns, TapeOptions, TapeSource, Threads, TradeColumns,
    Values, features,
};
use proptest::prelude::*;

use crate::build::{Cells, Dice, Tables, plan};

/// The bits of every column.
pub fn bits(features: &Features) -> Vec<(String, Vec<u64>, Option<Vec<u8>>)> {
    let column = |c: &polyfeat_table::OutColumn| {
        let values = match &c.values {
            Values::Doubles(v) => v
                .iter()
                .map(|v| if v.is_nan() { u64::MAX } else { v.to_bits() })
                .collect(),
            Values::Stamps(v, _) | Values::Counts(v) => v.iter().map(|&v| v as u64).collect(),
            Values::Flags(v) => v.bytes.iter().map(|&b| b.into()).collect(),
            Values::Regimes(v) => v.iter().map(|&v| v as u64).collect(),
        };
        (
            c.name.clone(),
            values,
            c.validity.as_ref().map(|v| v.bytes.clone()),
        )
    };
    features.columns.iter().map(column).collect()
}

fn own(trades: &TradeColumns<'_>, tape: &TapeColumns<'_>) -> (TradeColumns<'static>, TapeColumns<'static>) {
    let mut copier = Copier::default();
    let trades = TradeColumns {
        ts: copier.column(&trades.ts),
        market: copier.column(&trades.market),
        side: copier.column(&trades.side),
        outcome: copier.column(&trades.outcome),
        size: copier.column(&trades.size),
        token: trades.token.as_ref().map(|c| copier.column(c)),
        sequence: trades.sequence.as_ref().map(|c| copier.column(c)),
        own: trades.own.iter().map(|c| copier.column(c)).collect(),
    };
    let tape = TapeColumns {
        token: copier.column(&tape.token),
        ts: copier.column(&tape.ts),
        price: copier.column(&tape.price),
        size: copier.column(&tape.size),
        availability: tape.availability.as_ref().map(|c| copier.column(c)),
        sequence: tape.sequence.as_ref().map(|c| copier.column(c)),
        own: tape.own.iter().map(|c| copier.column(c)).collect(),
    };
    (trades, tape)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_layout_gives_the_same_bits(seed: u64, n in 0..40_usize, m in 0..90_usize, notebook: bool, by_token: bool) {
        let mut dice = Dice::new(seed);
        let tables = Tables::new(n, m, &mut dice);
        let plan = plan(if notebook { Numerics::Notebook } else { Numerics::Exact }, by_token);
        let job = || Job::new(Threads::new(Some(1 + 2 * (seed as usize % 2)), 0).unwrap(), Arc::default(), None);
        let (trades, tape) = tables.columns(Cells::plain);
        let options = TapeOptions::default();
        let expected = features(&Job::default(), &plan, &trades, TapeSource::Columns(&tape, options)).unwrap();

        let (trades, tape) = tables.columns(|cells, name| cells.any(name, &mut dice));
        let once = features(&job(), &plan, &trades, TapeSource::Columns(&tape, options)).unwrap();
        prop_assert_eq!(bits(&once), bits(&expected));
        prop_assert_eq!(&once.order, &expected.order);

        let (trades, tape) = own(&trades, &tape);
        let prepared = Tape::prepare(&job(), &tape, options).unwrap();
        let asked = features(&job(), &plan, &trades, TapeSource::Prepared(&prepared)).unwrap();
        prop_assert_eq!(bits(&asked), bits(&expected));
        prop_assert_eq!(&asked.order, &expected.order);
    }
}
