//! Some rows of a column, for one that is too large to be held whole: decoded batch by batch, of which only
//! what is wanted stays.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, UInt32Array};
use arrow::compute::{cast, take};
use arrow::datatypes::{DataType, Int32Type};
use rayon::prelude::*;

use super::{Decoded, Holding, Source, chunked, internal, texts};
use crate::error::{Error, Result};
use crate::keys::BATCH_ROWS;
use crate::strings::{Interner, NULL_CODE};

impl Source<'_> {
    /// Decodes only `rows` (ascending file rows), for a column that is too large to be held whole.
    /// Row `i` of the result is `rows[i]`.
    ///
    /// # Errors
    /// Those of reading.
    pub fn read_rows(&self, rows: &[u32]) -> Result<Decoded> {
        if self.holding() == Holding::Codes {
            return self.codes_of_rows(rows);
        }
        let picked: Vec<Vec<ArrayRef>> = self
            .table
            .groups
            .par_iter()
            .map(|group| {
                let mut at = group.first_row as usize;
                let mut out = Vec::new();
                for array in self.batches(group, BATCH_ROWS)? {
                    let array = array?;
                    let wanted = rows_within(rows, at..at + array.len());
                    if !wanted.is_empty() {
                        let places: UInt32Array = wanted.iter().map(|&r| r - at as u32).collect();
                        out.push(compact(&take(&array, &places, None).map_err(internal)?)?);
                    }
                    at += array.len();
                }
                Ok(out)
            })
            .collect::<Result<_>>()?;
        self.alike(picked.into_iter().flatten().collect()).map(chunked)
    }

    /// The same for a column that is held as codes: the writer cuts pages of codes at other places than pages
    /// of text, and the bytes of the file must not tell how much memory there was.
    fn codes_of_rows(&self, rows: &[u32]) -> Result<Decoded> {
        let local: Vec<(Vec<u32>, Interner)> = self
            .table
            .groups
            .par_iter()
            .map(|group| {
                let (mut codes, mut names) = (Vec::new(), Interner::default());
                let mut at = group.first_row as usize;
                for array in self.batches(group, BATCH_ROWS)? {
                    let array = array?;
                    let wanted = rows_within(rows, at..at + array.len());
                    let Some(dict) = array.as_dictionary_opt::<Int32Type>() else {
                        return Err(Error::internal("codes that were read as text"));
                    };
                    let (keys, texts) = (dict.keys(), dict.values().as_string::<i32>());
                    // Only texts that are wanted are taken: the others may be many times as much.
                    let mut known = vec![NULL_CODE; texts.len()];
                    codes.extend(wanted.iter().map(|&row| {
                        let i = row as usize - at;
                        if keys.is_null(i) {
                            return NULL_CODE;
                        }
                        let key = keys.value(i) as usize;
                        if known[key] == NULL_CODE {
                            known[key] = names.intern(texts.value(key).as_bytes());
                        }
                        known[key]
                    }));
                    at += array.len();
                }
                Ok((codes, names))
            })
            .collect::<Result<_>>()?;
        let (mut all, mut names) = (Vec::with_capacity(rows.len()), Interner::default());
        for (codes, local) in local {
            let map: Vec<u32> = local.names().iter().map(|n| names.intern(n)).collect();
            all.extend(
                codes
                    .iter()
                    .map(|&c| if c == NULL_CODE { c } else { map[c as usize] }),
            );
        }
        Ok(Decoded::Codes(all, texts(&names)))
    }
}

/// Those of some ascending rows that lie within a range.
fn rows_within(rows: &[u32], range: Range<usize>) -> &[u32] {
    let first = |at: usize| rows.partition_point(|&r| (r as usize) < at);
    &rows[first(range.start)..first(range.end)]
}

/// A picked array of views still holds the pages of all rows, and one of codes the whole dictionary; its own
/// text alone is far less.
fn compact(array: &ArrayRef) -> Result<ArrayRef> {
    Ok(match array.data_type() {
        DataType::Utf8View => Arc::new(array.as_string_view().gc()),
        DataType::BinaryView => Arc::new(array.as_binary_view().gc()),
        DataType::Dictionary(_, of) if **of == DataType::Utf8 => {
            let views = cast(array, &DataType::Utf8View).map_err(internal)?;
            Arc::new(views.as_string_view().gc())
        }
        _ => Arc::clone(array),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    use arrow::array::{Float64Array, RecordBatch, StringArray};
    use parquet::arrow::ArrowWriter;
    use parquet::arrow::arrow_reader::ArrowReaderMetadata;
    use parquet::file::properties::WriterProperties;

    use crate::job::Job;
    use crate::strings::read_as_codes;
    use crate::table::{Table, TableName};

    const ROWS: usize = 4_000;

    /// Three row groups of: few texts, texts that overflow their dictionary, numbers; nulls in all of them.
    fn write(path: &std::path::Path) {
        let some = |i: usize| i % 7 != 3;
        let few: StringArray = (0..ROWS)
            .map(|i| some(i).then(|| format!("{}", i % 50)))
            .collect();
        let many: StringArray = (0..ROWS).map(|i| some(i).then(|| format!("{i:>40}"))).collect();
        let numbers: Float64Array = (0..ROWS).map(|i| some(i).then_some(i as f64)).collect();
        let columns: [(&str, ArrayRef); 3] = [
            ("few", Arc::new(few)),
            ("many", Arc::new(many)),
            ("numbers", Arc::new(numbers)),
        ];
        let rows = RecordBatch::try_from_iter(columns).unwrap();
        let properties = WriterProperties::builder()
            .set_dictionary_page_size_limit(10_000)
            .set_max_row_group_row_count(Some(1_500))
            .build();
        let file = std::fs::File::create(path).unwrap();
        let mut writer = ArrowWriter::try_new(file, rows.schema(), Some(properties)).unwrap();
        writer.write(&rows).unwrap();
        writer.close().unwrap();
    }

    #[test]
    fn picked_rows_are_those_of_the_whole_column_and_held_alike() {
        let dir = tempfile::tempdir().unwrap();
        write(&dir.path().join("trades.parquet"));
        let table = Table::open(dir.path(), TableName::Trades).unwrap().unwrap();
        let metas: Vec<ArrowReaderMetadata> = table
            .parts
            .iter()
            .map(|p| read_as_codes(p, &[0, 1]).unwrap())
            .collect();
        let job = Arc::new(Job::default());
        let holdings = [Holding::Codes, Holding::Chunks, Holding::Fixed(8)];
        for (root, holding) in holdings.into_iter().enumerate() {
            let source = Source {
                job: &job,
                table: &table,
                metas: &metas,
                root,
            };
            assert_eq!(source.holding(), holding, "column {root}");
            let whole = source.read().unwrap();
            for step in [1, 3, 1_700] {
                let rows: Vec<u32> = (1..ROWS as u32).step_by(step).collect();
                let picked = source.read_rows(&rows).unwrap();
                let places: Vec<u32> = (0..rows.len() as u32).rev().collect();
                let backwards: Vec<u32> = rows.iter().rev().copied().collect();
                let (got, want) = (picked.rows(&places).unwrap(), whole.rows(&backwards).unwrap());
                // The writer treats one type of array unlike another.
                assert_eq!(got.data_type(), want.data_type(), "column {root}");
                let plain = |array: &ArrayRef| match array.data_type() {
                    DataType::Dictionary(_, value) => cast(array, value).unwrap(),
                    _ => Arc::clone(array),
                };
                assert_eq!(&plain(&got), &plain(&want), "column {root}, step {step}");
            }
        }
    }
}
