//! Values as small codes: a value is looked at once per dictionary entry, once per run of equal values elsewhere,
//! and hashed only when a run begins.

use std::hash::Hash;
use std::sync::Arc;

use hashbrown::HashMap;

use crate::column::{Column, Piece};
use crate::data_type::{DataType, IntType};
use crate::error::Result;
use crate::ints::{each_int, mapped, mark, pieces_of};
use crate::job::Job;
use crate::local::{Local, renumber};
use crate::text::each_text;

/// The code of a missing value.
pub const NULL_CODE: u32 = u32::MAX;

/// Checks that the column is text, a dictionary of texts, or all null.
///
/// # Errors
/// `WRONG_TYPE`.
pub fn check_text(column: &Column<'_>) -> Result<()> {
    let found = column.value_type();
    if found.is_text() || found == DataType::Null {
        return Ok(());
    }
    let number = matches!(
        found,
        DataType::Int(_) | DataType::Float64 | DataType::Float32 | DataType::Decimal { .. }
    );
    Err(column.wrong_type(if &*column.name == "token_id" && number {
        "text (a number cannot hold a 77-digit token id); write it as a string"
    } else {
        "text (utf8, large_utf8, utf8_view or a dictionary of those); write it as a string"
    }))
}

/// The code of every row of a text column. `code_of` is asked in the order of first appearance (dictionaries: of
/// the entries), in any case in an order that does not depend on threads; null rows have [`NULL_CODE`].
///
/// # Errors
/// `CORRUPT`, `CANCELLED`.
pub fn text_codes(
    job: &Job,
    column: &Column<'_>,
    code_of: &mut impl FnMut(&[u8]) -> u32,
) -> Result<Vec<u32>> {
    codes(
        job,
        column,
        |column, piece, local, out| each_text(column, piece, |text| out.push(local.code(text))),
        code_of,
    )
}

/// The code of every row of integers, booleans, dates or timestamps, as [`text_codes`] gives those of texts.
///
/// # Errors
/// `WRONG_TYPE`, `CORRUPT`, `CANCELLED`.
pub fn int_codes(job: &Job, column: &Column<'_>, code_of: &mut impl FnMut(i128) -> u32) -> Result<Vec<u32>> {
    codes(
        job,
        column,
        |column, piece, local, out| each_int(column, piece, |value| out.push(local.code(value))),
        &mut |value| code_of(value),
    )
}

/// The code of every row of pairs of codes of which neither is null: keys of several columns, one pair at a time.
///
/// # Errors
/// `CANCELLED`.
pub fn pair_codes(job: &Job, a: &[u32], b: &[u32], code_of: &mut impl FnMut(u64) -> u32) -> Result<Vec<u32>> {
    let mut out = Vec::with_capacity(a.len());
    let mut known = Local::new(None);
    for (a, b) in a
        .chunks(crate::job::ROWS_AT_A_TIME)
        .zip(b.chunks(crate::job::ROWS_AT_A_TIME))
    {
        job.check()?;
        out.extend(a.iter().zip(b).map(|(&a, &b)| {
            known.code((a != NULL_CODE && b != NULL_CODE).then_some(u64::from(a) << 32 | u64::from(b)))
        }));
    }
    let map: Vec<u32> = known.names.into_iter().map(code_of).collect();
    renumber(&mut out, &map);
    Ok(out)
}

/// Pieces number their values in parallel, each for itself; then the numbers are made one set, piece by piece, so
/// that they do not depend on which thread was first.
fn codes<'c, K: Copy + Eq + Hash + Send + Sync>(
    job: &Job,
    column: &'c Column<'_>,
    read: impl Fn(&'c Column<'_>, &Piece, &mut Local<'_, K>, &mut Vec<u32>) -> Result<()> + Sync,
    code_of: &mut impl FnMut(K) -> u32,
) -> Result<Vec<u32>> {
    if let DataType::Dictionary(int) = column.data_type {
        let maps = dictionary_codes(job, column, int, &read, code_of)?;
        let mut out = vec![NULL_CODE; column.len()];
        job.threads.map(pieces_of(column, &mut out), |(piece, out)| {
            job.check()?;
            job.advance(out.len());
            mapped(column, int, &piece, &maps[piece.chunk], NULL_CODE, out)
        })?;
        return Ok(out);
    }
    plain_codes(job, column, None, &read, code_of)
}

/// For every chunk, the codes of its dictionary's entries. Chunks that share a dictionary share the work.
fn dictionary_codes<'c, K: Copy + Eq + Hash + Send + Sync>(
    job: &Job,
    column: &'c Column<'_>,
    int: IntType,
    read: &(impl Fn(&'c Column<'_>, &Piece, &mut Local<'_, K>, &mut Vec<u32>) -> Result<()> + Sync),
    code_of: &mut impl FnMut(K) -> u32,
) -> Result<Vec<Arc<[u32]>>> {
    let mut maps: Vec<Arc<[u32]>> = vec![Arc::default(); column.chunks.len()];
    let mut order: Vec<&Arc<Column<'_>>> = Vec::new();
    let mut sharers: HashMap<*const Column<'_>, Vec<usize>> = HashMap::new();
    for (chunk, c) in column.chunks.iter().enumerate().filter(|(_, c)| c.len > 0) {
        if let Some(dictionary) = &c.dictionary {
            let chunks = sharers.entry(Arc::as_ptr(dictionary)).or_insert_with(|| {
                order.push(dictionary);
                Vec::new()
            });
            chunks.push(chunk);
        }
    }
    for dictionary in order {
        let chunks = sharers.remove(&Arc::as_ptr(dictionary)).unwrap_or_default();
        let used = used(column, int, dictionary, &chunks)?;
        let map: Arc<[u32]> = plain_codes(job, dictionary, used.as_deref(), read, code_of)?.into();
        chunks
            .into_iter()
            .for_each(|chunk| maps[chunk] = Arc::clone(&map));
    }
    Ok(maps)
}

/// Which entries of a dictionary some row has: looked for when rows are fewer than entries, as in a few rows cut out
/// of a large table. `None`: take all.
fn used(
    column: &Column<'_>,
    int: IntType,
    dictionary: &Column<'_>,
    chunks: &[usize],
) -> Result<Option<Vec<bool>>> {
    let rows: usize = chunks.iter().map(|&chunk| column.chunks[chunk].len).sum();
    if rows >= dictionary.len() {
        return Ok(None);
    }
    let mut used = vec![false; dictionary.len()];
    for &chunk in chunks {
        let piece = Piece {
            chunk,
            rows: 0..column.chunks[chunk].len,
            first: 0,
        };
        mark(column, int, &piece, &mut used)?;
    }
    Ok(Some(used))
}

fn plain_codes<'c, K: Copy + Eq + Hash + Send + Sync>(
    job: &Job,
    column: &'c Column<'_>,
    wanted: Option<&[bool]>,
    read: &(impl Fn(&'c Column<'_>, &Piece, &mut Local<'_, K>, &mut Vec<u32>) -> Result<()> + Sync),
    code_of: &mut impl FnMut(K) -> u32,
) -> Result<Vec<u32>> {
    let parts = job.threads.map(column.pieces(), |piece| {
        job.check()?;
        let rows = piece.first..piece.first + piece.rows.len();
        let mut local = Local::new(wanted.and_then(|w| w.get(rows)));
        let mut out = Vec::with_capacity(piece.rows.len());
        read(column, &piece, &mut local, &mut out)?;
        job.advance(out.len());
        Ok((out, local.names))
    })?;
    let mut out = vec![NULL_CODE; column.len()];
    let mut work = Vec::with_capacity(parts.len());
    for ((_, slice), (part, names)) in pieces_of(column, &mut out).into_iter().zip(parts) {
        let map: Vec<u32> = names.into_iter().map(&mut *code_of).collect();
        work.push((slice, part, map));
    }
    job.threads.map(work, |(slice, part, map)| {
        slice.copy_from_slice(&part);
        renumber(slice, &map);
        Ok(())
    })?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::Chunk;
    use crate::interner::Interner;
    use crate::threads::Threads;

    /// A column of `texts`, with the buffers it borrows from.
    struct Texts {
        data: Vec<u8>,
        offsets: Vec<i32>,
        validity: Vec<u8>,
    }

    impl Texts {
        fn new(texts: &[Option<&str>]) -> Self {
            let mut t = Texts {
                data: Vec::new(),
                offsets: vec![0],
                validity: vec![0; texts.len().div_ceil(8)],
            };
            for (i, text) in texts.iter().enumerate() {
                t.data.extend(text.unwrap_or("garbage").bytes());
                t.offsets.push(t.data.len() as i32);
                t.validity[i / 8] |= u8::from(text.is_some()) << (i % 8);
            }
            t
        }

        fn chunk(&self) -> Chunk<'_> {
            let mut chunk = Chunk::of_values(self.offsets.len() - 1, &self.data);
            chunk.offsets = Some(bytemuck::cast_slice(&self.offsets).into());
            chunk.validity = Some(self.validity[..].into());
            chunk
        }

        fn column(&self) -> Column<'_> {
            Column {
                name: "token_id".into(),
                data_type: DataType::Utf8,
                chunks: vec![self.chunk()],
            }
        }
    }

    fn interned(job: &Job, column: &Column<'_>) -> (Vec<u32>, Interner) {
        let mut names = Interner::default();
        let codes = text_codes(job, column, &mut |t| names.intern(t)).unwrap();
        (codes, names)
    }

    #[test]
    fn plain_and_coded_texts_have_the_same_names() {
        let rows = [Some("a"), Some("b"), Some("b"), None, Some("a"), Some("")];
        let texts = Texts::new(&rows);
        let job = Job::default();
        let (codes, names) = interned(&job, &texts.column());
        assert_eq!(codes, [0, 1, 1, NULL_CODE, 0, 2]);

        let (d1, d2) = (
            Texts::new(&[Some("b"), None, Some("a")]),
            Texts::new(&[Some("a"), Some("b"), Some("")]),
        );
        let coded = |texts: &'static [u8], d: &Arc<Column<'static>>| {
            let mut chunk = Chunk::of_values(texts.len(), texts);
            chunk.dictionary = Some(Arc::clone(d));
            chunk
        };
        let leak = |t: Texts| -> Arc<Column<'static>> { Arc::new(Box::leak(Box::new(t)).column()) };
        let (d1, d2) = (leak(d1), leak(d2));
        let column = Column {
            name: "token_id".into(),
            data_type: DataType::Dictionary(IntType::U8),
            chunks: vec![
                coded(&[2, 0], &d1),
                coded(&[], &d1),
                coded(&[1], &d2),
                coded(&[1], &d1),
                coded(&[0, 2], &d2),
            ],
        };
        let (other, other_names) = interned(&job, &column);
        let texts = |codes: &[u32], names: &Interner| -> Vec<Option<Vec<u8>>> {
            let name = |&c: &u32| (c != NULL_CODE).then(|| names.name(c).to_vec());
            codes.iter().map(name).collect()
        };
        assert_eq!(texts(&codes, &names), texts(&other, &other_names));
    }

    #[test]
    fn entries_that_no_row_has_get_no_code() {
        let texts = Texts::new(&[Some("a"), Some("b"), Some("c"), Some("d")]);
        let mut chunk = Chunk::of_values(2, &[3, 1]);
        chunk.dictionary = Some(Arc::new(texts.column()));
        let column = Column {
            name: "token_id".into(),
            data_type: DataType::Dictionary(IntType::U8),
            chunks: vec![chunk],
        };
        let (codes, names) = interned(&Job::default(), &column);
        assert_eq!((codes, names.len()), (vec![1, 0], 2));
        assert_eq!(names.name(1), b"d");
    }

    #[test]
    fn threads_do_not_change_codes() {
        let names: Vec<String> = (0..150_000).map(|i| (i * 7919 % 1013).to_string()).collect();
        let rows: Vec<Option<&str>> = names.iter().map(|n| Some(n.as_str())).collect();
        let texts = Texts::new(&rows);
        let alone = interned(&Job::default(), &texts.column()).0;
        let many = Job::new(Threads::new(Some(4), 0).unwrap(), Arc::default(), None);
        assert_eq!(interned(&many, &texts.column()).0, alone);
    }

    #[test]
    fn pairs_are_null_where_one_of_them_is() {
        let (mut next, job) = (10, Job::default());
        let codes = pair_codes(&job, &[0, 0, 1, NULL_CODE, 0], &[5, 6, 5, 5, 5], &mut |_| {
            next += 1;
            next
        });
        assert_eq!(codes.unwrap(), [11, 12, 13, NULL_CODE, 11]);
    }
}
