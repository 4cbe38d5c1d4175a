//! Arrow arrays to finished column chunks in memory.

mod chunk;
mod coded;
mod fixed;
mod general;
mod levels;
mod plain;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, TimeUnit};
use parquet::basic::{Compression, Repetition, Type as PhysicalType};
use parquet::errors::ParquetError;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::schema::types::{SchemaDescriptor, Type, TypePtr};

use self::chunk::Pages;
use self::coded::{CodedFixed, CodedText};
use self::fixed::Fixed;
use self::general::General;
use self::plain::{PlainFixed, PlainText};
use crate::error::{Error, Result};
use crate::job::Job;
use crate::keys::BATCH_ROWS;

/// Above this a dictionary gives up; 16 MiB holds 200,000 token ids.
const DICTIONARY_BYTES: usize = 16 << 20;

/// How a column is stored.
#[derive(Debug, Clone, Copy)]
pub struct Storage {
    /// The codec of its pages.
    pub compression: Compression,
    /// Whether values are looked for in a dictionary. Never for doubles: slower and no smaller.
    pub dictionary: bool,
    /// Whether it is a column of text.
    pub text: bool,
    /// Bytes that a row group is expected to have.
    pub expected_bytes: usize,
}

/// One row group of one root column, encoded.
pub struct Encoded {
    bytes: Vec<u8>,
    chunks: Vec<ColumnChunkMetaData>,
}

impl Encoded {
    /// Bytes of the encoded column.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// Number of leaves of the column.
    #[must_use]
    pub fn leaves(&self) -> usize {
        self.chunks.len()
    }

    /// Metadata and bytes of a leaf's chunk.
    #[must_use]
    pub fn chunk(&self, leaf: usize) -> (&ColumnChunkMetaData, &[u8]) {
        let meta = &self.chunks[leaf];
        let (start, length) = meta.byte_range();
        (meta, &self.bytes[start as usize..(start + length) as usize])
    }
}

/// A chunk in the making, fed array by array.
trait ChunkEncoder {
    fn push(&mut self, array: &ArrayRef) -> parquet::errors::Result<()>;
    fn finish(self: Box<Self>) -> parquet::errors::Result<Encoded>;
}

/// Encodes one row group of a column. `node` is the column's Parquet type; `arrays` together have at least
/// one row and all have the same Arrow type.
///
/// # Errors
/// `CANCELLED`; an internal error when a type cannot be stored as `node` says.
pub fn encode(
    job: &Job,
    name: &str,
    node: &TypePtr,
    storage: Storage,
    arrays: impl IntoIterator<Item = Result<ArrayRef>>,
) -> Result<Encoded> {
    let bad = |e: ParquetError| Error::internal(format!("column {name}: {e}")).in_column(name);
    let mut encoder: Option<Box<dyn ChunkEncoder>> = None;
    for array in arrays {
        let array = array?;
        let encoder = match &mut encoder {
            Some(e) => e,
            none => none.insert(encoder_for(name, node, storage, array.data_type()).map_err(bad)?),
        };
        for at in (0..array.len()).step_by(BATCH_ROWS) {
            job.check()?;
            let slice = array.slice(at, BATCH_ROWS.min(array.len() - at));
            encoder.push(&slice).map_err(bad)?;
        }
    }
    let encoder = encoder.ok_or_else(|| Error::internal("an empty row group"))?;
    encoder.finish().map_err(bad)
}

/// Numbers and texts are encoded here, straight from what gathering made of them; the library's general writer,
/// which looks at every value several times, does the rest: nested types, booleans, rare codecs.
fn encoder_for(
    name: &str,
    node: &TypePtr,
    storage: Storage,
    arrow_type: &DataType,
) -> parquet::errors::Result<Box<dyn ChunkEncoder>> {
    let flat = node.is_primitive() && node.get_basic_info().repetition() != Repetition::REPEATED;
    if flat {
        let column = SchemaDescriptor::new(Arc::new(root_of(node)?)).column(0);
        if let Some(pages) = Pages::new(column, storage.compression, storage.expected_bytes)
            && let Some(encoder) = flat_encoder(node.get_physical_type(), storage, arrow_type, pages?)
        {
            return Ok(encoder);
        }
    }
    Ok(Box::new(General::new(name, node, storage, arrow_type)?))
}

fn flat_encoder(
    physical: PhysicalType,
    storage: Storage,
    arrow_type: &DataType,
    pages: Pages,
) -> Option<Box<dyn ChunkEncoder>> {
    fn fixed<T: Fixed>(storage: Storage, pages: Pages) -> Option<Box<dyn ChunkEncoder>> {
        Some(if storage.dictionary {
            Box::new(CodedFixed::<T>::new(pages))
        } else {
            Box::new(PlainFixed::<T>::new(pages))
        })
    }
    let widened = |to: DataType, inner: Option<Box<dyn ChunkEncoder>>| {
        Some(Box::new(Widened { to, inner: inner? }) as Box<dyn ChunkEncoder>)
    };
    match (arrow_type, physical) {
        (DataType::Int8 | DataType::Int16, PhysicalType::INT32) => {
            widened(DataType::Int32, fixed::<i32>(storage, pages))
        }
        (DataType::UInt8 | DataType::UInt16, PhysicalType::INT32) => {
            widened(DataType::UInt32, fixed::<u32>(storage, pages))
        }
        (DataType::Float64, PhysicalType::DOUBLE) => fixed::<f64>(storage, pages),
        (DataType::Float32, PhysicalType::FLOAT) => fixed::<f32>(storage, pages),
        (
            DataType::Int32 | DataType::Date32 | DataType::Time32(TimeUnit::Millisecond),
            PhysicalType::INT32,
        ) => fixed::<i32>(storage, pages),
        (DataType::UInt32, PhysicalType::INT32) => fixed::<u32>(storage, pages),
        (
            DataType::Int64
            | DataType::Time64(_)
            | DataType::Timestamp(TimeUnit::Millisecond | TimeUnit::Microsecond | TimeUnit::Nanosecond, _),
            PhysicalType::INT64,
        ) => fixed::<i64>(storage, pages),
        (DataType::UInt64, PhysicalType::INT64) => fixed::<u64>(storage, pages),
        (DataType::Dictionary(key, value), PhysicalType::BYTE_ARRAY)
            if storage.text && **key == DataType::Int32 && **value == DataType::Utf8 =>
        {
            Some(Box::new(CodedText::new(pages)))
        }
        (
            DataType::Binary | DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View,
            PhysicalType::BYTE_ARRAY,
        ) if storage.text => Some(if storage.dictionary {
            Box::new(CodedText::new(pages))
        } else {
            Box::new(PlainText::new(pages))
        }),
        _ => None,
    }
}

/// Integers that Parquet stores in four bytes.
struct Widened {
    to: DataType,
    inner: Box<dyn ChunkEncoder>,
}

impl ChunkEncoder for Widened {
    fn push(&mut self, array: &ArrayRef) -> parquet::errors::Result<()> {
        let wide = cast(array, &self.to).map_err(|e| ParquetError::External(Box::new(e)))?;
        self.inner.push(&wide)
    }

    fn finish(self: Box<Self>) -> parquet::errors::Result<Encoded> {
        self.inner.finish()
    }
}

/// Calls `each` with every text of an array, in order.
fn texts<'a>(
    array: &'a ArrayRef,
    mut each: impl FnMut(Option<&'a [u8]>) -> parquet::errors::Result<()>,
) -> parquet::errors::Result<()> {
    let bytes = |s: Option<&'a str>| s.map(str::as_bytes);
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().iter().try_for_each(|s| each(bytes(s))),
        DataType::LargeUtf8 => array.as_string::<i64>().iter().try_for_each(|s| each(bytes(s))),
        DataType::Utf8View => array.as_string_view().iter().try_for_each(|s| each(bytes(s))),
        DataType::Binary => array.as_binary::<i32>().iter().try_for_each(each),
        other => Err(ParquetError::General(format!("{other} is no text"))),
    }
}

/// A schema of one column.
fn root_of(node: &TypePtr) -> parquet::errors::Result<Type> {
    Type::group_type_builder("schema")
        .with_fields(vec![Arc::clone(node)])
        .build()
}

/// Whether a Parquet node may be null.
#[must_use]
pub fn is_optional(node: &Type) -> bool {
    node.get_basic_info().has_repetition()
        && node.get_basic_info().repetition() == parquet::basic::Repetition::OPTIONAL
}
