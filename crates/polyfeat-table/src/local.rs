//! Distinct values numbered by the piece that they are in.

use std::hash::Hash;

use hashbrown::HashMap;

use crate::codes::NULL_CODE;

/// Distinct values of one piece, numbered by themselves.
pub struct Local<'w, K> {
    codes: HashMap<K, u32>,
    /// The values by number.
    pub names: Vec<K>,
    last: Option<(K, u32)>,
    /// Which of the piece's values are wanted; `None`: all of them.
    wanted: Option<std::slice::Iter<'w, bool>>,
}

impl<'w, K: Copy + Eq + Hash> Local<'w, K> {
    /// Of nothing yet. `wanted` says which of the values to come are numbered.
    pub fn new(wanted: Option<&'w [bool]>) -> Self {
        Local {
            codes: HashMap::default(),
            names: Vec::new(),
            last: None,
            wanted: wanted.map(<[bool]>::iter),
        }
    }

    /// The code of the next value.
    #[inline]
    pub fn code(&mut self, key: Option<K>) -> u32 {
        let is_wanted = self.wanted.as_mut().is_none_or(|w| w.next() == Some(&true));
        let Some(key) = key.filter(|_| is_wanted) else {
            return NULL_CODE;
        };
        if let Some((last, code)) = self.last
            && last == key
        {
            return code;
        }
        let names = &mut self.names;
        let code = *self.codes.entry(key).or_insert_with(|| {
            names.push(key);
            names.len() as u32 - 1
        });
        self.last = Some((key, code));
        code
    }
}

/// Replaces numbers by what they stand for in `map`; the null code stays.
pub fn renumber(codes: &mut [u32], map: &[u32]) {
    for code in codes {
        // The null code is past the end of every map.
        *code = map.get(*code as usize).copied().unwrap_or(NULL_CODE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_numbered_by_first_appearance_and_only_those_wanted() {
        let mut all = Local::new(None);
        let codes: Vec<u32> = [Some(7), Some(7), None, Some(3), Some(7)]
            .map(|v| all.code(v))
            .to_vec();
        assert_eq!((codes, all.names), (vec![0, 0, NULL_CODE, 1, 0], vec![7, 3]));
        let mut some = Local::new(Some(&[false, true]));
        assert_eq!(
            [some.code(Some(7)), some.code(Some(3)), some.code(Some(3))],
            [NULL_CODE, 0, NULL_CODE]
        );
        let mut codes = [1, NULL_CODE, 0];
        renumber(&mut codes, &[5, 6]);
        assert_eq!(codes, [6, NULL_CODE, 5]);
    }
}
