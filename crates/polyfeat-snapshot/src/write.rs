//! From columns to the file: pass through what need not be touched, decode, re-order and encode the rest.

use std::io::{BufWriter, Cursor};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Schema};
use parquet::arrow::arrow_reader::ArrowReaderMetadata;
use parquet::arrow::{ARROW_SCHEMA_META_KEY, encode_arrow_schema};
use parquet::basic::{Compression, Type as PhysicalType, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, KeyValue};
use parquet::file::reader::ChunkReader;
use parquet::schema::types::{Type, TypePtr};
use rayon::prelude::*;

use crate::assemble::Assembler;
use crate::columns::{Origin, OutColumn};
use crate::encode::{Encoded, Storage, encode};
use crate::error::{Code, Error, Result};
use crate::gather::{Decoded, Source};
use crate::job::Job;
use crate::made::Made;
use crate::out_file::OutFile;
use crate::queue::{Queue, Step};
use crate::roles::{TimeKind, is_string, value_type};
use crate::strings::{all_pages_dictionary, read_as_codes};
use crate::table::Table;

/// Rows of a row group when columns are encoded anew.
const GROUP_ROWS: usize = 1 << 18;
/// Rows that are picked and encoded at a time: few enough that they are in the cache for the second step.
const PIECE_ROWS: usize = 1 << 13;
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

/// What is written.
pub struct Writing<'a> {
    /// The run.
    pub job: &'a Arc<Job>,
    /// The input whose columns pass through.
    pub trades: &'a Table,
    /// Root column of `trades` whose codec new columns take.
    pub ts_root: usize,
    /// Output columns.
    pub columns: &'a [OutColumn],
    /// Feature values.
    pub made: &'a Made<'a>,
    /// File row of each output row; `None` when it is the file's order.
    pub rows: Option<&'a [u32]>,
    /// Codec.
    pub codec: Codec,
    /// Bytes that decoded columns may take together.
    pub memory: u64,
}

/// A finished column, before it is written.
enum Finished {
    /// Encoded here, one per row group.
    Encoded(Vec<Encoded>),
    /// Copied from the input as it is; the root column.
    Kept(usize),
}

impl Finished {
    fn bytes(&self) -> u64 {
        match self {
            Finished::Encoded(groups) => groups.iter().map(Encoded::bytes).sum(),
            Finished::Kept(_) => 0,
        }
    }
}

/// How the file is laid out.
struct Layout {
    /// Output rows of each row group.
    groups: Vec<Range<usize>>,
    /// Whether they are the input's row groups, so that chunks can be copied.
    kept: bool,
    /// First leaf of each output column.
    leaves: Vec<usize>,
    /// Footers of the input's parts with the Arrow types that columns are read with.
    metas: Vec<ArrowReaderMetadata>,
}

impl Writing<'_> {
    /// Writes the file and puts it in its place.
    ///
    /// # Errors
    /// Those of reading and writing; the output's old state stays.
    pub fn run(&self, out: OutFile) -> Result<()> {
        let kept = self.keeps_groups();
        let layout = Layout {
            groups: self.groups(kept),
            kept,
            leaves: self.first_leaves(),
            metas: self
                .trades
                .parts
                .iter()
                .map(|p| self.read_types(p))
                .collect::<Result<_>>()?,
        };
        let root = Type::group_type_builder("schema")
            .with_fields(self.columns.iter().map(|c| self.node(c, kept)).collect())
            .build()
            .map_err(|e| Error::internal(e.to_string()))?;
        let path = out.path().to_path_buf();
        let io_error = |e: ParquetError| write_error(&path, e);
        let buffered = BufWriter::with_capacity(1 << 20, out);
        let sizes = layout.groups.iter().map(ExactSizeIterator::len).collect();
        let mut assembler =
            Assembler::new(buffered, Arc::new(root), sizes).map_err(|e| io_error(e.into()))?;

        // Columns are finished in any order and written in one: the bytes do not depend on the threads.
        let order = self.order(&layout);
        let needs = order
            .iter()
            .map(|&c| self.need(&self.columns[c], &layout))
            .collect();
        let queue = Queue::new(needs, self.memory, &mut assembler);
        rayon::broadcast(|_| -> Result<()> {
            loop {
                match queue.step() {
                    Step::Done => return Ok(()),
                    Step::Wait => help_others(),
                    Step::Take(i) => {
                        self.job
                            .check()
                            .and_then(|()| {
                                let finished = self.finish(&self.columns[order[i]], &layout)?;
                                let bytes = finished.bytes();
                                queue.put(i, finished, bytes, |assembler, i, finished| {
                                    self.put(assembler, layout.leaves[order[i]], &finished, &io_error)
                                })
                            })
                            .inspect_err(|_| queue.stop())?;
                    }
                }
            }
        })
        .into_iter()
        .collect::<Result<()>>()?;
        drop(queue);
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

    /// The order in which columns are written: features first, for each frees its memory, then the input's
    /// columns by size, the largest first, so that the last ones to finish are small.
    fn order(&self, layout: &Layout) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.columns.len()).collect();
        order.sort_by_key(|&c| match self.columns[c].origin {
            Origin::Source(root) => (1, u64::MAX - self.source(root, layout).bytes()),
            _ => (0, 0),
        });
        order
    }

    fn source<'a>(&'a self, root: usize, layout: &'a Layout) -> Source<'a> {
        Source {
            job: self.job,
            table: self.trades,
            metas: &layout.metas,
            root,
        }
    }

    /// Bytes that a column takes while it is worked on.
    fn need(&self, column: &OutColumn, layout: &Layout) -> u64 {
        let encoding = (GROUP_ROWS as u64 * 64).min(self.trades.rows * 64);
        encoding
            + match column.origin {
                Origin::Source(root) if !(layout.kept && self.is_kept(column)) => {
                    self.source(root, layout).bytes()
                }
                _ => 0,
            }
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

    fn node(&self, column: &OutColumn, kept: bool) -> TypePtr {
        match column.origin {
            Origin::Source(root) if kept && self.is_kept(column) => {
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
                    || self.trades.chunks(time.index).any(crate::columns::may_hold_nat)
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

    fn storage(&self, column: &OutColumn, groups: usize) -> Storage {
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

    fn finish(&self, column: &OutColumn, layout: &Layout) -> Result<Finished> {
        let progress = Share::new(self.job, self.weight(column), layout.groups.len());
        if layout.kept && self.is_kept(column) {
            let root = match column.origin {
                Origin::Time(time) => time.index,
                Origin::Source(root) => root,
                Origin::Made(_) => return Err(Error::internal("a feature to copy")),
            };
            progress.all();
            return Ok(Finished::Kept(root));
        }
        let storage = self.storage(column, layout.groups.len());
        let encode_groups =
            |groups: &[Range<usize>], values: &(dyn Fn(Range<usize>) -> Result<ArrayRef> + Sync)| {
                groups
                    .par_iter()
                    .map(|group| {
                        let pieces = group.clone().step_by(PIECE_ROWS).map(|at| {
                            self.job.check()?;
                            values(at..group.end.min(at + PIECE_ROWS))
                        });
                        let encoded = encode(self.job, column.field.name(), &column.node, storage, pieces)?;
                        progress.one();
                        Ok(encoded)
                    })
                    .collect::<Result<Vec<_>>>()
            };
        let groups = &layout.groups[..];
        let of_trades = |e: Error| {
            let message = format!("{}: {}", self.trades.path.display(), e.message);
            Error { message, ..e }.in_file(&self.trades.path)
        };
        let encoded = match column.origin {
            Origin::Made(feature) => {
                let made = self.made.open(feature)?;
                encode_groups(groups, &|range| made.values(range).map_err(of_trades))?
            }
            Origin::Time(_) => encode_groups(groups, &|range| self.made.time(range).map_err(of_trades))?,
            Origin::Source(root) => {
                let source = self.source(root, layout);
                // What a pass picks is there once more as encoded chunks, and its rows are sorted: half the room.
                let passes = match source.bytes() {
                    bytes if bytes <= self.memory => 1,
                    bytes => bytes.div_ceil((self.memory / 2).max(1)) as usize,
                };
                if passes == 1 {
                    let decoded = source.read()?;
                    encode_groups(groups, &|range| self.pick(&decoded, range))?
                } else {
                    let mut encoded = Vec::with_capacity(groups.len());
                    for groups in groups.chunks(groups.len().div_ceil(passes)) {
                        let picked = self.pick_pass(&source, groups)?;
                        encoded.extend(encode_groups(groups, &|range| picked.rows(range))?);
                    }
                    encoded
                }
            }
        };
        Ok(Finished::Encoded(encoded))
    }

    fn pick(&self, decoded: &Decoded, range: Range<usize>) -> Result<ArrayRef> {
        match self.rows {
            Some(rows) => decoded.rows(&rows[range]),
            None => decoded.range(range),
        }
    }

    /// The part of a large column that some consecutive row groups of the output need.
    fn pick_pass(&self, source: &Source<'_>, groups: &[Range<usize>]) -> Result<Picked> {
        let (first, end) = (groups[0].start, groups[groups.len() - 1].end);
        let mut keyed: Vec<(u32, u32)> = (first..end)
            .map(|i| (self.rows.map_or(i as u32, |rows| rows[i]), (i - first) as u32))
            .collect();
        keyed.sort_unstable();
        let rows: Vec<u32> = keyed.iter().map(|&(row, _)| row).collect();
        let mut place = vec![0; keyed.len()];
        for (p, &(_, i)) in keyed.iter().enumerate() {
            place[i as usize] = p as u32;
        }
        drop(keyed);
        Ok(Picked {
            first,
            decoded: source.read_rows(&rows)?,
            place,
        })
    }

    /// What a column counts in the progress of the phase: the bytes it has in the input, or will have.
    fn weight(&self, column: &OutColumn) -> u64 {
        match column.origin {
            Origin::Source(root) => self.trades.stored_bytes(root),
            _ => self.trades.rows * 8,
        }
    }

    /// The sum of all columns' weights.
    #[must_use]
    pub fn total_weight(&self) -> u64 {
        self.columns.iter().map(|c| self.weight(c)).sum()
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
                    for (i, leaf) in self.trades.leaves(*root).enumerate() {
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

/// Some output rows of a column: `place[i]` is where row `first + i` is.
struct Picked {
    first: usize,
    decoded: Decoded,
    place: Vec<u32>,
}

impl Picked {
    fn rows(&self, range: Range<usize>) -> Result<ArrayRef> {
        self.decoded
            .rows(&self.place[range.start - self.first..range.end - self.first])
    }
}

/// A column's share of the progress, given out group by group so that it adds up.
struct Share<'a> {
    job: &'a Job,
    each: u64,
    rest: AtomicU64,
}

impl<'a> Share<'a> {
    fn new(job: &'a Job, weight: u64, groups: usize) -> Self {
        Share {
            job,
            each: weight / groups.max(1) as u64,
            rest: AtomicU64::new(weight),
        }
    }

    fn one(&self) {
        self.rest.fetch_sub(self.each, Ordering::Relaxed);
        self.job.advance(self.each);
    }

    fn all(&self) {
        self.job.advance(self.rest.swap(0, Ordering::Relaxed));
    }
}

/// A thread that must not start another column yet takes part in those that others have started.
fn help_others() {
    if !matches!(rayon::yield_now(), Some(rayon::Yield::Executed)) {
        std::thread::sleep(std::time::Duration::from_micros(200));
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
