//! Columns of rows, in the Arrow types of recorded snapshots.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, DictionaryArray, Float64Array, Int32Array, Int64Array, StringArray, StringBuilder,
    TimestampMillisecondArray, UInt8Array,
};

use crate::world::Names;

/// Named columns.
pub type Columns = Vec<(&'static str, ArrayRef)>;

/// Turns rows into columns, one closure per column.
pub struct Of<'a, R>(pub &'a [R]);

impl<R> Of<'_, R> {
    /// Milliseconds, UTC.
    pub fn ms(&self, of: impl Fn(&R) -> Option<i64>) -> ArrayRef {
        let ticks: TimestampMillisecondArray = self.0.iter().map(of).collect();
        Arc::new(ticks.with_timezone("UTC"))
    }

    /// Days since 1970.
    pub fn days(&self, of: impl Fn(&R) -> i32) -> ArrayRef {
        Arc::new(Date32Array::from_iter_values(self.0.iter().map(of)))
    }

    /// Small numbers and flags.
    pub fn bytes(&self, of: impl Fn(&R) -> u8) -> ArrayRef {
        Arc::new(UInt8Array::from_iter_values(self.0.iter().map(of)))
    }

    /// 32-bit integers.
    pub fn ints(&self, of: impl Fn(&R) -> i32) -> ArrayRef {
        Arc::new(Int32Array::from_iter_values(self.0.iter().map(of)))
    }

    /// 64-bit integers.
    pub fn longs(&self, of: impl Fn(&R) -> Option<i64>) -> ArrayRef {
        Arc::new(self.0.iter().map(of).collect::<Int64Array>())
    }

    /// Doubles.
    pub fn doubles(&self, of: impl Fn(&R) -> Option<f64>) -> ArrayRef {
        Arc::new(self.0.iter().map(of).collect::<Float64Array>())
    }

    /// Texts that differ in almost every row; `of` appends one.
    pub fn texts(&self, of: impl Fn(&R, &mut String)) -> ArrayRef {
        let mut all = StringBuilder::with_capacity(self.0.len(), self.0.len() * 80);
        let mut text = String::new();
        for row in self.0 {
            text.clear();
            of(row, &mut text);
            all.append_value(&text);
        }
        Arc::new(all.finish())
    }

    /// One of `names` by its number, or null.
    pub fn one_of(&self, names: &Names, of: impl Fn(&R) -> Option<u64>) -> ArrayRef {
        let codes: Int32Array = self.0.iter().map(|row| of(row).map(|code| code as i32)).collect();
        Arc::new(DictionaryArray::new(codes, names.array()))
    }

    /// One of a few words, or null.
    pub fn word(&self, of: impl Fn(&R) -> Option<&'static str>) -> ArrayRef {
        Arc::new(self.0.iter().map(of).collect::<StringArray>())
    }
}
