//! How the output is laid out: row groups, what is copied and what is encoded, codec and dictionary by column.

use std::ops::Range;
use std::sync::Arc;

use arrow::datatypes::DataType;
use parquet::arrow::arrow_reader::ArrowReaderMetadata;
use parquet::basic::{Compression, Type as PhysicalType, ZstdLevel};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::schema::types::{Type, TypePtr};

use crate::columns::{Origin, OutColumn};
use crate::encode::Storage;
use crate::error::Result;
use crate::roles::{TimeKind, is_string, value_type};
use crate::safe::renamed;
use crate::stored::{may_hold_nat, stored_unit};
use crate::strings::{all_pages_dictionary, read_as_codes};
use crate::write::Writing;

/// Rows of a row group when columns are encoded anew.
pub const GROUP_ROWS: usize = 1 << 18;
/// Room made at first for the bytes of an encoded row group, at most.
const MAX_EXPECTED: u64 = 32 << 20;
/// Smaller row groups than this, on average, are not worth keeping.
const MIN_KEPT_GROUP_ROWS: u64 = 1 << 14;

/// The codec of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    /// Each column keeps that of the input; new columns take that of `ts`.
    Source,
    /// Zstandard, level 1.
    Zstd,
    /// Snappy.
    Snappy,
    /// None.
    None,
}

/// How the file is laid out.
pub struct Layout {
    /// Output rows of each row group.
    pub groups: Vec<Range<usize>>,
    /// Whether they are the input's row groups, so that chunks can be copied.
    pub kept: bool,
    /// First leaf of each output column.
    pub leaves: Vec<usize>,
    /// Footers of the input's parts with the Arrow types that columns are read with.
    pub metas: Vec<ArrowReaderMetadata>,
}

impl Writing<'_> {
    /// Whether the input's row groups are kept, so that columns can be copied: rows in the file's order and
    /// groups of a sensible size.
    pub(crate) fn keeps_groups(&self) -> bool {
        let groups = self.trades.groups.len() as u64;
        self.rows.is_none() && groups > 0 && (groups == 1 || self.trades.rows / groups >= MIN_KEPT_GROUP_ROWS)
    }

    pub(crate) fn groups(&self, keep: bool) -> Vec<Range<usize>> {
        let rows = self.trades.rows as usize;
        if keep {
            let first = |row: u64| row as usize;
            return self
                .trades
                .groups
                .iter()
                .map(|g| first(g.first_row)..first(g.first_row) + g.rows)
                .collect();
        }
        (0..rows)
            .step_by(GROUP_ROWS)
            .map(|at| at..rows.min(at + GROUP_ROWS))
            .collect()
    }

    /// Index of each output column's first leaf.
    pub(crate) fn first_leaves(&self) -> Vec<usize> {
        let mut at = 0;
        self.columns
            .iter()
            .map(|c| {
                let first = at;
                at += count_leaves(&c.node);
                first
            })
            .collect()
    }

    pub(crate) fn node(&self, column: &OutColumn, kept: bool) -> Result<TypePtr> {
        match column.origin {
            Origin::Source(root) if kept && self.is_kept(column) => {
                let node = &self.trades.parquet_schema().root_schema().get_fields()[root];
                renamed(node, column.field.name())
            }
            _ => Ok(Arc::clone(&column.node)),
        }
    }

    /// Whether a column's chunks can be copied as they are.
    pub(crate) fn is_kept(&self, column: &OutColumn) -> bool {
        let root = match column.origin {
            Origin::Source(root) => root,
            // A stored timestamp becomes UTC by its type alone, unless it was seconds or INT96.
            Origin::Time(time) if time.kind == TimeKind::Timestamp => {
                let node = &self.trades.parquet_schema().root_schema().get_fields()[time.index];
                if stored_unit(time.unit) != time.unit
                    || !node.is_primitive()
                    || node.get_physical_type() != column.node.get_physical_type()
                    || crate::encode::is_optional(node) != crate::encode::is_optional(&column.node)
                    || self.trades.chunks(time.index).any(may_hold_nat)
                {
                    return false;
                }
                time.index
            }
            _ => return false,
        };
        self.codec == Codec::Source || {
            let want = self.compression(root);
            self.trades.chunks(root).all(|c| c.compression() == want)
        }
    }

    fn compression(&self, root: usize) -> Compression {
        match self.codec {
            Codec::Zstd => zstd(),
            Codec::Snappy => Compression::SNAPPY,
            Codec::None => Compression::UNCOMPRESSED,
            Codec::Source => match self
                .trades
                .chunks(root)
                .next()
                .map(ColumnChunkMetaData::compression)
            {
                Some(Compression::ZSTD(_)) => zstd(),
                // The framed LZ4 of Hadoop is deprecated; LZO has no writer.
                Some(Compression::LZ4) => Compression::LZ4_RAW,
                Some(Compression::LZO) => zstd(),
                Some(codec) => codec,
                None => Compression::SNAPPY,
            },
        }
    }

    pub(crate) fn storage(&self, column: &OutColumn, groups: usize) -> Storage {
        let root = match column.origin {
            Origin::Source(root) => root,
            Origin::Time(time) => time.index,
            Origin::Made(_) => self.ts_root,
        };
        let dictionary = match (column.origin, column.field.data_type()) {
            (_, DataType::Float64 | DataType::Float32 | DataType::Float16) => false,
            (Origin::Made(_), t) => *t == DataType::Utf8,
            (Origin::Time(_), _) => false,
            // What the input's writer found worth a dictionary is worth one here; token ids always are.
            (Origin::Source(_), _) if column.field.name() == "token_id" => true,
            (Origin::Source(root), _) => self.trades.parts.iter().all(|p| all_pages_dictionary(p, root)),
        };
        let text = is_string(value_type(column.field.data_type()))
            && column.node.is_primitive()
            && column.node.get_physical_type() == PhysicalType::BYTE_ARRAY;
        Storage {
            compression: self.compression(root),
            dictionary,
            text,
            expected_bytes: (self.weight(column) / groups.max(1) as u64).min(MAX_EXPECTED) as usize,
        }
    }

    /// The part's footer with all strings read as codes or views.
    pub(crate) fn read_types(&self, part: &crate::part::Part) -> Result<ArrowReaderMetadata> {
        let strings: Vec<usize> = part
            .meta
            .schema()
            .fields()
            .iter()
            .enumerate()
            .filter(|(_, f)| is_string(value_type(f.data_type())))
            .map(|(i, _)| i)
            .collect();
        read_as_codes(part, &strings)
    }
}

fn zstd() -> Compression {
    Compression::ZSTD(ZstdLevel::try_new(1).unwrap_or_default())
}

fn count_leaves(node: &Type) -> usize {
    if node.is_primitive() {
        1
    } else {
        node.get_fields().iter().map(|f| count_leaves(f)).sum()
    }
}
