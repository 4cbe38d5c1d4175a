//! The columns that rules of visibility need beyond those of the features, and what the trades say in them.

use std::sync::Arc;

use arrow::array::ArrayRef;
use hashbrown::HashMap;
use polyfeat::TimeUnit;
use rayon::prelude::*;

use crate::error::{Code, Error, Result};
use crate::job::Job;
use crate::keys::BATCH_ROWS;
use crate::pair::{Kind, Pair, Side};
use crate::part::Part;
use crate::roles::TimeColumn;
use crate::strings::{CodeReader, NULL_CODE, read_as_codes};
use crate::table::{Group, Table};
use crate::text_set::TextSet;
use crate::values::{Values, text_codes};

/// The place of a row that has none, as kernels know it.
const NO_PLACE: i64 = i64::MIN;

/// Which further columns are read.
#[derive(Debug, Clone, Default)]
pub struct Further {
    /// Since when a print can be known.
    pub availability: Option<TimeColumn>,
    /// What orders rows of one stamp.
    pub sequence: Option<Pair>,
    /// What tells own prints: all of them.
    pub own: Vec<Pair>,
}

/// What the trades say in these columns, and how prints are compared with it.
#[derive(Default)]
pub struct Known {
    /// Places within a stamp by file row; empty when the sequence does not decide.
    pub sequence: Vec<i64>,
    /// Codes of transactions by file row; empty when own prints are not looked for.
    pub own: Vec<u32>,
    ranks: Option<(TextSet, Vec<u32>)>,
    values: Vec<Values>,
    /// The code of several columns' codes.
    tuples: HashMap<Vec<u32>, u32>,
}

impl Further {
    /// Bytes per print that they take while prints are kept.
    #[must_use]
    pub fn print_bytes(&self) -> u64 {
        8 * u64::from(self.availability.is_some())
            + 8 * u64::from(self.sequence.is_some())
            + 4 * u64::from(!self.own.is_empty())
    }

    /// Bytes that the trades' values take, about.
    #[must_use]
    pub fn known_bytes(&self, trades: &Table, tape: &Table) -> u64 {
        let texts = |table: &Table, side: Side| match side.kind {
            Kind::Text => table.uncompressed_bytes(side.root) + 26 * table.rows,
            _ => 40 * table.rows,
        };
        let own: u64 = self.own.iter().map(|pair| texts(trades, pair.trades)).sum();
        let ranked = self.sequence.iter().filter(|pair| pair.is_text());
        let ranks: u64 = ranked
            .map(|pair| texts(trades, pair.trades) + texts(tape, pair.tape))
            .sum();
        let rows = 8 * u64::from(self.sequence.is_some()) + 4 * u64::from(!self.own.is_empty());
        own + ranks + rows * trades.rows
    }

    /// The tape's root columns, and those of them that are text.
    #[must_use]
    pub fn tape_roots(&self) -> (Vec<usize>, Vec<usize>) {
        let sides: Vec<Side> = self.sequence.iter().chain(&self.own).map(|p| p.tape).collect();
        let all = self.availability.iter().map(|column| column.index);
        (
            all.chain(sides.iter().map(|s| s.root)).collect(),
            text_roots(&sides),
        )
    }

    /// Reads the trades' columns.
    ///
    /// # Errors
    /// Those of reading; `OVERFLOW` for a sequence beyond 64 bits.
    pub fn read(&self, job: &Arc<Job>, trades: &Table, tape: &Table) -> Result<Known> {
        self.read_groups(job, trades, &trades.groups, tape)
    }

    /// The same of some row groups of the trades; rows are counted from the first of these.
    ///
    /// # Errors
    /// As [`Further::read`].
    pub fn read_groups(
        &self,
        job: &Arc<Job>,
        trades: &Table,
        groups: &[Group],
        tape: &Table,
    ) -> Result<Known> {
        let mut known = Known::default();
        if let Some(pair) = self.sequence.as_ref().filter(|pair| pair.is_text()) {
            known.ranks = Some(ranks(job, [(trades, pair.trades), (tape, pair.tape)])?);
        }
        if let Some(pair) = &self.sequence {
            let places = each_group(
                job,
                (trades, groups),
                &[pair.trades],
                |_: &mut (), arrays, reader| {
                    let mut places = Vec::new();
                    known.places(
                        pair,
                        pair.trades,
                        &arrays[0],
                        &mut reader[0],
                        |_| true,
                        &mut places,
                    )?;
                    Ok(places)
                },
            )?;
            known.sequence = places
                .into_iter()
                .flat_map(|(_, places)| places)
                .flatten()
                .collect();
        }
        if self.own.is_empty() {
            return Ok(known);
        }
        let sides: Vec<Side> = self.own.iter().map(|pair| pair.trades).collect();
        let new = || -> Vec<Values> { sides.iter().map(|_| Values::default()).collect() };
        let groups = each_group(
            job,
            (trades, groups),
            &sides,
            |values: &mut Vec<Values>, arrays, readers| {
                values.resize_with(sides.len(), Values::default);
                let columns = arrays.iter().zip(values).zip(readers).zip(&self.own);
                columns
                    .map(|(((array, values), reader), pair)| {
                        values.intern(array, pair.trades, pair.unit, reader)
                    })
                    .collect::<Result<Vec<Vec<u32>>>>()
            },
        )?;
        known.values = new();
        for (values, batches) in groups {
            let maps: Vec<Vec<u32>> = known
                .values
                .iter_mut()
                .zip(values)
                .map(|(all, of)| all.merge(of))
                .collect();
            for columns in batches {
                let rows = columns.first().map_or(0, Vec::len);
                let code = |column: usize, row: usize| {
                    let code = columns[column][row];
                    maps[column].get(code as usize).copied().unwrap_or(NULL_CODE)
                };
                if let [_] = self.own[..] {
                    known.own.extend((0..rows).map(|row| code(0, row)));
                    continue;
                }
                for row in 0..rows {
                    let tuple: Vec<u32> = (0..columns.len()).map(|column| code(column, row)).collect();
                    let next = known.tuples.len() as u32;
                    known.own.push(if tuple.contains(&NULL_CODE) {
                        NULL_CODE
                    } else {
                        *known.tuples.entry(tuple).or_insert(next)
                    });
                }
            }
        }
        known.values.iter_mut().for_each(Values::seal);
        Ok(known)
    }
}

impl Known {
    /// Appends the places of an array's rows; those that are not `wanted` may have any.
    ///
    /// # Errors
    /// `OVERFLOW` for a value beyond 64 bits.
    pub fn places(
        &self,
        pair: &Pair,
        side: Side,
        array: &ArrayRef,
        reader: &mut CodeReader,
        wanted: impl Fn(usize) -> bool,
        places: &mut Vec<i64>,
    ) -> Result<()> {
        if let (Some((texts, ranks)), Kind::Text) = (&self.ranks, side.kind) {
            let mut codes = Vec::with_capacity(array.len());
            let rank = |text: &[u8]| texts.get(text).map_or(NULL_CODE, |code| ranks[code as usize]);
            text_codes(array, reader, wanted, rank, &mut codes)?;
            let place = |rank| {
                if rank == NULL_CODE {
                    NO_PLACE
                } else {
                    i64::from(rank)
                }
            };
            places.extend(codes.into_iter().map(place));
            return Ok(());
        }
        for (row, value) in side.numbers(array, pair.unit)?.into_iter().enumerate() {
            let place = match value {
                None => NO_PLACE,
                Some(_) if !wanted(row) => NO_PLACE,
                Some(value) => i64::try_from(value)
                    .ok()
                    .filter(|&place| place != NO_PLACE)
                    .ok_or_else(|| {
                        let message = format!("the sequence {value} does not fit into 64 bits");
                        Error::new(Code::Overflow, message).at_row(row as u64)
                    })?,
            };
            places.push(place);
        }
        Ok(())
    }

    /// Appends the code of each print's transaction: that of the trades with the same values in all columns.
    ///
    /// # Errors
    /// Those of reading the arrays.
    pub fn own_codes<'b>(
        &self,
        own: &[Pair],
        array: impl Fn(usize) -> &'b ArrayRef,
        readers: &mut [CodeReader],
        wanted: impl Fn(usize) -> bool,
        codes: &mut Vec<u32>,
    ) -> Result<()> {
        if let ([pair], [values]) = (own, &self.values[..]) {
            let array = array(pair.tape.root);
            return values.look_up(array, pair.tape, pair.unit, &mut readers[0], wanted, codes);
        }
        let mut columns = vec![Vec::new(); own.len()];
        for (i, (pair, values)) in own.iter().zip(&self.values).enumerate() {
            let array = array(pair.tape.root);
            values.look_up(
                array,
                pair.tape,
                pair.unit,
                &mut readers[i],
                &wanted,
                &mut columns[i],
            )?;
        }
        let rows = columns.first().map_or(0, Vec::len);
        let mut tuple = vec![0; own.len()];
        codes.extend((0..rows).map(|row| {
            tuple
                .iter_mut()
                .zip(&columns)
                .for_each(|(code, column)| *code = column[row]);
            self.tuples.get(&tuple).copied().unwrap_or(NULL_CODE)
        }));
        Ok(())
    }
}

fn text_roots(sides: &[Side]) -> Vec<usize> {
    let texts = sides.iter().filter(|side| side.kind == Kind::Text);
    texts.map(|side| side.root).collect()
}

/// Distinct texts of both files, and their ranks by bytes.
fn ranks(job: &Arc<Job>, columns: [(&Table, Side); 2]) -> Result<(TextSet, Vec<u32>)> {
    let mut all = TextSet::default();
    for (table, side) in columns {
        if side.kind != Kind::Text {
            continue;
        }
        let groups = each_group(
            job,
            (table, &table.groups),
            &[side],
            |texts: &mut TextSet, arrays, readers| {
                let mut codes = Vec::new();
                text_codes(
                    &arrays[0],
                    &mut readers[0],
                    |_| true,
                    |text| texts.intern(text),
                    &mut codes,
                )
            },
        )?;
        for (texts, _) in groups {
            all.merge(texts);
        }
    }
    let ranks = all.ranks();
    Ok((all, ranks))
}

/// What `work` makes of every row group's batches, in file order, with a state for each row group.
fn each_group<S: Default + Send, T: Send>(
    job: &Arc<Job>,
    (table, groups): (&Table, &[Group]),
    sides: &[Side],
    work: impl Fn(&mut S, &[ArrayRef], &mut [CodeReader]) -> Result<T> + Sync,
) -> Result<Vec<(S, Vec<T>)>> {
    let metas = table
        .parts
        .iter()
        .map(|part| read_as_codes(part, &text_roots(sides)))
        .collect::<Result<Vec<_>>>()?;
    let mut wanted: Vec<usize> = sides.iter().map(|side| side.root).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let one = |group: &Group| {
        let part = &table.parts[group.part];
        let mut state = S::default();
        let mut readers: Vec<CodeReader> = sides.iter().map(|_| CodeReader::default()).collect();
        let mut made = Vec::new();
        for batch in part.batches(job, &metas[group.part], group.index, &wanted, BATCH_ROWS)? {
            job.check()?;
            let batch = batch.map_err(|e| Error::arrow(&part.path, e))?;
            let array = |side: &Side| Arc::clone(batch.column(wanted.partition_point(|&c| c < side.root)));
            let arrays: Vec<ArrayRef> = sides.iter().map(array).collect();
            made.push(work(&mut state, &arrays, &mut readers).map_err(|e| e.in_file(&part.path))?);
        }
        Ok((state, made))
    };
    groups.par_iter().map(one).collect()
}

/// Whether a column has a value other than null: by the footer, or by looking.
///
/// # Errors
/// Those of reading.
pub fn has_values(job: &Arc<Job>, table: &Table, name: &str) -> Result<bool> {
    let Some((root, _)) = table.column(name) else {
        return Ok(false);
    };
    if let Some(nulls) = table.null_count(root) {
        return Ok(nulls < table.rows);
    }
    for group in &table.groups {
        let part: &Part = &table.parts[group.part];
        for batch in part.batches(job, &part.meta, group.index, &[root], BATCH_ROWS)? {
            job.check()?;
            let batch = batch.map_err(|e| Error::arrow(&part.path, e))?;
            let column = batch.column(0);
            if column.logical_null_count() < column.len() {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

impl Further {
    /// The unit of availability, where it is a rule.
    #[must_use]
    pub fn availability_unit(&self) -> Option<TimeUnit> {
        self.availability.as_ref().map(|column| column.unit)
    }
}

/// The finest unit that is needed to compare availability with stamps of `unit`.
#[must_use]
pub fn common_unit(further: &Further, unit: TimeUnit) -> TimeUnit {
    further
        .availability_unit()
        .map_or(unit, |finer| unit.finer(finer))
}
