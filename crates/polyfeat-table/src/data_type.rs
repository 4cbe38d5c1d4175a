//! What the buffers of a column hold.

use polyfeat::TimeUnit;

/// Width and sign of an integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum IntType {
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
}

/// What a column's buffers hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum DataType {
    Null,
    Bool,
    Int(IntType),
    Float16,
    Float32,
    Float64,
    /// Two's complement of 4, 8, 16 or 32 bytes, in units of 10^-scale.
    Decimal {
        bytes: usize,
        scale: i32,
    },
    Timestamp(TimeUnit),
    /// Days since 1970, 32 bits.
    Date32,
    /// Milliseconds since 1970, 64 bits.
    Date64,
    /// UTF-8 behind offsets of 32 bits.
    Utf8,
    /// UTF-8 behind offsets of 64 bits.
    LargeUtf8,
    /// UTF-8 behind views of 16 bytes.
    Utf8View,
    /// Indices into the chunk's dictionary.
    Dictionary(IntType),
}

impl IntType {
    /// Bytes of one.
    #[must_use]
    pub fn width(self) -> usize {
        match self {
            IntType::I8 | IntType::U8 => 1,
            IntType::I16 | IntType::U16 => 2,
            IntType::I32 | IntType::U32 => 4,
            IntType::I64 | IntType::U64 => 8,
        }
    }

    /// Its name in the interface.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            IntType::I8 => "int8",
            IntType::I16 => "int16",
            IntType::I32 => "int32",
            IntType::I64 => "int64",
            IntType::U8 => "uint8",
            IntType::U16 => "uint16",
            IntType::U32 => "uint32",
            IntType::U64 => "uint64",
        }
    }
}

impl DataType {
    /// Bytes of one value; `None` where values are no whole bytes (null, bool, and text behind offsets).
    #[must_use]
    pub fn width(self) -> Option<usize> {
        Some(match self {
            DataType::Null | DataType::Bool | DataType::Utf8 | DataType::LargeUtf8 => return None,
            DataType::Int(int) | DataType::Dictionary(int) => int.width(),
            DataType::Float16 => 2,
            DataType::Float32 | DataType::Date32 => 4,
            DataType::Float64 | DataType::Timestamp(_) | DataType::Date64 => 8,
            DataType::Decimal { bytes, .. } => bytes,
            DataType::Utf8View => 16,
        })
    }

    /// Whether it is text.
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(self, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
    }

    /// Its name in messages.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            DataType::Null => "null".to_string(),
            DataType::Bool => "bool".to_string(),
            DataType::Int(int) => int.name().to_string(),
            DataType::Float16 => "float16".to_string(),
            DataType::Float32 => "float32".to_string(),
            DataType::Float64 => "float64".to_string(),
            DataType::Decimal { bytes, scale } => format!("decimal{} of scale {scale}", bytes * 8),
            DataType::Timestamp(unit) => format!("timestamp[{}]", unit.symbol()),
            DataType::Date32 => "date32".to_string(),
            DataType::Date64 => "date64".to_string(),
            DataType::Utf8 => "utf8".to_string(),
            DataType::LargeUtf8 => "large_utf8".to_string(),
            DataType::Utf8View => "utf8_view".to_string(),
            DataType::Dictionary(int) => format!("dictionary with {} indices", int.name()),
        }
    }
}
