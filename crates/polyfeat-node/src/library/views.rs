//! Column views as JavaScript gives them, made into columns that look at the same memory.
//!
//! All properties are read first, and only then is any buffer's address taken: reading a property may run a getter,
//! which could move a buffer that was looked at before.

use std::sync::Arc;

use napi::bindgen_prelude::{Array, FromNapiValue, Object, Unknown};
use napi::{Env, Error, JsValue, Result, Status, ValueType, sys};
use polyfeat_table::{Bytes, Chunk, Code, Column, DataType, IntType, TimeUnit};

/// A column whose buffers were not looked at yet.
pub struct View<'env> {
    name: Arc<str>,
    data_type: DataType,
    chunks: Vec<ChunkView<'env>>,
}

struct ChunkView<'env> {
    len: usize,
    values: Unknown<'env>,
    validity: Option<Unknown<'env>>,
    bit_offset: usize,
    offsets: Option<Unknown<'env>>,
    buffers: Vec<Unknown<'env>>,
    dictionary: Option<View<'env>>,
}

/// The views of a table, by role.
pub struct Views<'env> {
    object: Object<'env>,
    table: &'static str,
}

impl<'env> Views<'env> {
    /// The views in `object`, which are columns of `table` to a reader of messages.
    pub fn new(object: Object<'env>, table: &'static str) -> Self {
        Views { object, table }
    }

    /// The view of a role that must be there.
    pub fn needed(&self, role: &str) -> Result<polyfeat_table::Result<View<'env>>> {
        Ok(match self.optional(role)? {
            Some(view) => Ok(view),
            None => Err(polyfeat_table::Error::new(
                Code::MissingColumn,
                format!("{} has no {role} column", self.table),
            )
            .in_column(role)),
        })
    }

    /// The view of a role that may be left out.
    pub fn optional(&self, role: &str) -> Result<Option<View<'env>>> {
        match present(&self.object, role)? {
            Some(view) => View::read(as_object(&view, role)?).map(Some),
            None => Ok(None),
        }
    }
}

impl<'env> Views<'env> {
    /// The views of a role that may be any number of columns.
    pub fn list(&self, role: &str) -> Result<Vec<View<'env>>> {
        match present(&self.object, role)? {
            // SAFETY: conversion of a value of this environment, within the call that got it.
            Some(list) => views(&unsafe { Array::from_napi_value(list.value().env, list.raw()) }?),
            None => Ok(Vec::new()),
        }
    }
}

/// The views in a list.
pub fn views<'env>(list: &Array<'env>) -> Result<Vec<View<'env>>> {
    (0..list.len()).map(|i| View::read(element(list, i)?)).collect()
}

impl<'env> View<'env> {
    /// Reads the properties of a view.
    pub fn read(object: Object<'env>) -> Result<Self> {
        let name: String = object.get("name")?.unwrap_or_default();
        let data_type = data_type(&object)?;
        let chunks: Array<'env> = required(&object, "chunks")?;
        let chunks = (0..chunks.len())
            .map(|i| ChunkView::read(element(&chunks, i)?))
            .collect::<Result<_>>()?;
        Ok(View {
            name: name.into(),
            data_type,
            chunks,
        })
    }

    /// The column, over the buffers in place. No JavaScript may run between this and the last use of the column.
    pub fn column(&self, env: &Env) -> Result<Column<'env>> {
        let mut chunks: Vec<Chunk<'env>> = Vec::with_capacity(self.chunks.len());
        for view in &self.chunks {
            let mut chunk = view.chunk(env)?;
            // Chunks whose dictionaries are the same memory share one, which is then looked at once.
            if let Some(mine) = &chunk.dictionary {
                let seen = chunks.iter().rev().take(4).filter_map(|c| c.dictionary.as_ref());
                let shared = seen.into_iter().find(|d| d.same_memory(mine)).map(Arc::clone);
                chunk.dictionary = shared.or(chunk.dictionary);
            }
            chunks.push(chunk);
        }
        Ok(Column {
            name: Arc::clone(&self.name),
            data_type: self.data_type,
            chunks,
        })
    }
}

impl<'env> ChunkView<'env> {
    fn read(object: Object<'env>) -> Result<Self> {
        let buffers = match present(&object, "buffers")? {
            None => Vec::new(),
            Some(list) => {
                // SAFETY: conversion of a value of this environment, within the call that got it.
                let list = unsafe { Array::from_napi_value(list.value().env, list.raw()) }?;
                (0..list.len())
                    .map(|i| element(&list, i))
                    .collect::<Result<_>>()?
            }
        };
        let dictionary = match present(&object, "dictionary")? {
            None => None,
            Some(view) => Some(View::read(as_object(&view, "dictionary")?)?),
        };
        Ok(ChunkView {
            len: count(&object, "length")?.ok_or_else(|| wrong("length is missing"))?,
            values: required(&object, "values")?,
            validity: present(&object, "validity")?,
            bit_offset: count(&object, "bitOffset")?.unwrap_or(0),
            offsets: present(&object, "offsets")?,
            buffers,
            dictionary,
        })
    }

    fn chunk(&self, env: &Env) -> Result<Chunk<'env>> {
        let all = |value: &Option<Unknown<'env>>| value.as_ref().map(|v| bytes(env, v)).transpose();
        let dictionary = self
            .dictionary
            .as_ref()
            .map(|view| view.column(env))
            .transpose()?;
        Ok(Chunk {
            len: self.len,
            values: bytes(env, &self.values)?,
            // Arrow JS gives an empty bitmap where nothing is null.
            validity: all(&self.validity)?.filter(|v| !v.is_empty()),
            bit_offset: self.bit_offset,
            offsets: all(&self.offsets)?,
            buffers: self
                .buffers
                .iter()
                .map(|b| bytes(env, b))
                .collect::<Result<_>>()?,
            dictionary: dictionary.map(Arc::new),
        })
    }
}

/// The memory of a `Uint8Array`.
fn bytes<'env>(env: &Env, value: &Unknown<'env>) -> Result<Bytes<'env>> {
    let (mut kind, mut len, mut data) = (0, 0, std::ptr::null_mut());
    let (mut buffer, mut offset) = (std::ptr::null_mut(), 0);
    // SAFETY: out parameters of a call on a value of this environment; anything but a typed array is refused.
    let status = unsafe {
        sys::napi_get_typedarray_info(
            env.raw(),
            value.raw(),
            &mut kind,
            &mut len,
            &mut data,
            &mut buffer,
            &mut offset,
        )
    };
    if status != sys::Status::napi_ok || kind != sys::TypedarrayType::uint8_array {
        return Err(wrong("buffers of a column view are Uint8Array"));
    }
    if len == 0 || data.is_null() {
        return Ok(Bytes::Borrowed(&[]));
    }
    // SAFETY: V8 says that `len` bytes stand at `data`. They stay there and unchanged for the time of the
    // synchronous call, for no JavaScript runs until it returns, and nothing of the borrow outlives it ('env is the
    // scope of the call; asynchronous work copies). Memory that other threads can write to at the same time
    // (SharedArrayBuffer) is copied by the caller, as the interface demands.
    Ok(Bytes::Borrowed(unsafe {
        std::slice::from_raw_parts(data.cast::<u8>(), len)
    }))
}

fn data_type(object: &Object<'_>) -> Result<DataType> {
    let name: String = required(object, "type")?;
    let decimal = |bytes: usize| -> Result<DataType> {
        let scale: i32 = object.get("scale")?.unwrap_or(0);
        Ok(DataType::Decimal { bytes, scale })
    };
    Ok(match name.as_str() {
        "null" => DataType::Null,
        "bool" => DataType::Bool,
        "f16" => DataType::Float16,
        "f32" => DataType::Float32,
        "f64" => DataType::Float64,
        "decimal32" => decimal(4)?,
        "decimal64" => decimal(8)?,
        "decimal128" => decimal(16)?,
        "decimal256" => decimal(32)?,
        "timestamp" => DataType::Timestamp(unit(&required::<String>(object, "unit")?)?),
        "date32" => DataType::Date32,
        "date64" => DataType::Date64,
        "utf8" => DataType::Utf8,
        "large_utf8" => DataType::LargeUtf8,
        "utf8_view" => DataType::Utf8View,
        "dictionary" => DataType::Dictionary(int_type(&required::<String>(object, "indexType")?)?),
        other => DataType::Int(int_type(other)?),
    })
}

fn unit(name: &str) -> Result<TimeUnit> {
    Ok(match name {
        "s" => TimeUnit::Second,
        "ms" => TimeUnit::Millisecond,
        "us" => TimeUnit::Microsecond,
        "ns" => TimeUnit::Nanosecond,
        _ => {
            return Err(wrong(&format!(
                "unit {name:?} of a column view is none of s, ms, us, ns"
            )));
        }
    })
}

fn int_type(name: &str) -> Result<IntType> {
    Ok(match name {
        "i8" => IntType::I8,
        "i16" => IntType::I16,
        "i32" => IntType::I32,
        "i64" => IntType::I64,
        "u8" => IntType::U8,
        "u16" => IntType::U16,
        "u32" => IntType::U32,
        "u64" => IntType::U64,
        _ => return Err(wrong(&format!("type {name:?} of a column view is not known"))),
    })
}

/// A property that is neither undefined nor null.
fn present<'env>(object: &Object<'env>, name: &str) -> Result<Option<Unknown<'env>>> {
    let value: Option<Unknown<'env>> = object.get(name)?;
    Ok(match value {
        Some(value) if value.get_type()? != ValueType::Null => Some(value),
        _ => None,
    })
}

fn required<V: FromNapiValue>(object: &Object<'_>, name: &str) -> Result<V> {
    object
        .get(name)?
        .ok_or_else(|| wrong(&format!("{name} of a column view is missing")))
}

fn element<V: FromNapiValue>(list: &Array<'_>, i: u32) -> Result<V> {
    list.get(i)?
        .ok_or_else(|| wrong("a list of a column view has a hole"))
}

fn as_object<'env>(value: &Unknown<'env>, name: &str) -> Result<Object<'env>> {
    if value.get_type()? != ValueType::Object {
        return Err(wrong(&format!("{name} is no column view")));
    }
    // SAFETY: it was just seen to be an object.
    unsafe { value.cast() }
}

/// A whole number that JavaScript holds exactly.
fn count(object: &Object<'_>, name: &str) -> Result<Option<usize>> {
    let Some(value) = object.get::<f64>(name)? else {
        return Ok(None);
    };
    if value < 0.0 || value.fract() != 0.0 || value > 9_007_199_254_740_991.0 {
        return Err(wrong(&format!(
            "{name} of a column view is {value}; expected a count"
        )));
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // just checked
    Ok(Some(value as usize))
}

fn wrong(message: &str) -> Error {
    Error::new(Status::InvalidArg, message)
}
