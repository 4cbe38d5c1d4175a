//! Values as they are, one after the other.

use arrow::array::{Array, ArrayRef};
use arrow::datatypes::ToByteSlice;
use parquet::basic::Encoding;
use parquet::errors::Result;

use super::chunk::{PAGE_BYTES, PAGE_ROWS, Pages, Validity};
use super::fixed::Fixed;
use super::{ChunkEncoder, Encoded, texts};
use crate::text_range::TextRange;

/// Numbers, stored plainly.
pub struct PlainFixed<T> {
    pages: Pages,
    page: Vec<u8>,
    validity: Validity,
    range: Option<(T, T)>,
}

impl<T: Fixed> PlainFixed<T> {
    /// Begins with no value.
    pub fn new(pages: Pages) -> Self {
        PlainFixed {
            pages,
            page: Vec::with_capacity((PAGE_ROWS + (PAGE_ROWS >> 2)) * size_of::<T>()),
            validity: Validity::default(),
            range: None,
        }
    }

    fn end_page(&mut self) -> Result<()> {
        let page = &self.page;
        self.pages.data(&mut self.validity, Encoding::PLAIN, |out| {
            out.extend_from_slice(page)
        })?;
        self.page.clear();
        Ok(())
    }
}

impl<T: Fixed> ChunkEncoder for PlainFixed<T> {
    fn push(&mut self, array: &ArrayRef) -> Result<()> {
        let data = array.to_data();
        let values: &[T] = data.buffer(0);
        let values = &values[..array.len()];
        self.validity.include(array.len(), array.nulls());
        let mut take = |values: &[T]| {
            self.page.extend_from_slice(values.to_byte_slice());
            T::widen(values, &mut self.range);
        };
        match array.nulls().filter(|n| n.null_count() > 0) {
            None => take(values),
            Some(nulls) => nulls
                .valid_slices()
                .for_each(|(from, to)| take(&values[from..to])),
        }
        if self.validity.rows() >= PAGE_ROWS {
            self.end_page()?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<Encoded> {
        self.end_page()?;
        let range = self.range;
        self.pages.finish(|nulls| T::statistics(range, nulls))
    }
}

/// Text or bytes, stored plainly.
pub struct PlainText {
    pages: Pages,
    page: Vec<u8>,
    validity: Validity,
    range: TextRange,
}

impl PlainText {
    /// Begins with no value.
    pub fn new(pages: Pages) -> Self {
        PlainText {
            pages,
            page: Vec::with_capacity(PAGE_BYTES + (PAGE_BYTES >> 2)),
            validity: Validity::default(),
            range: TextRange::default(),
        }
    }

    fn end_page(&mut self) -> Result<()> {
        let page = &self.page;
        self.pages.data(&mut self.validity, Encoding::PLAIN, |out| {
            out.extend_from_slice(page)
        })?;
        self.page.clear();
        Ok(())
    }
}

impl ChunkEncoder for PlainText {
    fn push(&mut self, array: &ArrayRef) -> Result<()> {
        texts(array, |text| {
            self.validity.include_one(text.is_some());
            if let Some(text) = text {
                self.range.include(text);
                put_text(text, &mut self.page);
            }
            if self.page.len() >= PAGE_BYTES || self.validity.rows() >= PAGE_ROWS {
                self.end_page()?;
            }
            Ok(())
        })
    }

    fn finish(mut self: Box<Self>) -> Result<Encoded> {
        self.end_page()?;
        let range = self.range;
        self.pages.finish(|nulls| range.statistics(nulls))
    }
}

/// Appends a text as Parquet stores it plainly: its length in four bytes, then its bytes.
pub fn put_text(text: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&(text.len() as u32).to_le_bytes());
    out.extend_from_slice(text);
}
