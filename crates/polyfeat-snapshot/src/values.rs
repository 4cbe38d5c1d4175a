//! The values of one column of the trades, numbered, so that prints can be asked for theirs.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::DataType;
use hashbrown::HashMap;
use polyfeat::TimeUnit;

use crate::error::Result;
use crate::pair::{Kind, Side};
use crate::strings::{CodeReader, NULL_CODE};
use crate::text_set::TextSet;

/// Distinct values of a column: numbers, or texts.
#[derive(Default)]
pub struct Values {
    texts: TextSet,
    numbers: HashMap<i128, u32>,
}

impl Values {
    /// The code of each value of a batch of trades, new ones for those not seen before; [`NULL_CODE`] for null.
    ///
    /// # Errors
    /// Those of reading the array.
    pub fn intern(
        &mut self,
        array: &ArrayRef,
        side: Side,
        unit: TimeUnit,
        reader: &mut CodeReader,
    ) -> Result<Vec<u32>> {
        let mut codes = Vec::with_capacity(array.len());
        if side.kind == Kind::Text {
            text_codes(
                array,
                reader,
                |_| true,
                |text| self.texts.intern(text),
                &mut codes,
            )?;
        } else {
            let known = &mut self.numbers;
            codes.extend(side.numbers(array, unit)?.into_iter().map(|value| {
                let next = known.len() as u32;
                value.map_or(NULL_CODE, |value| *known.entry(value).or_insert(next))
            }));
        }
        Ok(codes)
    }

    /// The code of each value of a batch of prints, where `wanted` says so of its row; [`NULL_CODE`] where the trades
    /// do not have it.
    ///
    /// # Errors
    /// Those of reading the array.
    pub fn look_up(
        &self,
        array: &ArrayRef,
        side: Side,
        unit: TimeUnit,
        reader: &mut CodeReader,
        wanted: impl Fn(usize) -> bool,
        codes: &mut Vec<u32>,
    ) -> Result<()> {
        if side.kind == Kind::Text {
            let code = |text: &[u8]| self.texts.get(text).unwrap_or(NULL_CODE);
            return text_codes(array, reader, wanted, code, codes);
        }
        let code = |value: i128| self.numbers.get(&value).copied();
        let values = side.numbers(array, unit)?.into_iter();
        codes.extend(values.map(|value| value.and_then(code).unwrap_or(NULL_CODE)));
        Ok(())
    }

    /// Makes looking up faster: all values are there.
    pub fn seal(&mut self) {
        self.texts.seal();
    }

    /// Takes in the values of `other`; returns the code of each of its codes.
    pub fn merge(&mut self, other: Self) -> Vec<u32> {
        if other.numbers.is_empty() {
            return self.texts.merge(other.texts);
        }
        let mut map = vec![0; other.numbers.len()];
        for (value, code) in other.numbers {
            let next = self.numbers.len() as u32;
            map[code as usize] = *self.numbers.entry(value).or_insert(next);
        }
        map
    }
}

/// The code of each text, asked for once per dictionary entry, or for the wanted rows one by one: texts here are
/// nearly all different.
///
/// # Errors
/// When the array is no string array.
pub fn text_codes(
    array: &ArrayRef,
    reader: &mut CodeReader,
    wanted: impl Fn(usize) -> bool,
    mut code_of: impl FnMut(&[u8]) -> u32,
    codes: &mut Vec<u32>,
) -> Result<()> {
    if *array.data_type() != DataType::Utf8View {
        return reader.read(array, code_of, codes);
    }
    let texts = array.as_string_view().iter().enumerate();
    codes.extend(texts.map(|(row, text)| match text {
        Some(text) if wanted(row) => code_of(text.as_bytes()),
        _ => NULL_CODE,
    }));
    Ok(())
}
