//! The counterparts: the oracle of the tests, and scans of everything.

use polyfeat::{NULL_TS, Numerics, RegimeMode, Visibility};

use crate::cases::{WINDOWS, plan};
use crate::input::{BUCKET, Input};
use crate::made::Made;
use crate::oracle::{self, Row, Tape, Trade, market_row};
use crate::visible_oracle::{self, Market, visible_row};

pub use crate::oracle::{kahan, rounded_sum};

fn doubles(doubles: Vec<Vec<f64>>) -> Made {
    Made {
        doubles,
        ..Made::default()
    }
}

fn tape(input: &Input) -> Tape {
    Tape {
        ts: input.ts.clone(),
        price: input.price.clone(),
        size: input.size.clone(),
    }
}

/// Rows turned into columns.
fn columns(rows: &[Row]) -> Made {
    let column = |of: &dyn Fn(&Row) -> u64| {
        rows.iter()
            .map(|row| f64::from_bits(of(row)))
            .collect::<Vec<f64>>()
    };
    let Some(first) = rows.first() else {
        return Made::default();
    };
    let mut all = vec![column(&|row| row.last_price)];
    all.extend((0..first.returns.len()).map(|lag| column(&|row| row.returns[lag])));
    for part in 0..3 {
        all.extend((0..first.flows.len()).map(|window| column(&|row| row.flows[window][part])));
    }
    Made {
        longs: vec![rows.iter().map(|row| row.last_ts).collect()],
        ..doubles(all)
    }
}

pub fn as_of_each(input: &Input) -> Made {
    let last = |t: &i64| input.ts.iter().rposition(|s| s <= t);
    let codes = input
        .trades
        .iter()
        .map(|t| last(t).map_or(u32::MAX, |print| print as u32));
    Made {
        codes: codes.collect(),
        ..Made::default()
    }
}

pub fn join(input: &Input) -> Made {
    let table = &input.table;
    let last = |row: usize| {
        (0..table.ts.len())
            .filter(|&j| table.token[j] == table.token[row] && table.ts[j] <= table.ts[row] - 1_000)
            .max_by_key(|&j| (table.ts[j], j))
            .map_or(u32::MAX, |j| j as u32)
    };
    Made {
        codes: (0..table.ts.len()).map(last).collect(),
        ..Made::default()
    }
}

pub fn flow(input: &Input, weights: usize, sum: Numerics) -> Made {
    let tape = tape(input);
    let rows: Vec<Row> = input
        .trades
        .iter()
        .map(|&t| market_row(&tape, t, &[], &WINDOWS, sum))
        .collect();
    let mut made = columns(&rows);
    made.longs.clear();
    // After the price come the counts, then the sums.
    made.doubles.drain(..1);
    made.doubles.truncate(WINDOWS.len() * (1 + weights));
    made
}

pub fn swept(input: &Input) -> Made {
    let (tape, plan) = (tape(input), plan(Numerics::Exact));
    let row = |&t: &i64| market_row(&tape, t, &plan.lags, &plan.windows, plan.sum);
    columns(&input.trades.iter().map(row).collect::<Vec<_>>())
}

pub fn seen(input: &Input, rules: &Visibility) -> Made {
    let market = Market {
        tape: tape(input),
        availability: input.availability.clone(),
        sequence: Vec::new(),
        own: input.own.clone(),
    };
    let plan = plan(Numerics::Exact);
    let row = |(&ts, &own): (&i64, &u32)| {
        let trade = visible_oracle::Trade {
            ts,
            sequence: NULL_TS,
            own,
        };
        let (row, _) = visible_row(&market, trade, &plan, rules, 0).expect("ties are no error");
        row
    };
    columns(
        &input
            .trades
            .iter()
            .zip(&input.trade_own)
            .map(row)
            .collect::<Vec<_>>(),
    )
}

fn trades(input: &Input) -> Vec<Trade> {
    let table = &input.table;
    (0..table.ts.len())
        .map(|row| Trade {
            token: table.token[row],
            ts: table.ts[row],
            market: table.market[row],
            bucket: table.bucket[row],
            leg: table.leg[row],
            size: table.size[row],
        })
        .collect()
}

pub fn sets(input: &Input, mode: RegimeMode) -> Made {
    let trades = trades(input);
    let order: Vec<u32> = (0..trades.len() as u32).collect();
    let sets = oracle::sets(&trades, &order, Numerics::Exact, mode, BUCKET);
    doubles(vec![
        sets.into_iter()
            .map(|(_, shares)| f64::from_bits(shares))
            .collect(),
    ])
}

pub fn order(input: &Input) -> Made {
    Made {
        codes: oracle::order(&trades(input)),
        ..Made::default()
    }
}
