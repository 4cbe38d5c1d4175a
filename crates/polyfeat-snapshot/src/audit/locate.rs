//! Where in the tape's files a print stands: while it is streamed, prints do not carry their rows.

use std::collections::HashMap;
use std::sync::Arc;

use polyfeat::{TimeUnit, rescale};

use super::failures::{Failures, Later};
use super::walk::Token;
use crate::error::{Error, Result};
use crate::job::Job;
use crate::keys::BATCH_ROWS;
use crate::roles::TapeRoles;
use crate::strings::{CodeReader, Interner, NULL_CODE, read_as_codes};
use crate::table::Table;

/// A print among all of the tape: the n-th of its token, stamp, price and size, in file order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PrintKey {
    token: u32,
    ts: i64,
    price: u64,
    size: u64,
    nth: usize,
}

impl PrintKey {
    /// The key of the token's print at a position.
    #[must_use]
    pub fn of(token: &Token<'_>, at: usize) -> Self {
        let prints = &token.prints.prints;
        let key = |i: usize| (prints.ts[i], prints.price[i].to_bits(), prints.size[i].to_bits());
        let (ts, price, size) = key(at);
        let alike = (0..at).rev().take_while(|&i| prints.ts[i] == ts);
        PrintKey {
            token: token.code,
            ts,
            price,
            size,
            nth: alike.filter(|&i| key(i) == key(at)).count(),
        }
    }
}

/// Names the rows of the prints that failures wait for. `unit` is that of the keys' stamps.
///
/// # Errors
/// Those of reading.
pub fn locate(
    job: &Arc<Job>,
    table: &Table,
    roles: &TapeRoles,
    tokens: &Interner,
    unit: TimeUnit,
    failures: &mut Failures,
) -> Result<()> {
    let wanted: Vec<PrintKey> = failures
        .first
        .iter()
        .filter_map(|failure| failure.print)
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    job.begin("locate", "rows", table.rows);
    let mut seen: HashMap<PrintKey, usize> = HashMap::new();
    let mut found: HashMap<PrintKey, Later> = HashMap::new();
    let mut columns = vec![roles.ts.index, roles.token, roles.price, roles.size];
    columns.sort_unstable();
    columns.dedup();
    let metas: Vec<_> = table
        .parts
        .iter()
        .map(|part| read_as_codes(part, &[roles.token]))
        .collect::<Result<_>>()?;
    let of_wanted = |name: &[u8]| {
        let code = tokens
            .get(name)
            .filter(|&code| wanted.iter().any(|key| key.token == code));
        code.unwrap_or(NULL_CODE)
    };
    for group in &table.groups {
        let part = &table.parts[group.part];
        let (mut reader, mut at) = (CodeReader::default(), group.first_row);
        for batch in part.batches(job, &metas[group.part], group.index, &columns, BATCH_ROWS)? {
            job.check()?;
            let batch = batch.map_err(|e| Error::arrow(&part.path, e))?;
            let array = |root: usize| batch.column(columns.partition_point(|&c| c < root));
            let (mut codes, mut ts) = (Vec::new(), Vec::new());
            let (mut price, mut size) = (Vec::new(), Vec::new());
            reader.read(array(roles.token), of_wanted, &mut codes)?;
            crate::coerce::times(array(roles.ts.index), &roles.ts, &mut ts)?;
            crate::coerce::numbers(array(roles.price), &mut price)?;
            crate::coerce::numbers(array(roles.size), &mut size)?;
            for i in (0..codes.len()).filter(|&i| codes[i] != NULL_CODE) {
                let Some(ts) = rescale(ts[i], roles.ts.unit, unit) else {
                    continue;
                };
                let mut key = PrintKey {
                    token: codes[i],
                    ts,
                    price: price[i].to_bits(),
                    size: size[i].to_bits(),
                    nth: 0,
                };
                let before = seen.entry(key).or_insert(0);
                key.nth = *before;
                *before += 1;
                if wanted.contains(&key) {
                    let file = part.path.display().to_string();
                    found.insert(
                        key,
                        Later {
                            file,
                            row: at + i as u64,
                        },
                    );
                }
            }
            at += codes.len() as u64;
            job.advance(codes.len() as u64);
        }
    }
    for failure in &mut failures.first {
        failure.later = failure
            .later
            .take()
            .or(failure.print.and_then(|key| found.get(&key).cloned()));
    }
    Ok(())
}
