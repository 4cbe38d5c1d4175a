//! What the machine needs for the bytes alone: the same columns read, put into the same order and written by
//! the same code, with no feature computed. A build can come close to this and not below it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;

use polyfeat::{SweptColumns, SweptCounts};

use crate::build::{BuildOptions, Order};
use crate::columns::Plan;
use crate::error::{Error, Result};
use crate::job::Job;
use crate::keys::{BATCH_ROWS, read_keys};
use crate::made::{Made, RowColumns, TapeResult};
use crate::open::open;
use crate::order::sorted_order;
use crate::out_file::OutFile;
use crate::pool::pool;
use crate::roles::TapeRoles;
use crate::strings::read_as_codes;
use crate::swept::Swept;
use crate::table::Table;
use crate::write::Writing;

/// Reads, re-orders and writes what [`build`](fn@crate::build) would, with the trades' own sizes and times in
/// place of features. Returns milliseconds by phase, and in all.
///
/// # Errors
/// As a build; an internal error without a tape.
pub fn roofline(job: &Arc<Job>, options: &BuildOptions) -> Result<BTreeMap<&'static str, f64>> {
    job.begin("open", "rows", 0);
    let opened = open(job, &options.snapshot, options.ts_unit)?;
    pool(options.threads.unwrap_or(0))?.install(|| {
        let (trades, roles) = (&opened.trades, &opened.trade_roles);
        let Some((table, tape_roles)) = &opened.tape else {
            return Err(Error::internal("the roofline needs a tape"));
        };
        let rules = options.rules.resolve()?;
        let plan = Plan {
            rules: &rules,
            availability_unit: None,
            label_available: false,
            lags: &options.returns,
            windows: &options.windows,
            tape_unit: Some(tape_roles.ts.unit),
            ts: roles.ts,
        };
        let columns = plan.out_columns(job, trades, &options.columns)?;
        let out = OutFile::create(
            &options.out,
            &opened.inputs.iter().map(PathBuf::as_path).collect::<Vec<_>>(),
        )?;

        job.begin("keys", "rows", trades.rows);
        let keys = read_keys(job, trades, roles)?;
        let order = sorted_order(job, &keys.token, keys.tokens.names().len(), &keys.ts)?;
        let rows = (options.order == Order::Token).then_some(&order.rows[..]);
        let writing = Writing {
            job,
            trades,
            ts_root: roles.ts.index,
            columns: &columns,
            rows,
            codec: options.codec,
            memory: options.memory,
        };
        let mut sheet = writing.begin(out)?;
        job.begin("tape", "rows", table.rows);
        let (copied, read) = std::thread::scope(|scope| {
            let copying = scope.spawn(|| sheet.copy());
            let read = decode_only(job, table, tape_roles);
            let broken = |_| Err(Error::internal("the copy of columns broke off"));
            (copying.join().unwrap_or_else(broken), read)
        });
        copied.and(read)?;

        let stand_in = || keys.size.clone();
        let swept = SweptColumns {
            last_price: stand_in(),
            last_ts: keys.ts.clone(),
            returns: options.returns.iter().map(|_| stand_in()).collect(),
            counts: options.windows.iter().map(|_| stand_in()).collect(),
            volumes: options.windows.iter().map(|_| stand_in()).collect(),
            notionals: options.windows.iter().map(|_| stand_in()).collect(),
            proof: Vec::new(),
        };
        let position = (options.order == Order::Input).then(|| order.positions());
        let of = RowColumns {
            ts: &keys.ts,
            unit: keys.unit,
            leg: &keys.leg,
            shares: &keys.size,
            bucket_step: 1,
            mode: polyfeat::RegimeMode::Bucket,
            rows,
            position: position.as_deref(),
        };
        let tape = TapeResult {
            swept: Swept::Memory(swept),
            unit: keys.unit,
            source_unit: keys.unit,
            counts: SweptCounts {
                lags: options.returns.len(),
                windows: options.windows.len(),
                proof: 0,
            },
            availability_unit: None,
        };
        job.begin("write", "bytes", 0);
        sheet.encode(&Made::new(of, Some(tape)))?;
        sheet.commit(Vec::new())?;
        job.end();
        Ok(job.timings())
    })
}

/// Decodes the columns of the tape that features need, and lets them go.
fn decode_only(job: &Arc<Job>, table: &Table, roles: &TapeRoles) -> Result<()> {
    let wanted = [roles.ts.index, roles.token, roles.price, roles.size];
    table.groups.par_iter().try_for_each(|group| {
        let part = &table.parts[group.part];
        let meta = read_as_codes(part, &[roles.token])?;
        for batch in part.batches(job, &meta, group.index, &wanted, BATCH_ROWS)? {
            job.check()?;
            let batch = batch.map_err(|e| Error::arrow(&part.path, e))?;
            job.advance(batch.num_rows() as u64);
        }
        Ok(())
    })
}
