//! Columns of rows, in the Arrow types of recorded snapshots.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, DictionaryArray, Float64Array, Int32Array, Int64Array, StringArray,
    TimestampMillisecondArray, UInt8Array,
};

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

    pub fn bytes(&self, of: impl Fn(&R) -> u8) -> ArrayRef {
        Arc::new(UInt8Array::from_iter_values(self.0.iter().map(of)))
    }

    pub fn ints(&self, of: impl Fn(&R) -> i32) -> ArrayRef {
        Arc::new(Int32Array::from_iter_values(self.0.iter().map(of)))
    }

    pub fn longs(&self, of: impl Fn(&R) -> Option<i64>) -> ArrayRef {
        Arc::new(self.0.iter().map(of).collect::<Int64Array>())
    }

    pub fn doubles(&self, of: impl Fn(&R) -> Option<f64>) -> ArrayRef {
        Arc::new(self.0.iter().map(of).collect::<Float64Array>())
    }

    /// Texts that differ in almost every row.
    pub fn texts(&self, of: impl Fn(&R) -> String) -> ArrayRef {
        Arc::new(StringArray::from_iter_values(self.0.iter().map(of)))
    }

    /// One of `values`, by its number.
    pub fn one_of(&self, values: &ArrayRef, of: impl Fn(&R) -> u64) -> ArrayRef {
        let codes = Int32Array::from_iter_values(self.0.iter().map(|r| of(r) as i32));
        self.dictionary(codes, values)
    }

    /// One of a few words, or null.
    pub fn word(&self, of: impl Fn(&R) -> Option<&'static str>) -> ArrayRef {
        Arc::new(self.0.iter().map(of).collect::<StringArray>())
    }

    fn dictionary(&self, codes: Int32Array, values: &ArrayRef) -> ArrayRef {
        let array = DictionaryArray::try_new(codes, Arc::clone(values));
        Arc::new(array.expect("every number is that of a value"))
    }
}
