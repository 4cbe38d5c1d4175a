//! A snapshot opened: its tables, their needed columns, and everything refused that footers can tell.

use std::path::{Path, PathBuf};

use polyfeat::TimeUnit;

use crate::error::{Code, Error, Result};
use crate::job::Job;
use crate::roles::{TapeRoles, TimeKind, TradeRoles};
use crate::table::{Table, TableName};

/// A snapshot's tables with their needed columns found: everything is checked that footers can tell.
#[allow(missing_docs)]
pub struct Opened {
    pub trades: Table,
    pub trade_roles: TradeRoles,
    pub tape: Option<(Table, TapeRoles)>,
    pub market_trades: Option<[u64; 2]>,
    pub clob_tob: Option<[u64; 2]>,
    /// Every file and folder of the three tables, read for features or not: none may be the output.
    pub inputs: Vec<PathBuf>,
}

/// A snapshot is a directory.
///
/// # Errors
/// `NOT_FOUND`.
pub fn check_snapshot(snapshot: &Path) -> Result<()> {
    if !snapshot.is_dir() {
        let what = if snapshot.exists() {
            "is not a directory"
        } else {
            "does not exist"
        };
        return Err(Error::new(
            Code::NotFound,
            format!(
                "snapshot {} {what}; expected a directory with trades.parquet in it",
                snapshot.display()
            ),
        )
        .in_file(snapshot));
    }
    Ok(())
}

/// Opens the tables of a snapshot and finds the needed columns.
/// `ts_unit` is that of integer times.
pub fn open(job: &Job, snapshot: &Path, ts_unit: Option<TimeUnit>) -> Result<Opened> {
    check_snapshot(snapshot)?;
    let trades = Table::open(snapshot, TableName::Trades)?.ok_or_else(|| {
        Error::new(
            Code::NoTrades,
            format!(
                "{} has no trades.parquet (nor a folder trades with Parquet files); features are made for trades",
                snapshot.display()
            ),
        )
        .in_file(snapshot)
    })?;
    let trade_roles = TradeRoles::find(&trades, ts_unit)?;
    let market_trades = Table::open(snapshot, TableName::MarketTrades)?;
    let clob_tob = Table::open(snapshot, TableName::ClobTob)?;
    let inputs = std::iter::once(&trades)
        .chain(&market_trades)
        .chain(&clob_tob)
        .flat_map(|t| std::iter::once(&t.path).chain(t.parts.iter().map(|p| &p.path)))
        .cloned()
        .collect();
    let shape = market_trades.as_ref().map(Table::shape);
    let tape = match market_trades {
        None => {
            job.warn(
                "no_market_trades",
                format!(
                    "{} has no market_trades.parquet; the mt_ columns are left out",
                    snapshot.display()
                ),
            );
            None
        }
        Some(table) if table.rows == 0 => {
            job.warn(
                "empty_market_trades",
                format!(
                    "{} has no rows; the mt_ columns are left out",
                    table.path.display()
                ),
            );
            None
        }
        Some(table) => {
            let roles = TapeRoles::find(&table, ts_unit)?;
            Some((table, roles))
        }
    };
    if trades.rows == 0 {
        job.warn(
            "empty_trades",
            format!(
                "{} has no rows; the output has none either",
                trades.path.display()
            ),
        );
    }
    let integer_times = trade_roles.ts.kind == TimeKind::Integer
        || tape
            .as_ref()
            .is_some_and(|(_, roles)| roles.ts.kind == TimeKind::Integer);
    if ts_unit.is_some() && !integer_times {
        job.warn(
            "ts_unit_unused",
            "--ts-unit has no effect: no ts column holds integers",
        );
    }
    Ok(Opened {
        trades,
        trade_roles,
        tape,
        market_trades: shape,
        clob_tob: clob_tob.as_ref().map(Table::shape),
        inputs,
    })
}
