//! The engine's reports as the JSON that TypeScript's types describe.

use polyfeat_snapshot::{
    BuildOptions, BuildReport, CompareReport, InspectReport, PnlRow, RegimeCount, Summary, TableInfo, Warning,
};
use serde_json::{Value, json};

/// Warnings as they are told.
pub fn warnings(all: &[Warning]) -> Value {
    all.iter()
        .map(|w| json!({ "code": w.code, "message": w.message }))
        .collect()
}

fn regimes(all: &[RegimeCount]) -> Value {
    all.iter()
        .map(|r| json!({ "regime": r.regime, "trades": r.trades }))
        .collect()
}

fn pnl(lines: Option<&Vec<PnlRow>>) -> Value {
    let Some(lines) = lines else { return Value::Null };
    lines
        .iter()
        .map(|l| {
            json!({
                "regime": l.regime, "exec_type": l.exec_type, "trades": l.trades,
                "pnl_usd": l.pnl_usd, "avg_pnl": l.avg_pnl, // JSON has no NaN: null
            })
        })
        .collect()
}

/// Report of a build.
pub fn build(r: &BuildReport, options: &BuildOptions) -> Value {
    json!({
        "engine": "native",
        "snapshot": options.snapshot.display().to_string(),
        "out": options.out.display().to_string(),
        "rows": r.rows,
        "columns": r.columns,
        "tables": { "trades": r.trades, "market_trades": r.market_trades, "clob_tob": r.clob_tob },
        "regimes": regimes(&r.regimes),
        "pnl": pnl(r.pnl.as_ref()),
        "dropped": { "market_trades_null_ts": r.null_ts, "market_trades_null_token": r.null_token },
        "rules": r.rules.to_json(),
        "warnings": warnings(&r.warnings),
        "timings_ms": r.timings_ms,
    })
}

fn table(t: &TableInfo) -> Value {
    let columns: Vec<Value> = t
        .columns
        .iter()
        .map(|c| {
            json!({
                "name": c.name, "type": c.data_type, "nulls": c.nulls,
                "role": c.role.map(|r| r.role.as_str()), "why": c.role.map(|r| r.why),
            })
        })
        .collect();
    let time = t.time.as_ref().map(|time| {
        json!({
            "column": time.column, "min": time.min, "max": time.max,
            "resolution": time.resolution.map(polyfeat_snapshot::TimeUnit::symbol), "sorted": time.sorted,
        })
    });
    json!({
        "table": t.table.as_str(), "files": t.files, "rows": t.rows, "columns": columns,
        "row_groups": t.row_groups, "bytes": t.bytes, "time": time,
        "tokens": t.tokens, "markets": t.markets, "missing": t.missing,
    })
}

/// Report of an inspection.
pub fn inspect(r: &InspectReport) -> Value {
    let tables: Vec<Value> = r.tables.iter().map(table).collect();
    json!({ "snapshot": r.snapshot, "tables": tables, "warnings": warnings(&r.warnings) })
}

/// A summary.
pub fn summary(s: &Summary) -> Value {
    json!({
        "rows": s.rows, "regimes": regimes(&s.regimes), "pnl": pnl(s.pnl.as_ref()),
        "made": s.made, "warnings": warnings(&s.warnings),
    })
}

/// Report of a comparison.
pub fn compare(r: &CompareReport) -> Value {
    let differences: Vec<Value> = r
        .differences
        .iter()
        .map(|d| {
            let first = d.first.as_ref().map(|(row, a, b)| json!({ "row": row, "a": a, "b": b }));
            json!({ "column": d.column, "rows": d.rows, "first": first, "max_abs": d.max_abs, "max_rel": d.max_rel })
        })
        .collect();
    json!({
        "equal": r.equal, "rows": r.rows, "only_in_a": r.only_in_a, "only_in_b": r.only_in_b,
        "order_differs": r.order_differs, "columns_compared": r.columns_compared, "differences": differences,
    })
}
