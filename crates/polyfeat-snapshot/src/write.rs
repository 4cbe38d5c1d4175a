//! From columns to the file: pass through what need not be touched, decode, re-order and encode the rest.

use std::collections::BTreeMap;
use std::io::{BufWriter, Cursor};
use std::ops::Range;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Schema};
use parquet::arrow::arrow_reader::ArrowReaderMetadata;
use parquet::arrow::{ARROW_SCHEMA_META_KEY, encode_arrow_schema};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, KeyValue};
use parquet::file::reader::ChunkReader;
use parquet::schema::types::Type;
use rayon::prelude::*;

use crate::assemble::Assembler;
use crate::columns::{Origin, OutColumn};
use crate::encode::{Encoded, Storage, encode};
use crate::error::{Code, Error, Result};
use crate::gather::Decoded;
use crate::job::Job;
use crate::made::Made;
use crate::out_file::OutFile;
use crate::roles::{TimeKind, is_string, value_type};
use crate::strings::{all_pages_dictionary, read_as_codes};
use crate::table::Table;

/// Rows of a row group when columns are encoded anew.
const GROUP_ROWS: usize = 1 << 20;
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

/// What is written.
pub struct Writing<'a> {
    /// The run.
    pub job: &'a Arc<Job>,
    /// The input whose columns pass through.
    pub trades: &'a Table,
    /// Output columns.
    pub columns: &'a [OutColumn],
    /// Feature values.
    pub made: &'a Made<'a>,
    /// File row of each output row; `None` when it is the file's order.
    pub rows: Option<&'a [u32]>,
    /// Codec.
    pub codec: Codec,
}

/// Where the finished chunks of a column lie before they are written.
enum Finished {
    /// Encoded here, one per row group.
    Encoded(Vec<Encoded>),
    /// Copied from the input as they are; the root column.
    Kept(usize),
}

impl Writing<'_> {
    /// Writes the file and puts it in its place.
    ///
    /// # Errors
    /// Those of reading and writing; the output's old state stays.
    pub fn run(&self, out: OutFile) -> Result<()> {
        let keep = self.keeps_groups();
        let groups = self.groups(keep);
        let leaves = self.first_leaves();
        let root = Type::group_type_builder("schema")
            .with_fields(
                self.columns
                    .iter()
                    .enumerate()
                    .map(|(i, c)| self.node(i, c, keep))
                    .collect(),
            )
            .build()
            .map_err(|e| Error::internal(e.to_string()))?;
        let path = out.path().to_path_buf();
        let io_error = |e: ParquetError| write_error(&path, e);
        let buffered = BufWriter::with_capacity(1 << 20, out);
        let sizes = groups.iter().map(ExactSizeIterator::len).collect();
        let assembler = Assembler::new(buffered, Arc::new(root), sizes).map_err(|e| io_error(e.into()))?;
        let metas = self
            .trades
            .parts
            .iter()
            .map(|p| self.read_types(p))
            .collect::<Result<Vec<_>>>()?;

        // Columns are finished in any order and written in theirs: the bytes do not depend on the threads.
        let order = Mutex::new(Waiting {
            next: 0,
            early: BTreeMap::new(),
            assembler,
        });
        let next = AtomicUsize::new(0);
        (0..rayon::current_num_threads())
            .into_par_iter()
            .try_for_each(|_| {
                loop {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    let Some(column) = self.columns.get(i) else {
                        return Ok(());
                    };
                    self.job.check()?;
                    let finished = self.finish(column, &groups, &metas, keep)?;
                    let mut waiting = order
                        .lock()
                        .map_err(|_| Error::internal("a writing thread panicked"))?;
                    let Waiting {
                        next,
                        early,
                        assembler,
                    } = &mut *waiting;
                    early.insert(i, finished);
                    while let Some(finished) = early.remove(next) {
                        self.put(assembler, leaves[*next], &finished, &io_error)?;
                        *next += 1;
                        self.job.advance(1);
                    }
                }
            })?;
        let assembler = order
            .into_inner()
            .map_err(|_| Error::internal("a writing thread panicked"))?
            .assembler;
        let created_by = format!("polyfeat-fast version {}", env!("CARGO_PKG_VERSION"));
        let (buffered, _) = assembler
            .finish(self.key_values(), created_by)
            .map_err(io_error)?;
        let out = buffered
            .into_inner()
            .map_err(|e| io_error(ParquetError::from(e.into_error())))?;
        self.job.check()?;
        self.trades.check_unchanged()?;
        out.commit()
    }

    /// Whether the input's row groups are kept, so that columns can be copied: rows in the file's order and
    /// groups of a sensible size.
    fn keeps_groups(&self) -> bool {
        let groups = self.trades.groups.len() as u64;
        self.rows.is_none() && groups > 0 && (groups == 1 || self.trades.rows / groups >= MIN_KEPT_GROUP_ROWS)
    }

    fn groups(&self, keep: bool) -> Vec<Range<usize>> {
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
    fn first_leaves(&self) -> Vec<usize> {
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

    fn node(&self, index: usize, column: &OutColumn, keep: bool) -> parquet::schema::types::TypePtr {
        match column.origin {
            Origin::Source(root) if keep && self.is_kept(&self.columns[index]) => {
                Arc::clone(&self.trades.parquet_schema().root_schema().get_fields()[root])
            }
            _ => Arc::clone(&column.node),
        }
    }

    /// Whether a column's chunks can be copied as they are.
    fn is_kept(&self, column: &OutColumn) -> bool {
        let root = match column.origin {
            Origin::Source(root) => root,
            // A stored timestamp becomes UTC by its type alone, unless it was seconds or INT96.
            Origin::Time(time) if time.kind == TimeKind::Timestamp => {
                let node = &self.trades.parquet_schema().root_schema().get_fields()[time.index];
                if crate::columns::stored_unit(time.unit) != time.unit
                    || !node.is_primitive()
                    || node.get_physical_type() != column.node.get_physical_type()
                    || crate::encode::is_optional(node) != crate::encode::is_optional(&column.node)
                {
                    return false;
                }
                time.index
            }
            _ => return false,
        };
        self.codec == Codec::Source || {
            let want = self.compression(root);
            self.chunks_of(root).all(|c| c.compression() == want)
        }
    }

    fn chunks_of(&self, root: usize) -> impl Iterator<Item = &ColumnChunkMetaData> {
        let leaves = self.leaves_of(root);
        self.trades.groups.iter().flat_map(move |g| {
            let columns = self.trades.parts[g.part].footer().row_group(g.index).columns();
            columns[leaves.clone()].iter()
        })
    }

    fn leaves_of(&self, root: usize) -> Range<usize> {
        let schema = self.trades.parquet_schema();
        let of = |i: &usize| schema.get_column_root_idx(*i) == root;
        let first = (0..schema.num_columns()).find(of).unwrap_or(0);
        first..first + (first..schema.num_columns()).take_while(of).count()
    }

    fn compression(&self, root: usize) -> Compression {
        match self.codec {
            Codec::Zstd => zstd(),
            Codec::Snappy => Compression::SNAPPY,
            Codec::None => Compression::UNCOMPRESSED,
            Codec::Source => match self.chunks_of(root).next().map(ColumnChunkMetaData::compression) {
                Some(Compression::ZSTD(_)) => zstd(),
                // The framed LZ4 of Hadoop is deprecated; LZO has no writer.
                Some(Compression::LZ4) => Compression::LZ4_RAW,
                Some(Compression::LZO) => zstd(),
                Some(codec) => codec,
                None => Compression::SNAPPY,
            },
        }
    }

    fn storage(&self, column: &OutColumn) -> Storage {
        let root = match column.origin {
            Origin::Source(root) => root,
            Origin::Time(time) => time.index,
            Origin::Made(_) => self.made.ts_root(),
        };
        let dictionary = match (column.origin, column.field.data_type()) {
            (_, DataType::Float64 | DataType::Float32 | DataType::Float16) => false,
            (Origin::Made(_), t) => *t == DataType::Utf8,
            (Origin::Time(_), _) => false,
            // What the input's writer found worth a dictionary is worth one here; token ids always are.
            (Origin::Source(_), _) if column.field.name() == "token_id" => true,
            (Origin::Source(root), _) => self.trades.parts.iter().all(|p| all_pages_dictionary(p, root)),
        };
        Storage {
            compression: self.compression(root),
            dictionary,
        }
    }

    /// The part's footer with all strings read as codes or views.
    fn read_types(&self, part: &crate::part::Part) -> Result<ArrowReaderMetadata> {
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

    fn finish(
        &self,
        column: &OutColumn,
        groups: &[Range<usize>],
        metas: &[ArrowReaderMetadata],
        keep: bool,
    ) -> Result<Finished> {
        if keep && self.is_kept(column) {
            match column.origin {
                Origin::Source(root) => return Ok(Finished::Kept(root)),
                Origin::Time(time) => return Ok(Finished::Kept(time.index)),
                Origin::Made(_) => {}
            }
        }
        let storage = self.storage(column);
        let decoded = match column.origin {
            Origin::Source(root) => Some(Decoded::read(self.job, self.trades, metas, root)?),
            _ => None,
        };
        let values = |range: Range<usize>| -> Result<ArrayRef> {
            match (&decoded, column.origin) {
                (Some(decoded), _) => match self.rows {
                    Some(rows) => decoded.rows(&rows[range]),
                    None => decoded.rows(&(range.start as u32..range.end as u32).collect::<Vec<_>>()),
                },
                (None, Origin::Made(feature)) => self.made.values(feature, range),
                (None, _) => self.made.time(range),
            }
        };
        let encoded = groups
            .iter()
            .map(|group| {
                let pieces = group.clone().step_by(crate::keys::BATCH_ROWS).map(|at| {
                    self.job.check()?;
                    values(at..group.end.min(at + crate::keys::BATCH_ROWS))
                });
                encode(self.job, column.field.name(), &column.node, storage, pieces)
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(Finished::Encoded(encoded))
    }

    fn put<W: std::io::Write + Send>(
        &self,
        assembler: &mut Assembler<W>,
        first_leaf: usize,
        finished: &Finished,
        io_error: &impl Fn(ParquetError) -> Error,
    ) -> Result<()> {
        match finished {
            Finished::Encoded(groups) => {
                for (g, encoded) in groups.iter().enumerate() {
                    for leaf in 0..encoded.leaves() {
                        let (meta, bytes) = encoded.chunk(leaf);
                        assembler
                            .put(g, first_leaf + leaf, meta, Cursor::new(bytes))
                            .map_err(io_error)?;
                    }
                }
            }
            Finished::Kept(root) => {
                for (g, group) in self.trades.groups.iter().enumerate() {
                    let part = &self.trades.parts[group.part];
                    for (i, leaf) in self.leaves_of(*root).enumerate() {
                        let meta = part.footer().row_group(group.index).column(leaf);
                        let bytes = part
                            .reader(self.job)
                            .get_read(meta.byte_range().0)
                            .map_err(|e| Error::parquet(&part.path, e))?;
                        assembler
                            .put(g, first_leaf + i, meta, bytes)
                            .map_err(|e| match e {
                                // Fewer bytes than promised: the input is cut off, the output is not to blame.
                                ParquetError::EOF(_) => Error::parquet(&part.path, e),
                                e => io_error(e),
                            })?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The input's own metadata, but for what would no longer be true.
    fn key_values(&self) -> Vec<KeyValue> {
        let mut all: Vec<KeyValue> = Vec::new();
        if let Some(source) = self.trades.parts[0].footer().file_metadata().key_value_metadata() {
            all.extend(
                source
                    .iter()
                    .filter(|kv| kv.key != "pandas" && kv.key != ARROW_SCHEMA_META_KEY)
                    .cloned(),
            );
        }
        let schema = Schema::new(
            self.columns
                .iter()
                .map(|c| Arc::clone(&c.field))
                .collect::<Vec<_>>(),
        );
        all.push(KeyValue::new(
            ARROW_SCHEMA_META_KEY.to_string(),
            encode_arrow_schema(&schema),
        ));
        all
    }
}

struct Waiting<W: std::io::Write> {
    next: usize,
    early: BTreeMap<usize, Finished>,
    assembler: Assembler<W>,
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

/// Whether a failed write says that the disk is full or that the place is closed.
fn write_error(path: &std::path::Path, e: ParquetError) -> Error {
    if let ParquetError::External(inner) = &e {
        if let Some(io) = inner.downcast_ref::<std::io::Error>() {
            if let Some(own) = io.get_ref().and_then(|e| e.downcast_ref::<Error>()) {
                return own.clone();
            }
            return crate::out_file::writing(path, io);
        }
        if let Some(own) = inner.downcast_ref::<Error>() {
            return own.clone();
        }
    }
    Error::new(Code::Io, format!("cannot write {}: {e}", path.display())).in_file(path)
}
