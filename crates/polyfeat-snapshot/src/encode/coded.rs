//! Values that repeat: each once in a dictionary, rows as codes into it. Rows that come as codes already are never
//! looked at as values.

use arrow::array::{Array, ArrayRef, AsArray, BooleanBufferBuilder};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Int32Type, ToByteSlice};
use hashbrown::HashMap;
use parquet::basic::Encoding;
use parquet::errors::{ParquetError, Result};

use super::chunk::{PAGE_BYTES, PAGE_ROWS, Pages, Validity};
use super::fixed::Fixed;
use super::levels::{hybrid, width_of};
use super::plain::put_text;
use super::{ChunkEncoder, DICTIONARY_BYTES, Encoded, texts};
use crate::strings::Interner;
use crate::text_range::TextRange;

/// Rows as codes, in the making: those of the rows that have a value, and which rows these are.
#[derive(Default)]
struct Rows {
    codes: Vec<u32>,
    valid: Option<BooleanBufferBuilder>,
    rows: usize,
}

impl Rows {
    fn include(&mut self, rows: usize, nulls: Option<&NullBuffer>) {
        match (nulls.filter(|n| n.null_count() > 0), &mut self.valid) {
            (None, None) => {}
            (None, Some(bits)) => bits.append_n(rows, true),
            (Some(nulls), valid) => {
                let before = self.rows;
                let bits = valid.get_or_insert_with(|| {
                    let mut bits = BooleanBufferBuilder::new(before + rows);
                    bits.append_n(before, true);
                    bits
                });
                bits.append_buffer(nulls.inner());
            }
        }
        self.rows += rows;
    }
}

/// The distinct values of a chunk: their bytes as Parquet stores them plainly, one after the other.
struct Dictionary {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Dictionary {
    fn entry(&self, code: u32) -> &[u8] {
        let code = code as usize;
        let start = code.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[code]]
    }

    /// Whether it is worth its place: small enough, and not larger than the values of all rows would be.
    fn pays(&self, rows: &Rows) -> bool {
        let codes = rows.codes.len() * usize::from(self.width()) / 8;
        let mut plain = 0;
        self.bytes.len() <= DICTIONARY_BYTES
            && (rows.codes.is_empty()
                || rows.codes.iter().any(|&c| {
                    plain += self.entry(c).len();
                    plain >= self.bytes.len() + codes
                }))
    }

    fn width(&self) -> u8 {
        width_of(self.ends.len().saturating_sub(1) as u32)
    }

    /// Writes rows with this dictionary, or plainly.
    fn write(&self, mut rows: Rows, pages: &mut Pages) -> Result<()> {
        let coded = self.pays(&rows);
        if coded {
            pages.dictionary(&self.bytes, self.ends.len())?;
        }
        let nulls = rows.valid.take().map(|mut bits| NullBuffer::new(bits.finish()));
        let (mut at, mut code) = (0, 0);
        let mut validity = Validity::default();
        while at < rows.rows {
            let mut n = PAGE_ROWS.min(rows.rows - at);
            let mut valid = nulls.as_ref().map(|v| v.slice(at, n));
            let mut values = n - valid.as_ref().map_or(0, NullBuffer::null_count);
            if !coded {
                let mut bytes = 0;
                let fitting = rows.codes[code..code + values].iter().take_while(|&&c| {
                    let fits = bytes < PAGE_BYTES;
                    bytes += self.entry(c).len();
                    fits
                });
                let fitting = fitting.count();
                if fitting < values {
                    // The page ends behind the last value that fits.
                    n = match &valid {
                        None => fitting,
                        Some(v) => v.valid_indices().nth(fitting).unwrap_or(n),
                    };
                    valid = valid.map(|v| v.slice(0, n));
                    values = fitting;
                }
            }
            validity.include(n, valid.as_ref());
            let codes = &rows.codes[code..code + values];
            if coded {
                let width = self.width();
                pages.data(&mut validity, Encoding::RLE_DICTIONARY, |out| {
                    out.push(width);
                    hybrid(codes, width, out);
                })?;
            } else {
                pages.data(&mut validity, Encoding::PLAIN, |out| {
                    codes.iter().for_each(|&c| out.extend_from_slice(self.entry(c)));
                })?;
            }
            at += n;
            code += values;
        }
        Ok(())
    }
}

/// Text.
pub struct CodedText {
    pages: Pages,
    rows: Rows,
    names: Interner,
    /// The dictionary that arrays came with last, and the codes here of its entries (plus one).
    source: Option<ArrayRef>,
    known: Vec<u32>,
}

impl CodedText {
    /// Begins with no value.
    pub fn new(pages: Pages) -> Self {
        CodedText {
            pages,
            rows: Rows::default(),
            names: Interner::default(),
            source: None,
            known: Vec::new(),
        }
    }

    fn dictionary(&mut self, array: &ArrayRef) -> Result<()> {
        let Some(dict) = array.as_dictionary_opt::<Int32Type>() else {
            return Err(ParquetError::General(format!(
                "codes of type {}",
                array.data_type()
            )));
        };
        let Some(values) = dict.values().as_string_opt::<i32>() else {
            return Err(ParquetError::General(format!(
                "texts of type {}",
                array.data_type()
            )));
        };
        let source = self.source.as_ref();
        if !source.is_some_and(|s| s.to_data().ptr_eq(&dict.values().to_data())) {
            self.known = vec![0; values.len()];
            self.source = Some(ArrayRef::clone(dict.values()));
        }
        let keys = dict.keys();
        let (known, names, codes) = (&mut self.known, &mut self.names, &mut self.rows.codes);
        let mut take = |key: i32| {
            let slot = &mut known[key as usize];
            if *slot == 0 {
                *slot = names.intern(values.value(key as usize).as_bytes()) + 1;
            }
            codes.push(*slot - 1);
        };
        match keys.nulls().filter(|n| n.null_count() > 0) {
            None => keys.values().iter().for_each(|&k| take(k)),
            Some(nulls) => nulls.valid_indices().for_each(|i| take(keys.value(i))),
        }
        self.rows.include(keys.len(), keys.nulls());
        Ok(())
    }
}

impl ChunkEncoder for CodedText {
    fn push(&mut self, array: &ArrayRef) -> Result<()> {
        if matches!(array.data_type(), DataType::Dictionary(..)) {
            return self.dictionary(array);
        }
        let (names, codes) = (&mut self.names, &mut self.rows.codes);
        // Rows in token order repeat the value before.
        let mut last: u32 = u32::MAX;
        texts(array, |text| {
            if let Some(text) = text {
                if names.names().get(last as usize).is_none_or(|n| **n != *text) {
                    last = names.intern(text);
                }
                codes.push(last);
            }
            Ok(())
        })?;
        self.rows.include(array.len(), array.logical_nulls().as_ref());
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<Encoded> {
        let (mut bytes, mut ends) = (Vec::new(), Vec::with_capacity(self.names.names().len()));
        let mut range = TextRange::default();
        for name in self.names.names() {
            put_text(name, &mut bytes);
            range.include(name);
            ends.push(bytes.len());
        }
        Dictionary { bytes, ends }.write(self.rows, &mut self.pages)?;
        self.pages.finish(|nulls| range.statistics(nulls))
    }
}

/// Numbers.
pub struct CodedFixed<T> {
    pages: Pages,
    rows: Rows,
    codes: HashMap<u64, u32>,
    values: Vec<T>,
}

impl<T: Fixed> CodedFixed<T> {
    /// Begins with no value.
    pub fn new(pages: Pages) -> Self {
        CodedFixed {
            pages,
            rows: Rows::default(),
            codes: HashMap::new(),
            values: Vec::new(),
        }
    }
}

impl<T: Fixed> ChunkEncoder for CodedFixed<T> {
    fn push(&mut self, array: &ArrayRef) -> Result<()> {
        let data = array.to_data();
        let values: &[T] = data.buffer(0);
        let mut last: Option<(u64, u32)> = None;
        let mut take = |value: T| {
            let bits = value.bits();
            let code = match last {
                Some((same, code)) if same == bits => code,
                _ => *self.codes.entry(bits).or_insert_with(|| {
                    self.values.push(value);
                    self.values.len() as u32 - 1
                }),
            };
            last = Some((bits, code));
            self.rows.codes.push(code);
        };
        match array.nulls().filter(|n| n.null_count() > 0) {
            None => values[..array.len()].iter().for_each(|&v| take(v)),
            Some(nulls) => nulls.valid_indices().for_each(|i| take(values[i])),
        }
        self.rows.include(array.len(), array.nulls());
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<Encoded> {
        let mut range = None;
        T::widen(&self.values, &mut range);
        let dictionary = Dictionary {
            bytes: self.values.to_byte_slice().to_vec(),
            ends: (1..=self.values.len()).map(|i| i * size_of::<T>()).collect(),
        };
        dictionary.write(self.rows, &mut self.pages)?;
        self.pages.finish(|nulls| T::statistics(range, nulls))
    }
}
