//! The kernels, each on the same input as its naive counterpart.

use polyfeat::{
    AsofRules, Closed, Direction, FlowPlan, FlowSlices, KeyedTimes, Numerics, PrintColumns, Prints,
    RegimeMode, SetRows, SetTimes, SweepPlan, Tie, Ties, TradeColumns, Visibility, as_of, asof_join,
    complete_sets, exact_sum, kahan_sum, key_flow, market_shares_by, sweep, token_order, visible_sweep,
};

use crate::input::{BUCKET, Input, TOKENS, Table};
use crate::made::Made;
use crate::naive;

/// A kernel and its counterpart, which make the same.
pub struct Case {
    pub name: &'static str,
    pub kernel: fn(&Input) -> Made,
    pub naive: fn(&Input) -> Made,
}

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

const fn case(name: &'static str, kernel: fn(&Input) -> Made, naive: fn(&Input) -> Made) -> Case {
    Case { name, kernel, naive }
}

pub const CASES: [Case; 13] = [
    case("as_of", as_of_each, naive::as_of_each),
    case("asof_join", join, naive::join),
    case(
        "windows",
        |i| flow(i, 0, Numerics::Exact),
        |i| naive::flow(i, 0, Numerics::Exact),
    ),
    case(
        "flow_exact",
        |i| flow(i, 2, Numerics::Exact),
        |i| naive::flow(i, 2, Numerics::Exact),
    ),
    case(
        "flow_notebook",
        |i| flow(i, 2, Numerics::Notebook),
        |i| naive::flow(i, 2, Numerics::Notebook),
    ),
    case("sweep", swept, naive::swept),
    case(
        "visible_strict",
        |i| seen(i, &strict()),
        |i| naive::seen(i, &strict()),
    ),
    case("visible_live", |i| seen(i, &live()), |i| naive::seen(i, &live())),
    case("complete_sets", sets, |i| naive::sets(i, RegimeMode::Bucket)),
    case("market_shares", shares, |i| naive::sets(i, RegimeMode::Trailing)),
    case("order", order, naive::order),
    case(
        "sum_exact",
        |i| sums(i, exact_sum),
        |i| sums(i, naive::rounded_sum),
    ),
    case("sum_kahan", |i| sums(i, kahan_sum), |i| sums(i, naive::kahan)),
];

/// The notebook's features.
pub fn plan(sum: Numerics) -> SweepPlan {
    SweepPlan {
        lags: vec![30_000, 300_000],
        windows: vec![60_000],
        sum,
    }
}

/// Windows of the flows.
pub const WINDOWS: [i64; 2] = [60_000, 300_000];

fn strict() -> Visibility {
    Visibility {
        ties: Ties::Exclude,
        exclude_self: true,
        ..Visibility::default()
    }
}

fn live() -> Visibility {
    Visibility {
        availability: true,
        ..strict()
    }
}

/// The rules of a join that the naive one knows too.
const BACKWARD: AsofRules = AsofRules {
    direction: Direction::Backward,
    strict: false,
    tie: Tie::Last,
    max_age: None,
};

fn as_of_each(input: &Input) -> Made {
    let found = input.trades.iter().map(|&t| as_of(&input.ts, t));
    Made {
        codes: found
            .map(|print| print.map_or(u32::MAX, |print| print as u32))
            .collect(),
        ..Made::default()
    }
}

/// Each row of the table with the last row of the same token that is at least a second older.
fn join(input: &Input) -> Made {
    let table = &input.table;
    let right = KeyedTimes::new(&table.token, TOKENS, &table.ts);
    let left: Vec<i64> = table.ts.iter().map(|ts| ts - 1_000).collect();
    let mut codes = vec![0; left.len()];
    asof_join(&table.token, &left, &right, &BACKWARD, &mut codes).expect("columns of one length");
    Made {
        codes,
        ..Made::default()
    }
}

fn flow(input: &Input, weights: usize, sum: Numerics) -> Made {
    let rows = input.trades.len();
    let columns = WINDOWS.len() * (1 + weights);
    let mut doubles = vec![vec![0.0; rows]; columns];
    let mut slices = doubles.iter_mut().map(Vec::as_mut_slice);
    let mut by_window = || slices.by_ref().take(WINDOWS.len()).collect::<Vec<_>>();
    let mut out = FlowSlices {
        counts: by_window(),
        sums: (0..weights).map(|_| by_window()).collect(),
    };
    let plan = FlowPlan {
        windows: WINDOWS.to_vec(),
        closed: Closed::Right,
        sum,
    };
    let columns = [&input.size[..], &input.notional[..]];
    key_flow(&input.ts, &columns[..weights], &input.trades, &plan, &mut out).expect("columns of one length");
    Made {
        doubles,
        ..Made::default()
    }
}

fn prints(input: &Input) -> Prints<'_> {
    Prints {
        ts: &input.ts,
        price: &input.price,
        size: &input.size,
    }
}

fn swept(input: &Input) -> Made {
    let plan = plan(Numerics::Exact);
    let mut made = Made::features(&plan, input.trades.len());
    sweep(&prints(input), &input.trades, &plan, &mut made.slices(&plan)).expect("columns of one length");
    made
}

fn seen(input: &Input, rules: &Visibility) -> Made {
    let plan = plan(Numerics::Exact);
    let mut made = Made::features(&plan, input.trades.len());
    let columns = PrintColumns {
        prints: prints(input),
        availability: &input.availability,
        sequence: &[],
        own: &input.own,
    };
    let trades = TradeColumns {
        ts: &input.trades,
        sequence: &[],
        own: &input.trade_own,
    };
    visible_sweep(&columns, &trades, &plan, rules, &mut made.slices(&plan), None)
        .expect("columns of one length");
    made
}

fn rows(table: &Table) -> SetRows<'_> {
    SetRows {
        market: &table.market,
        bucket: &table.bucket,
        leg: &table.leg,
        size: &table.size,
    }
}

fn sets(input: &Input) -> Made {
    let sets = complete_sets(&rows(&input.table), TOKENS / 2, None, Numerics::Exact);
    Made {
        doubles: vec![sets.shares],
        ..Made::default()
    }
}

/// Shares of what was bought before, of a single market.
fn shares(input: &Input) -> Made {
    let table = &input.table;
    let times = SetTimes {
        mode: RegimeMode::Trailing,
        ts: &table.ts,
        length: BUCKET,
    };
    let mut shares = vec![0.0; table.ts.len()];
    for market in 0..TOKENS as u32 / 2 {
        let mut of: Vec<u32> = (0..table.ts.len() as u32)
            .filter(|&row| table.market[row as usize] == market)
            .collect();
        let emit = |row: u32, share: f64| shares[row as usize] = share;
        market_shares_by(&rows(table), &times, &mut of, Numerics::Exact, emit).expect("a mode of exact sums");
    }
    Made {
        doubles: vec![shares],
        ..Made::default()
    }
}

fn order(input: &Input) -> Made {
    let table = &input.table;
    Made {
        codes: token_order(&table.token, TOKENS, &table.ts),
        ..Made::default()
    }
}

/// Sums of a hundred terms each.
fn sums(input: &Input, sum: fn(&[f64]) -> f64) -> Made {
    Made {
        doubles: vec![input.notional.chunks(100).map(sum).collect()],
        ..Made::default()
    }
}
