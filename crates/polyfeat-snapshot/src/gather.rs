//! One input column: decoded, then its rows picked in any order.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, DictionaryArray, Int32Array, UInt32Array, new_empty_array};
use arrow::compute::{concat, interleave, take};
use arrow::datatypes::{DataType, Int32Type};
use parquet::arrow::arrow_reader::ArrowReaderMetadata;
use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::job::Job;
use crate::strings::Interner;
use crate::table::Table;

/// A decoded column.
pub enum Decoded {
    /// One array for all rows.
    Whole(ArrayRef),
    /// One array per row group, and the first row of each.
    Chunks(Vec<ArrayRef>, Vec<usize>),
}

impl Decoded {
    /// Decodes a root column of all row groups, in parallel.
    ///
    /// # Errors
    /// Those of reading.
    pub fn read(
        job: &Arc<Job>,
        table: &Table,
        metas: &[ArrowReaderMetadata],
        root: usize,
    ) -> Result<Decoded> {
        let chunks: Vec<ArrayRef> = table
            .groups
            .par_iter()
            .map(|group| {
                let part = &table.parts[group.part];
                let batches = part
                    .batches(job, &metas[group.part], group.index, &[root], group.rows)?
                    .map(|b| {
                        b.map(|b| Arc::clone(b.column(0)))
                            .map_err(|e| Error::arrow(&part.path, e))
                    })
                    .collect::<Result<Vec<_>>>()?;
                job.check()?;
                joined(&batches)
            })
            .collect::<Result<_>>()?;
        unify(chunks, table, root)
    }

    /// The values of `rows`, in that order.
    ///
    /// # Errors
    /// When the type cannot be gathered (none is known).
    pub fn rows(&self, rows: &[u32]) -> Result<ArrayRef> {
        match self {
            Decoded::Whole(array) => {
                let rows = UInt32Array::from(rows.to_vec());
                take(array, &rows, None).map_err(internal)
            }
            Decoded::Chunks(arrays, firsts) => {
                let places: Vec<(usize, usize)> = rows
                    .iter()
                    .map(|&row| {
                        let row = row as usize;
                        let chunk = firsts.partition_point(|&first| first <= row) - 1;
                        (chunk, row - firsts[chunk])
                    })
                    .collect();
                let arrays: Vec<&dyn Array> = arrays.iter().map(|a| &**a).collect();
                interleave(&arrays, &places).map_err(internal)
            }
        }
    }
}

fn internal(e: arrow::error::ArrowError) -> Error {
    Error::internal(e.to_string())
}

/// Fixed-width values are joined into one array; dictionaries are made one; whatever else there is (text,
/// nested types) stays in its chunks, for a joined array could pass 2 GiB.
fn unify(chunks: Vec<ArrayRef>, table: &Table, root: usize) -> Result<Decoded> {
    let Some(first) = chunks.first() else {
        let field = table.schema().field(root);
        return Ok(Decoded::Whole(new_empty_array(field.data_type())));
    };
    if chunks.len() == 1 {
        return Ok(Decoded::Whole(Arc::clone(first)));
    }
    let same = chunks.iter().all(|c| c.data_type() == first.data_type());
    if same && first.data_type().primitive_width().is_some() || *first.data_type() == DataType::Boolean {
        return Ok(Decoded::Whole(joined(&chunks)?));
    }
    if let DataType::Dictionary(key, value) = first.data_type()
        && same
        && **key == DataType::Int32
        && **value == DataType::Utf8
    {
        return one_dictionary(&chunks).map(Decoded::Whole);
    }
    let mut firsts = Vec::with_capacity(chunks.len());
    let mut at = 0;
    for chunk in &chunks {
        firsts.push(at);
        at += chunk.len();
    }
    let chunks = if same {
        chunks
    } else {
        alike(&chunks, table, root)?
    };
    Ok(Decoded::Chunks(chunks, firsts))
}

/// Parts whose pages are stored differently were read as different string types.
fn alike(chunks: &[ArrayRef], table: &Table, root: usize) -> Result<Vec<ArrayRef>> {
    let to = match table.schema().field(root).data_type() {
        t if crate::roles::is_string(crate::roles::value_type(t)) => &DataType::Utf8View,
        t => t,
    };
    chunks
        .iter()
        .map(|c| arrow::compute::cast(c, to).map_err(internal))
        .collect()
}

fn joined(arrays: &[ArrayRef]) -> Result<ArrayRef> {
    match arrays {
        [one] => Ok(Arc::clone(one)),
        many => concat(&many.iter().map(|a| &**a).collect::<Vec<_>>()).map_err(internal),
    }
}

fn one_dictionary(chunks: &[ArrayRef]) -> Result<ArrayRef> {
    let mut names = Interner::default();
    let mut keys: Vec<Option<i32>> = Vec::with_capacity(chunks.iter().map(|c| c.len()).sum());
    for chunk in chunks {
        let dict = chunk.as_dictionary::<Int32Type>();
        let to: Vec<i32> = dict
            .values()
            .as_string::<i32>()
            .iter()
            .map(|name| i32::try_from(names.intern(name.unwrap_or_default().as_bytes())).unwrap_or(i32::MAX))
            .collect();
        keys.extend(dict.keys().iter().map(|k| k.map(|k| to[k as usize])));
    }
    let values = arrow::array::StringArray::from_iter_values(
        names
            .names()
            .iter()
            .map(|n| std::str::from_utf8(n).unwrap_or_default()),
    );
    DictionaryArray::try_new(Int32Array::from(keys), Arc::new(values))
        .map(|d| Arc::new(d) as ArrayRef)
        .map_err(internal)
}
