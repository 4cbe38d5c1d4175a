//! String columns as small codes. A string is looked at once per dictionary entry of a row group, or once
//! per run of equal values on plain pages; never once per row.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Field, Int32Type, Schema};
use hashbrown::HashMap;
use parquet::arrow::arrow_reader::ArrowReaderMetadata;
use parquet::basic::{Encoding, PageType};
use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::part::Part;

/// The code of a null string.
pub const NULL_CODE: u32 = u32::MAX;

/// Distinct strings in order of first appearance.
#[derive(Default)]
pub struct Interner {
    codes: HashMap<Arc<[u8]>, u32>,
    names: Vec<Arc<[u8]>>,
}

impl Interner {
    /// The code of `name`, a new one when it was not seen before.
    pub fn intern(&mut self, name: &[u8]) -> u32 {
        if let Some(&code) = self.codes.get(name) {
            return code;
        }
        // Rows are counted in u32, so distinct strings are too.
        let code = u32::try_from(self.names.len()).unwrap_or(NULL_CODE - 1);
        let name: Arc<[u8]> = name.into();
        self.names.push(Arc::clone(&name));
        self.codes.insert(name, code);
        code
    }

    /// The code of `name`, if it has one.
    #[must_use]
    pub fn get(&self, name: &[u8]) -> Option<u32> {
        self.codes.get(name).copied()
    }

    /// The strings by code.
    #[must_use]
    pub fn names(&self) -> &[Arc<[u8]>] {
        &self.names
    }

    /// Takes in the strings of `other`, in its order; returns the code of each of its codes.
    pub fn merge(&mut self, other: Interner) -> Vec<u32> {
        if self.names.is_empty() {
            *self = other;
            return (0..self.names.len() as u32).collect();
        }
        other.names.iter().map(|name| self.intern(name)).collect()
    }

    /// Renumbers the codes by UTF-8 byte order of their strings; returns the new code of each old one.
    pub fn sort(&mut self) -> Vec<u32> {
        let mut by_name: Vec<u32> = (0..self.names.len()).map(|i| i as u32).collect();
        by_name.par_sort_unstable_by(|&a, &b| self.names[a as usize].cmp(&self.names[b as usize]));
        let mut rank = vec![0; self.names.len()];
        for (new, &old) in by_name.iter().enumerate() {
            rank[old as usize] = new as u32;
        }
        self.names = by_name
            .iter()
            .map(|&old| Arc::clone(&self.names[old as usize]))
            .collect();
        self.codes
            .values_mut()
            .for_each(|code| *code = rank[*code as usize]);
        rank
    }
}

/// Reads batches of one string column, keeping what it learnt of a dictionary from batch to batch.
#[derive(Default)]
pub struct CodeReader {
    dictionary: Option<ArrayRef>,
    codes: Vec<u32>,
}

impl CodeReader {
    /// Appends the code of each row of `array` (any string type, a dictionary of those, or all null);
    /// `code_of` is asked once per dictionary entry or run of equal strings.
    ///
    /// # Errors
    /// When the array is no string array (roles were checked before).
    pub fn read(
        &mut self,
        array: &ArrayRef,
        mut code_of: impl FnMut(&[u8]) -> u32,
        out: &mut Vec<u32>,
    ) -> Result<()> {
        match array.data_type() {
            DataType::Dictionary(_, _) => {
                let Some(dict) = array.as_dictionary_opt::<Int32Type>() else {
                    return Err(Error::internal(format!(
                        "a dictionary of type {}",
                        array.data_type()
                    )));
                };
                self.learn(dict.values(), &mut code_of)?;
                if dict.keys().null_count() == 0 {
                    out.extend(dict.keys().values().iter().map(|&k| self.codes[k as usize]));
                } else {
                    out.extend(
                        dict.keys()
                            .iter()
                            .map(|k| k.map_or(NULL_CODE, |k| self.codes[k as usize])),
                    );
                }
            }
            _ => plain_codes(array, &mut code_of, out)?,
        }
        Ok(())
    }

    fn learn(&mut self, values: &ArrayRef, code_of: &mut impl FnMut(&[u8]) -> u32) -> Result<()> {
        // Batches of one row group share one dictionary: the same buffers, so no look at the strings.
        if self
            .dictionary
            .as_ref()
            .is_some_and(|d| d.to_data().ptr_eq(&values.to_data()))
        {
            return Ok(());
        }
        self.codes.clear();
        plain_codes(values, code_of, &mut self.codes)?;
        self.dictionary = Some(Arc::clone(values));
        Ok(())
    }
}

fn plain_codes(array: &ArrayRef, code_of: &mut impl FnMut(&[u8]) -> u32, out: &mut Vec<u32>) -> Result<()> {
    match array.data_type() {
        DataType::Utf8 => runs(array.as_string::<i32>().iter(), code_of, out),
        DataType::LargeUtf8 => runs(array.as_string::<i64>().iter(), code_of, out),
        DataType::Utf8View => runs(array.as_string_view().iter(), code_of, out),
        DataType::Null => out.extend(std::iter::repeat_n(NULL_CODE, array.len())),
        other => return Err(Error::internal(format!("{other} is no string type"))),
    }
    Ok(())
}

fn runs<'a>(
    strings: impl Iterator<Item = Option<&'a str>>,
    code_of: &mut impl FnMut(&[u8]) -> u32,
    out: &mut Vec<u32>,
) {
    let mut last: Option<(&str, u32)> = None;
    out.extend(strings.map(|s| match (s, last) {
        (None, _) => NULL_CODE,
        (Some(s), Some((same, code))) if s == same => code,
        (Some(s), _) => {
            let code = code_of(s.as_bytes());
            last = Some((s, code));
            code
        }
    }));
}

/// The part's footer with the named string columns read in the way that is cheapest for how they are
/// stored: as dictionaries where every page is dictionary-encoded, as views where pages fell back to PLAIN
/// (building a dictionary from those would hash every row).
///
/// # Errors
/// When the reader refuses the types.
pub fn read_as_codes(part: &Part, columns: &[usize]) -> Result<ArrowReaderMetadata> {
    let schema = part.meta.schema();
    let fields: Vec<_> = schema
        .fields()
        .iter()
        .enumerate()
        .map(|(i, field)| {
            if !columns.contains(&i) || *field.data_type() == DataType::Null {
                return Arc::clone(field);
            }
            let to = if all_pages_dictionary(part, i) {
                DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
            } else {
                DataType::Utf8View
            };
            Arc::new(
                Field::new(field.name(), to, field.is_nullable()).with_metadata(field.metadata().clone()),
            )
        })
        .collect();
    part.with_types(Arc::new(Schema::new_with_metadata(
        fields,
        schema.metadata().clone(),
    )))
}

/// Whether every data page of a root column (a leaf) is dictionary-encoded, as far as the footer tells.
#[must_use]
pub fn all_pages_dictionary(part: &Part, root: usize) -> bool {
    let descr = part.meta.parquet_schema();
    let Some(leaf) = (0..descr.num_columns()).find(|&i| descr.get_column_root_idx(i) == root) else {
        return false;
    };
    part.footer().row_groups().iter().all(|group| {
        let chunk = group.column(leaf);
        match chunk.page_encoding_stats() {
            Some(stats) => stats.iter().all(|s| {
                !matches!(s.page_type, PageType::DATA_PAGE | PageType::DATA_PAGE_V2)
                    || matches!(s.encoding, Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY)
            }),
            None => chunk.dictionary_page_offset().is_some(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{DictionaryArray, NullArray, StringArray, StringViewArray};

    #[test]
    fn sorting_renumbers_by_bytes() {
        let mut names = Interner::default();
        // U+FF5E sorts after U+1F600 in UTF-16 and before it in UTF-8.
        let codes: Vec<u32> = ["\u{1F600}", "b", "\u{FF5E}", "b"]
            .iter()
            .map(|s| names.intern(s.as_bytes()))
            .collect();
        assert_eq!(codes, [0, 1, 2, 1]);
        let rank = names.sort();
        assert_eq!(rank, [2, 0, 1]);
        assert_eq!(names.get("b".as_bytes()), Some(0));
        assert_eq!(&*names.names()[1], "\u{FF5E}".as_bytes());
    }

    #[test]
    fn every_string_type_gives_the_same_codes() {
        let rows = [Some("a"), Some("b"), Some("b"), None, Some("a")];
        let arrays: [ArrayRef; 3] = [
            Arc::new(StringArray::from(rows.to_vec())),
            Arc::new(StringViewArray::from(rows.to_vec())),
            Arc::new(rows.into_iter().collect::<DictionaryArray<Int32Type>>()),
        ];
        for array in arrays {
            let (mut names, mut out) = (Interner::default(), Vec::new());
            CodeReader::default()
                .read(&array, |s| names.intern(s), &mut out)
                .unwrap();
            assert_eq!(out, [0, 1, 1, NULL_CODE, 0], "{}", array.data_type());
        }
        let mut out = Vec::new();
        let nulls: ArrayRef = Arc::new(NullArray::new(2));
        CodeReader::default().read(&nulls, |_| 0, &mut out).unwrap();
        assert_eq!(out, [NULL_CODE; 2]);
    }
}
