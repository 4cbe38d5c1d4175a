//! Regime counts, and profit and loss by regime and kind of execution.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use arrow::array::Array;
use arrow::datatypes::FieldRef;
use polyfeat::exact_sum;
use rayon::prelude::*;
use serde_json::Value;

use crate::cells::{Cell, Cells};
use crate::error::{Code, Error, Result};
use crate::job::{Job, Warning};
use crate::keys::BATCH_ROWS;
use crate::pool::pool;
use crate::provenance::made;
use crate::roles::{SUMMARY_NEEDED, is_number, is_string, value_type};
use crate::safe::label_name;
use crate::strings::{CodeReader, Interner, NULL_CODE, read_as_codes};
use crate::table::Table;

/// How many trades have a regime.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct RegimeCount {
    pub regime: String,
    pub trades: u64,
}

/// A line of the PnL table.
#[derive(Debug, Clone, PartialEq)]
pub struct PnlRow {
    /// Regime.
    pub regime: String,
    /// Kind of execution; null is a group of its own.
    pub exec_type: Option<String>,
    /// Trades with an event key.
    pub trades: u64,
    /// Correctly rounded sum of the realized PnL.
    pub pnl_usd: f64,
    /// Its mean over the resolved trades.
    pub avg_pnl: f64,
}

/// What the notebook prints about its features.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Rows of the file.
    pub rows: u64,
    /// Largest first, then by name.
    pub regimes: Vec<RegimeCount>,
    /// At most 20 lines, largest PnL first; `None` when a column for it is missing.
    pub pnl: Option<Vec<PnlRow>>,
    /// How the file was made, as JSON; `None` for a file that does not say it.
    pub made: Option<Value>,
    /// What was odd.
    pub warnings: Vec<Warning>,
}

/// Lines of the PnL table.
const MAX_LINES: usize = 20;

/// Counts by regime, those without a trade left out: largest first, ties by name.
#[must_use]
pub fn regime_counts<'a>(counts: impl Iterator<Item = (&'a str, u64)>) -> Vec<RegimeCount> {
    let mut counts: Vec<RegimeCount> = counts
        .filter(|&(_, trades)| trades > 0)
        .map(|(regime, trades)| RegimeCount {
            regime: regime.to_string(),
            trades,
        })
        .collect();
    counts.sort_by(|a, b| b.trades.cmp(&a.trades).then_with(|| a.regime.cmp(&b.regime)));
    counts
}

/// The PnL table of `table`, whose row `i` (in file order) has the regime `regime_of(i)`; `None` with a
/// warning when a column is missing.
///
/// # Errors
/// Those of reading.
pub fn pnl_table(
    job: &Arc<Job>,
    table: &Table,
    regime_of: &(impl Fn(u64) -> u32 + Sync),
    regimes: &[&str],
) -> Result<Option<Vec<PnlRow>>> {
    let Some([pnl, exec, key]) = columns(job, table) else {
        return Ok(None);
    };
    let metas = table
        .parts
        .iter()
        .map(|p| read_as_codes(p, &[exec]))
        .collect::<Result<Vec<_>>>()?;
    // Only whether a key is null counts; where the footers say that none is, the long strings stay unread.
    let no_null_keys = table.null_count(key) == Some(0);
    let mut wanted = if no_null_keys {
        vec![pnl, exec]
    } else {
        vec![pnl, exec, key]
    };
    wanted.sort_unstable();
    wanted.dedup();
    let groups: Vec<(Interner, Cells)> = table
        .groups
        .par_iter()
        .map(|group| {
            let part = &table.parts[group.part];
            let (mut names, mut cells) = (Interner::default(), Cells::new(regimes.len()));
            let (mut reader, mut codes, mut values) = (CodeReader::default(), Vec::new(), Vec::new());
            let mut row = group.first_row;
            for batch in part.batches(job, &metas[group.part], group.index, &wanted, BATCH_ROWS)? {
                job.check()?;
                let batch = batch.map_err(|e| Error::arrow(&part.path, e))?;
                let column = |index: usize| batch.column(wanted.partition_point(|&c| c < index));
                values.clear();
                codes.clear();
                crate::coerce::numbers(column(pnl), &mut values)?;
                reader.read(column(exec), |s| names.intern(s), &mut codes)?;
                let keys = if no_null_keys {
                    None
                } else {
                    column(key).logical_nulls()
                };
                for (i, (&value, &exec)) in values.iter().zip(&codes).enumerate() {
                    if value.is_nan() {
                        continue;
                    }
                    let cell = cells.cell(exec, regime_of(row + i as u64));
                    cell.pnl.push(value);
                    cell.keys += u64::from(keys.as_ref().is_none_or(|k| k.is_valid(i)));
                }
                row += batch.num_rows() as u64;
            }
            Ok((names, cells))
        })
        .collect::<Result<_>>()?;

    let mut all = BTreeMap::<_, Cell>::new();
    for (names, cells) in groups {
        for (exec, regime, mut cell) in cells.into_cells().filter(|(_, _, cell)| !cell.pnl.is_empty()) {
            let exec = exec.map(|exec| Arc::clone(&names.names()[exec]));
            all.entry((regime, exec))
                .and_modify(|all| {
                    all.keys += cell.keys;
                    all.pnl.append(&mut cell.pnl);
                })
                .or_insert(cell);
        }
    }
    let mut lines: Vec<PnlRow> = all
        .into_par_iter()
        .map(|((regime, exec), cell)| {
            let sum = exact_sum(&cell.pnl);
            #[allow(clippy::cast_precision_loss)] // fewer rows than 2^53
            let n = cell.pnl.len() as f64;
            PnlRow {
                regime: regimes.get(regime).copied().unwrap_or_default().to_string(),
                exec_type: exec.map(|e| String::from_utf8_lossy(&e).into_owned()),
                trades: cell.keys,
                pnl_usd: sum,
                avg_pnl: sum / n,
            }
        })
        .collect();
    lines.sort_by(line_order);
    lines.truncate(MAX_LINES);
    Ok(Some(lines))
}

/// PnL descending, NaN last; ties by regime, then kind of execution, null last.
fn line_order(a: &PnlRow, b: &PnlRow) -> Ordering {
    let pnl = match (a.pnl_usd.is_nan(), b.pnl_usd.is_nan()) {
        (false, false) => b.pnl_usd.partial_cmp(&a.pnl_usd).unwrap_or(Ordering::Equal),
        (a, b) => a.cmp(&b),
    };
    let exec = || match (&a.exec_type, &b.exec_type) {
        (Some(x), Some(y)) => x.cmp(y),
        (x, y) => x.is_none().cmp(&y.is_none()),
    };
    pnl.then_with(|| a.regime.cmp(&b.regime)).then_with(exec)
}

fn columns(job: &Job, table: &Table) -> Option<[usize; 3]> {
    let mut found = [0; 3];
    let mut bad = Vec::new();
    for (slot, name) in found.iter_mut().zip(SUMMARY_NEEDED) {
        match column_or_label(table, name) {
            None => bad.push(format!("no column {name}")),
            Some((_, f)) if name == "realized_pnl" && !is_number(f.data_type()) => {
                bad.push(format!(
                    "{name} is {}, not a number",
                    crate::type_name::type_name(f.data_type())
                ));
            }
            Some((_, f)) if name == "exec_type" && !is_text(f.data_type()) => {
                bad.push(format!(
                    "{name} is {}, not text",
                    crate::type_name::type_name(f.data_type())
                ));
            }
            Some((i, _)) => *slot = i,
        }
    }
    if bad.is_empty() {
        return Some(found);
    }
    job.warn(
        "summary_columns_missing",
        format!(
            "{}: {}; the PnL table is left out",
            table.path.display(),
            bad.join(", ")
        ),
    );
    None
}

/// A column under its own name, or under the one that a safe output gives it.
fn column_or_label<'a>(table: &'a Table, name: &str) -> Option<(usize, &'a FieldRef)> {
    table.column(name).or_else(|| table.column(&label_name(name)))
}

fn is_text(t: &arrow::datatypes::DataType) -> bool {
    is_string(value_type(t)) || *t == arrow::datatypes::DataType::Null
}

/// The summary of a features file, whoever made it.
///
/// # Errors
/// `NOT_FOUND`, those of reading; `MISSING_COLUMN` or `WRONG_TYPE` when there is no `regime`.
pub fn summarize(job: &Arc<Job>, file: &Path) -> Result<Summary> {
    let table = Table::open_file(file)?;
    job.begin("read", "rows", table.rows);
    let Some((index, field)) = column_or_label(&table, "regime") else {
        return Err(Error::new(
            Code::MissingColumn,
            format!(
                "{} has no column regime; a features file is expected, as `build` writes it",
                file.display()
            ),
        )
        .in_file(file)
        .in_column("regime"));
    };
    if !is_text(field.data_type()) {
        return Err(Error::new(
            Code::WrongType,
            format!(
                "{}: column regime is {}; expected text",
                file.display(),
                crate::type_name::type_name(field.data_type())
            ),
        )
        .in_file(file)
        .in_column("regime"));
    }
    let (mut names, mut codes) = (Interner::default(), Vec::new());
    let metas = table
        .parts
        .iter()
        .map(|p| read_as_codes(p, &[index]))
        .collect::<Result<Vec<_>>>()?;
    for group in &table.groups {
        let part = &table.parts[group.part];
        let mut reader = CodeReader::default();
        for batch in part.batches(job, &metas[group.part], group.index, &[index], BATCH_ROWS)? {
            job.check()?;
            let batch = batch.map_err(|e| Error::arrow(&part.path, e))?;
            reader.read(batch.column(0), |s| names.intern(s), &mut codes)?;
            job.advance(batch.num_rows() as u64);
        }
    }
    // A null regime is shown as such, after the named ones.
    let mut text: Vec<&str> = names
        .names()
        .iter()
        .map(|n| std::str::from_utf8(n).unwrap_or_default())
        .collect();
    let null = text.len() as u32;
    text.push("null");
    codes
        .iter_mut()
        .filter(|c| **c == NULL_CODE)
        .for_each(|c| *c = null);
    let mut counts = vec![0; text.len()];
    codes.iter().for_each(|&c| counts[c as usize] += 1);
    let pnl = pool(0)?.install(|| pnl_table(job, &table, &|row| codes[row as usize], &text))?;
    job.end();
    Ok(Summary {
        rows: table.rows,
        regimes: regime_counts(text.iter().copied().zip(counts)),
        pnl,
        made: made(&table),
        warnings: job.warnings(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(pnl_usd: f64, regime: &str, exec: Option<&str>) -> PnlRow {
        PnlRow {
            regime: regime.into(),
            exec_type: exec.map(Into::into),
            trades: 1,
            pnl_usd,
            avg_pnl: pnl_usd,
        }
    }

    #[test]
    fn lines_are_ordered_by_pnl_then_names_with_nulls_last() {
        let mut lines = [
            line(f64::NAN, "A", None),
            line(1.0, "B", None),
            line(1.0, "B", Some("X")),
            line(1.0, "A", Some("Z")),
            line(2.0, "Z", None),
        ];
        lines.sort_by(line_order);
        let got: Vec<_> = lines
            .iter()
            .map(|l| (l.regime.as_str(), l.exec_type.as_deref()))
            .collect();
        assert_eq!(
            got,
            [
                ("Z", None),
                ("A", Some("Z")),
                ("B", Some("X")),
                ("B", None),
                ("A", None)
            ]
        );
    }

    #[test]
    fn counts_are_largest_first_then_by_name() {
        let got = regime_counts([("B", 1), ("A", 1), ("none", 0), ("C", 2)].into_iter());
        let got: Vec<_> = got.iter().map(|c| (c.regime.as_str(), c.trades)).collect();
        assert_eq!(got, [("C", 2), ("A", 1), ("B", 1)]);
    }
}
