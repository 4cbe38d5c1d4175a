//! Text columns: the UTF-8 bytes of each row, in place.

use crate::column::{Column, Piece};
use crate::data_type::DataType;
use crate::error::{Code, Result};
use crate::ints::{chunk_of, too_short, validity};

/// Calls `each` with the bytes of every row of a piece of a plain text column, `None` for nulls. Whether they are
/// valid UTF-8 is not looked at.
///
/// # Errors
/// `CORRUPT` with the row where offsets or a view point outside the data; `WRONG_TYPE` when it is no plain text.
pub fn each_text<'c>(
    column: &'c Column<'_>,
    piece: &Piece,
    mut each: impl FnMut(Option<&'c [u8]>),
) -> Result<()> {
    let chunk = chunk_of(column, piece)?;
    let valid = validity(column, piece);
    let is_valid = |row: usize| valid.is_none_or(|v| v.get(row));
    let rows = piece.rows.clone();
    let outside = |row: usize| {
        let row = column.row_of(piece.chunk, row);
        column
            .error(
                Code::Corrupt,
                format!("has text in row {row} that lies outside its buffers"),
            )
            .at_row(row)
    };
    macro_rules! behind_offsets {
        ($offset:ty) => {{
            let data = chunk.values.as_slice();
            let offsets = chunk.offsets.as_ref();
            let offsets = offsets
                .and_then(|o| o.typed::<$offset>(rows.start..rows.end + 1))
                .ok_or_else(|| too_short(column, piece))?;
            for (row, pair) in rows.zip(offsets.windows(2)) {
                if !is_valid(row) {
                    each(None);
                    continue;
                }
                let at = |i: usize| usize::try_from(pair[i]).ok();
                let text = at(0).zip(at(1)).and_then(|(from, to)| data.get(from..to));
                each(Some(text.ok_or_else(|| outside(row))?));
            }
        }};
    }
    match column.data_type {
        DataType::Utf8 => behind_offsets!(i32),
        DataType::LargeUtf8 => behind_offsets!(i64),
        DataType::Utf8View => {
            let views = chunk.values.as_slice();
            for row in rows {
                if !is_valid(row) {
                    each(None);
                    continue;
                }
                let view = views.get(row * 16..row * 16 + 16);
                let text = view.and_then(|view| of_view(view, |i| Some(chunk.buffers.get(i)?.as_slice())));
                each(Some(text.ok_or_else(|| outside(row))?));
            }
        }
        DataType::Null => rows.for_each(|_| each(None)),
        _ => return Err(column.wrong_type("text")),
    }
    Ok(())
}

/// The bytes that a view of 16 bytes stands for: up to 12 in itself, longer ones in a buffer.
fn of_view<'c>(view: &'c [u8], buffer: impl Fn(usize) -> Option<&'c [u8]>) -> Option<&'c [u8]> {
    let word = |at: usize| {
        let bytes = view.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(i32::from_le_bytes(bytes)).ok()
    };
    let len = word(0)?;
    if len <= 12 {
        return view.get(4..4 + len);
    }
    let start = word(12)?;
    buffer(word(8)?)?.get(start..start.checked_add(len)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::Chunk;

    fn texts(column: &Column<'_>) -> Result<Vec<Option<String>>> {
        let mut out = Vec::new();
        for piece in column.pieces() {
            each_text(column, &piece, |t| {
                out.push(t.map(|t| String::from_utf8_lossy(t).into_owned()))
            })?;
        }
        Ok(out)
    }

    fn column<'a>(
        data_type: DataType,
        len: usize,
        values: &'a [u8],
        offsets: Option<&'a [u8]>,
    ) -> Column<'a> {
        let mut chunk = Chunk::of_values(len, values);
        chunk.offsets = offsets.map(Into::into);
        Column {
            name: "t".into(),
            data_type,
            chunks: vec![chunk],
        }
    }

    #[test]
    fn offsets_of_both_widths() {
        let small: [i32; 4] = [1, 3, 3, 4];
        let large = small.map(i64::from);
        for c in [
            column(DataType::Utf8, 3, b"xabc", Some(bytemuck::cast_slice(&small))),
            column(
                DataType::LargeUtf8,
                3,
                b"xabc",
                Some(bytemuck::cast_slice(&large)),
            ),
        ] {
            c.check().unwrap();
            let expected = ["ab", "", "c"].map(|t| Some(t.to_string()));
            assert_eq!(texts(&c).unwrap(), expected);
        }
    }

    #[test]
    fn offsets_outside_are_errors_except_in_null_rows() {
        for bad in [[0, -1, 2], [0, 9, 9], [3, 1, 2], [0, i32::MAX, 0]] {
            let mut c = column(DataType::Utf8, 2, b"abc", Some(bytemuck::cast_slice(&bad)));
            let e = texts(&c).unwrap_err();
            assert_eq!(e.code, Code::Corrupt, "{bad:?}");
            assert!(e.row.is_some());
            c.chunks[0].validity = Some([0_u8][..].into());
            assert_eq!(texts(&c).unwrap(), [None, None]);
        }
    }

    #[test]
    fn views_short_and_long() {
        let long = b"a text of more than twelve bytes";
        let mut views = Vec::new();
        let mut view = |len: i32, rest: [u8; 12]| {
            views.extend(len.to_le_bytes());
            views.extend(rest);
        };
        view(2, *b"hi..........");
        let mut rest = [0_u8; 12];
        rest[..4].copy_from_slice(&long[2..6]);
        rest[4..8].copy_from_slice(&1_i32.to_le_bytes());
        rest[8..].copy_from_slice(&2_i32.to_le_bytes());
        view(30, rest);
        view(31, rest);
        let mut c = column(DataType::Utf8View, 2, &views, None);
        c.chunks[0].buffers = vec![b"other"[..].into(), long[..].into()];
        let expected = ["hi", "text of more than twelve bytes"].map(|t| Some(t.to_string()));
        assert_eq!(texts(&c).unwrap(), expected);
        c.chunks[0].len = 3;
        assert_eq!(texts(&c).unwrap_err().row, Some(2));
        c.chunks[0].buffers.clear();
        assert_eq!(texts(&c).unwrap_err().row, Some(1));
    }
}
