//! Buffers that lie: an error or values, never a panic, and never a look outside.

use std::sync::Arc;

use polyfeat_table::{
    Bytes, Chunk, Code, Column, Copier, DataType, IntType, Job, Keyed, Numerics, TapeOptions, TapeSource,
    TimeUnit, features, times, token_order,
};
use polyfeat_table::{JoinPlan, asof_indices};
use proptest::prelude::*;

use crate::build::{Cells, Dice, Tables, plan};

fn bytes(dice: &mut Dice) -> Bytes<'static> {
    let n = dice.below(80);
    let mild = dice.below(2) == 0;
    let bytes: Vec<u8> = (0..n)
        .map(|_| {
            if mild {
                dice.one_of(&[0, 0, 0, 1, 2, 3, 7])
            } else {
                dice.below(256) as u8
            }
        })
        .collect();
    Bytes::Borrowed(bytes.leak())
}

fn any_type(dice: &mut Dice, dictionaries: bool) -> DataType {
    let int = dice.one_of(&[
        IntType::I8,
        IntType::U8,
        IntType::I16,
        IntType::I32,
        IntType::U64,
        IntType::I64,
    ]);
    dice.one_of(&[
        DataType::Null,
        DataType::Bool,
        DataType::Int(int),
        DataType::Float16,
        DataType::Float64,
        DataType::Decimal { bytes: 16, scale: -3 },
        DataType::Decimal { bytes: 32, scale: 40 },
        DataType::Timestamp(TimeUnit::Second),
        DataType::Timestamp(TimeUnit::Nanosecond),
        DataType::Date32,
        DataType::Utf8,
        DataType::LargeUtf8,
        DataType::Utf8View,
        if dictionaries {
            DataType::Dictionary(int)
        } else {
            DataType::Utf8
        },
    ])
}

fn any_column(dice: &mut Dice, depth: usize) -> Column<'static> {
    let data_type = any_type(dice, depth < 2);
    let chunks = (0..dice.below(3))
        .map(|_| Chunk {
            len: if dice.below(12) == 0 {
                usize::MAX - dice.below(9)
            } else {
                dice.below(6)
            },
            values: bytes(dice),
            validity: (dice.below(2) == 0).then(|| bytes(dice)),
            bit_offset: if dice.below(9) == 0 {
                usize::MAX
            } else {
                dice.below(12)
            },
            offsets: (dice.below(4) > 0).then(|| bytes(dice)),
            buffers: (0..dice.below(3)).map(|_| bytes(dice)).collect(),
            dictionary: (depth < 2 && dice.below(4) > 0).then(|| Arc::new(any_column(dice, depth + 1))),
        })
        .collect();
    Column {
        name: "c".into(),
        data_type,
        chunks,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn garbage_is_an_error_or_values(seed: u64) {
        let mut dice = Dice::new(seed);
        let column = any_column(&mut dice, 0);
        let job = Job::default();
        let unit = Some(TimeUnit::Millisecond);
        let read = times(&job, &column, unit);
        // Nothing is kept of what is refused by lengths; a copy of what is not reads the same.
        if column.check().is_ok() {
            let copy = Copier::default().column(&column);
            let again = times(&job, &copy, unit);
            let without_row = |r: Result<_, polyfeat_table::Error>| r.map_err(|e| (e.code, e.row));
            prop_assert_eq!(without_row(read), without_row(again));
        }
        let _ = token_order(&job, &column, &column, unit);
        let keyed = Keyed { ts: column.clone(), by: vec![column.clone()] };
        let _ = asof_indices(&job, &JoinPlan::default(), &keyed, &keyed);
        let (mut trades, mut tape) = Tables::new(column.len().min(9), 9, &mut dice).columns(Cells::plain);
        match dice.below(8) {
            0 => trades.ts = column,
            1 => trades.market = column,
            2 => trades.side = column,
            3 => trades.size = column,
            4 => trades.token = Some(column),
            5 => tape.token = column,
            6 => tape.ts = column,
            _ => tape.price = column,
        }
        let mut plan = plan(Numerics::Exact, false);
        plan.ts_unit = unit;
        let options = TapeOptions { ts_unit: unit, assume_sorted: false };
        let _ = features(&job, &plan, &trades, TapeSource::Columns(&tape, options));
    }
}

#[test]
fn each_lie_has_its_code_column_and_row() {
    let dice = &mut Dice::new(3);
    let (good, tape) = Tables::new(4, 5, dice).columns(Cells::plain);
    let ask = |trades: &_| {
        let plan = plan(Numerics::Exact, false);
        let source = TapeSource::Columns(&tape, TapeOptions::default());
        let e = features(&Job::default(), &plan, trades, source).unwrap_err();
        (e.code, e.column.unwrap_or_default(), e.row)
    };
    let mut t = good.clone();
    t.size.chunks[0].len = 3;
    assert_eq!(ask(&t), (Code::WrongLength, "size".to_string(), None));
    let mut t = good.clone();
    t.size.chunks[0].len = 40;
    assert_eq!(ask(&t), (Code::WrongLength, "size".to_string(), None));
    let mut t = good.clone();
    t.size.data_type = DataType::Utf8;
    assert_eq!(ask(&t), (Code::WrongLength, "size".to_string(), None));
    let mut t = good.clone();
    t.side = t.ts.clone();
    assert_eq!(ask(&t).0, Code::WrongType);
    let mut t = good.clone();
    t.market.chunks[0].validity = None;
    t.market.chunks[0].offsets = Some(Bytes::Borrowed(
        [0_i32, 0, 1, 99, 0]
            .iter()
            .flat_map(|o| o.to_le_bytes())
            .collect::<Vec<_>>()
            .leak(),
    ));
    assert_eq!(ask(&t), (Code::Corrupt, "market_slug".to_string(), Some(2)));
}
