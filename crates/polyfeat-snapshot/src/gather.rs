//! One input column: decoded once, then its rows picked in any order.
//!
//! How a column is held follows from how it is stored, so that picking is cheap and memory follows the data:
//! fixed-width values in one array, dictionary strings as codes into one dictionary, everything else (long
//! text, nested types) in the chunks that the reader made of it.

mod picked;

use std::sync::Arc;

use arrow::array::{
    Array, ArrayData, ArrayRef, AsArray, BinaryArray, DictionaryArray, Int32Array, StringArray,
    StringViewArray, UInt32Array, make_array, new_empty_array,
};
use arrow::buffer::{BooleanBuffer, Buffer, MutableBuffer, NullBuffer, OffsetBuffer};
use arrow::compute::{concat, interleave, take};
use arrow::datatypes::DataType;
use parquet::arrow::arrow_reader::ArrowReaderMetadata;
use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::job::Job;
use crate::keys::BATCH_ROWS;
use crate::roles::is_string;
use crate::strings::{CodeReader, Interner, NULL_CODE, all_pages_dictionary};
use crate::table::{Group, Table};

/// A column to decode.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The run.
    pub job: &'a Arc<Job>,
    /// The table that holds it.
    pub table: &'a Table,
    /// Footers of its parts, with the Arrow types to read.
    pub metas: &'a [ArrowReaderMetadata],
    /// The root column.
    pub root: usize,
}

/// A decoded column.
pub enum Decoded {
    /// One array for all rows.
    Whole(ArrayRef),
    /// Codes of all rows, and the strings they stand for.
    Codes(Vec<u32>, ArrayRef),
    /// Arrays that follow one another, and the first row of each.
    Chunks(Vec<ArrayRef>, Vec<usize>),
}

/// How a column will be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holding {
    /// [`Decoded::Whole`], values of this many bytes.
    Fixed(usize),
    /// [`Decoded::Codes`].
    Codes,
    /// [`Decoded::Chunks`].
    Chunks,
}

impl Source<'_> {
    /// How the column will be held.
    #[must_use]
    pub fn holding(&self) -> Holding {
        let types = || self.metas.iter().map(|m| m.schema().field(self.root).data_type());
        let Some(first) = types().next() else {
            return Holding::Chunks;
        };
        if let Some(width) = first.primitive_width().filter(|_| types().all(|t| t == first)) {
            return Holding::Fixed(width);
        }
        let declared = crate::roles::value_type(self.table.schema().field(self.root).data_type());
        if is_string(declared)
            && self
                .table
                .parts
                .iter()
                .all(|p| all_pages_dictionary(p, self.root))
        {
            return Holding::Codes;
        }
        Holding::Chunks
    }

    /// Bytes that the decoded column takes, by what the footers say.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        let rows = self.table.rows;
        let stored = self.table.uncompressed_bytes(self.root);
        match self.holding() {
            Holding::Fixed(width) => rows * width as u64 + rows / 8,
            // The texts by row group, those of all groups, and the array of them; that values repeat is not known.
            Holding::Codes => rows * 4 + 3 * stored,
            // A view beside its text, and slack for nested types' own offsets and bitmaps.
            Holding::Chunks => rows * 16 + stored + stored / 4,
        }
    }

    /// Decodes the column, row groups in parallel.
    ///
    /// # Errors
    /// Those of reading.
    pub fn read(&self) -> Result<Decoded> {
        match self.holding() {
            Holding::Fixed(width) => self.fixed(width),
            Holding::Codes => self.codes(),
            Holding::Chunks => self.chunks(),
        }
    }

    fn batches(&self, group: &Group, rows: usize) -> Result<impl Iterator<Item = Result<ArrayRef>>> {
        let part = &self.table.parts[group.part];
        let job = Arc::clone(self.job);
        let batches = part.batches(&job, &self.metas[group.part], group.index, &[self.root], rows)?;
        Ok(batches.map(move |b| {
            job.check()?;
            b.map(|b| Arc::clone(b.column(0)))
                .map_err(|e| Error::arrow(&part.path, e))
        }))
    }

    fn fixed(&self, width: usize) -> Result<Decoded> {
        let rows = self.table.rows as usize;
        let data_type = self.metas[0].schema().field(self.root).data_type();
        let mut bytes = MutableBuffer::from_len_zeroed(rows * width);
        let groups = &self.table.groups;
        let mut slots = Vec::with_capacity(groups.len());
        let mut rest = bytes.as_slice_mut();
        for group in groups {
            slots.push((
                group,
                rest.split_off_mut(..group.rows * width).unwrap_or_default(),
            ));
        }
        let validity: Vec<Option<NullBuffer>> = slots
            .into_par_iter()
            .map(|(group, slot)| {
                let mut nulls: Vec<(usize, NullBuffer)> = Vec::new();
                let mut at = 0;
                for array in self.batches(group, BATCH_ROWS)? {
                    let array = array?;
                    let data = array.to_data();
                    let from = data.offset() * width;
                    let values = &data.buffers()[0].as_slice()[from..from + array.len() * width];
                    let to = slot.get_mut(at * width..(at + array.len()) * width);
                    to.ok_or_else(|| Error::internal("more rows than the footer says"))?
                        .copy_from_slice(values);
                    nulls.extend(array.nulls().map(|n| (at, n.clone())));
                    at += array.len();
                }
                Ok(joined_nulls(&nulls, group.rows))
            })
            .collect::<Result<_>>()?;
        let nulls = validity.iter().any(Option::is_some).then(|| {
            let mut bits = arrow::array::BooleanBufferBuilder::new(rows);
            for (group, nulls) in groups.iter().zip(&validity) {
                match nulls {
                    Some(n) => bits.append_buffer(n.inner()),
                    None => bits.append_n(group.rows, true),
                }
            }
            NullBuffer::new(bits.finish())
        });
        let data = ArrayData::builder(data_type.clone())
            .len(rows)
            .add_buffer(Buffer::from(bytes))
            .nulls(nulls)
            .build()
            .map_err(internal)?;
        Ok(Decoded::Whole(make_array(data)))
    }

    fn codes(&self) -> Result<Decoded> {
        let mut codes = vec![0_u32; self.table.rows as usize];
        let mut slots = Vec::with_capacity(self.table.groups.len());
        let mut rest = &mut codes[..];
        for group in &self.table.groups {
            slots.push((group, rest.split_off_mut(..group.rows).unwrap_or_default()));
        }
        let local: Vec<Interner> = slots
            .par_iter_mut()
            .map(|(group, slot)| {
                let (mut names, mut reader, mut out) =
                    (Interner::default(), CodeReader::default(), Vec::new());
                let mut at = 0;
                for array in self.batches(group, BATCH_ROWS)? {
                    out.clear();
                    reader.read(&array?, |s| names.intern(s), &mut out)?;
                    let to = slot.get_mut(at..at + out.len());
                    to.ok_or_else(|| Error::internal("more rows than the footer says"))?
                        .copy_from_slice(&out);
                    at += out.len();
                }
                Ok(names)
            })
            .collect::<Result<_>>()?;
        let mut names = Interner::default();
        let maps: Vec<Vec<u32>> = local
            .iter()
            .map(|l| l.names().iter().map(|n| names.intern(n)).collect())
            .collect();
        if maps.len() > 1 {
            slots.par_iter_mut().zip(&maps).for_each(|((_, slot), map)| {
                slot.iter_mut()
                    .filter(|c| **c != NULL_CODE)
                    .for_each(|c| *c = map[*c as usize]);
            });
        }
        drop(slots);
        Ok(Decoded::Codes(codes, texts(&names)))
    }

    fn chunks(&self) -> Result<Decoded> {
        let chunks: Vec<ArrayRef> = self
            .table
            .groups
            .par_iter()
            .map(|group| joined(&self.batches(group, group.rows)?.collect::<Result<Vec<_>>>()?))
            .collect::<Result<_>>()?;
        self.alike(chunks).map(chunked)
    }

    /// Parts whose pages are stored differently are read as different string types; `interleave` wants one.
    fn alike(&self, chunks: Vec<ArrayRef>) -> Result<Vec<ArrayRef>> {
        let Some(first) = chunks.first() else {
            return Ok(vec![new_empty_array(
                self.metas[0].schema().field(self.root).data_type(),
            )]);
        };
        let dictionaries = matches!(first.data_type(), DataType::Dictionary(..));
        if !dictionaries && chunks.iter().all(|c| c.data_type() == first.data_type()) {
            return Ok(chunks);
        }
        let to = match crate::roles::value_type(self.table.schema().field(self.root).data_type()) {
            t if is_string(t) => DataType::Utf8View,
            _ => self.table.schema().field(self.root).data_type().clone(),
        };
        chunks
            .iter()
            .map(|c| arrow::compute::cast(c, &to).map_err(internal))
            .collect()
    }
}

impl Decoded {
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
            Decoded::Codes(codes, values) => {
                dictionary(rows.iter().map(|&r| codes[r as usize]).collect(), values)
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
                if let Some(text) = gathered_text(arrays, &places) {
                    return Ok(text);
                }
                let arrays: Vec<&dyn Array> = arrays.iter().map(|a| &**a).collect();
                interleave(&arrays, &places).map_err(internal)
            }
        }
    }

    /// The values of a range of rows.
    ///
    /// # Errors
    /// As [`Decoded::rows`].
    pub fn range(&self, range: std::ops::Range<usize>) -> Result<ArrayRef> {
        match self {
            Decoded::Whole(array) => Ok(array.slice(range.start, range.len())),
            Decoded::Codes(codes, values) => dictionary(codes[range].to_vec(), values),
            Decoded::Chunks(..) => self.rows(&(range.start as u32..range.end as u32).collect::<Vec<_>>()),
        }
    }
}

/// Rows of string views brought together into one contiguous array of their bytes; `None` for other types,
/// or when the text is too much for one array. A plain copy loop lets the processor fetch many far apart
/// strings at once, where the writer's comparisons would wait for each.
fn gathered_text(arrays: &[ArrayRef], places: &[(usize, usize)]) -> Option<ArrayRef> {
    let views: Vec<&StringViewArray> = arrays
        .iter()
        .map(|a| a.as_string_view_opt())
        .collect::<Option<_>>()?;
    let texts: Vec<Option<&str>> = places
        .iter()
        .map(|&(c, i)| views[c].is_valid(i).then(|| views[c].value(i)))
        .collect();
    let total: usize = texts.iter().map(|t| t.map_or(0, str::len)).sum();
    i32::try_from(total).ok()?;
    let mut offsets = Vec::with_capacity(texts.len() + 1);
    let mut bytes: Vec<u8> = Vec::with_capacity(total);
    offsets.push(0);
    for text in &texts {
        bytes.extend_from_slice(text.unwrap_or_default().as_bytes());
        offsets.push(bytes.len() as i32);
    }
    let nulls = texts
        .iter()
        .any(Option::is_none)
        .then(|| texts.iter().map(Option::is_some).collect());
    // The bytes are stored as they are, whatever they are called: no need to check the text again.
    Some(Arc::new(BinaryArray::new(
        OffsetBuffer::new(offsets.into()),
        bytes.into(),
        nulls,
    )))
}

fn dictionary(codes: Vec<u32>, values: &ArrayRef) -> Result<ArrayRef> {
    let nulls = codes
        .contains(&NULL_CODE)
        .then(|| codes.iter().map(|&c| c != NULL_CODE).collect::<NullBuffer>());
    // A code fits: there are fewer strings than rows. The key under a null is not looked at.
    let keys: Vec<i32> = codes.into_iter().map(|c| c.cast_signed().max(0)).collect();
    DictionaryArray::try_new(Int32Array::new(keys.into(), nulls), Arc::clone(values))
        .map(|d| Arc::new(d) as ArrayRef)
        .map_err(internal)
}

fn texts(names: &Interner) -> ArrayRef {
    let texts = names
        .names()
        .iter()
        .map(|n| std::str::from_utf8(n).unwrap_or_default());
    Arc::new(StringArray::from_iter_values(texts))
}

fn internal(e: arrow::error::ArrowError) -> Error {
    Error::internal(e.to_string())
}

fn chunked(arrays: Vec<ArrayRef>) -> Decoded {
    let mut at = 0;
    let firsts = arrays
        .iter()
        .map(|a| {
            let first = at;
            at += a.len();
            first
        })
        .collect();
    Decoded::Chunks(arrays, firsts)
}

fn joined(arrays: &[ArrayRef]) -> Result<ArrayRef> {
    match arrays {
        [one] => Ok(Arc::clone(one)),
        many => concat(&many.iter().map(|a| &**a).collect::<Vec<_>>()).map_err(internal),
    }
}

fn joined_nulls(parts: &[(usize, NullBuffer)], rows: usize) -> Option<NullBuffer> {
    if parts.iter().all(|(_, n)| n.null_count() == 0) {
        return None;
    }
    let mut bits = arrow::array::BooleanBufferBuilder::new(rows);
    for (at, nulls) in parts {
        bits.append_n(at - bits.len(), true);
        bits.append_buffer(nulls.inner());
    }
    bits.append_n(rows - bits.len(), true);
    let bits: BooleanBuffer = bits.finish();
    Some(NullBuffer::new(bits))
}
