//! From columns to the file: pass through what need not be touched, decode, re-order and encode the rest.

use std::io::{BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::datatypes::Schema;
use parquet::arrow::{ARROW_SCHEMA_META_KEY, encode_arrow_schema};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::schema::types::Type;

use crate::assemble::Assembler;
use crate::columns::{Origin, OutColumn};
use crate::encode::Encoded;
use crate::error::{Error, Result};
use crate::gather::Source;
use crate::job::Job;
use crate::layout::{Codec, GROUP_ROWS, Layout};
use crate::made::Made;
use crate::out_file::{OutFile, write_error};
use crate::provenance::PREFIX;
use crate::queue::{Queue, Step};
use crate::table::Table;

/// What is written.
#[derive(Clone, Copy)]
pub struct Writing<'a> {
    /// The run.
    pub job: &'a Arc<Job>,
    /// The input whose columns pass through.
    pub trades: &'a Table,
    /// Root column of `trades` whose codec new columns take.
    pub ts_root: usize,
    /// Output columns.
    pub columns: &'a [OutColumn],
    /// File row of each output row; `None` when it is the file's order.
    pub rows: Option<&'a [u32]>,
    /// Codec.
    pub codec: Codec,
    /// Bytes that decoded columns may take together.
    pub memory: u64,
}

/// Row groups of a column that are worked on together.
struct Piece {
    /// Index of the column.
    column: usize,
    /// Which row groups of the output.
    groups: Range<usize>,
    /// Bytes that they take meanwhile, about.
    bytes: u64,
}

/// Bytes that picking all rows of a column would take, group by group as it is done when memory is short: what is
/// decoded, what is picked of it, and what is encoded of that.
fn picking_bytes(trades: &Table, root: usize) -> u64 {
    2 * (trades.rows * 16 + trades.uncompressed_bytes(root)) + trades.stored_bytes(root)
}

/// Bytes that one row group of the largest of `columns` takes while it is re-ordered and encoded.
pub fn largest_piece(trades: &Table, columns: &[OutColumn]) -> u64 {
    let roots = columns.iter().filter_map(|c| match c.origin {
        Origin::Source(root) => Some(root),
        _ => None,
    });
    let groups = trades.rows.div_ceil(GROUP_ROWS as u64).max(1);
    let encoding = (GROUP_ROWS as u64 * 64).min(trades.rows * 64);
    let largest = roots.map(|root| picking_bytes(trades, root)).max();
    largest.map_or(0, |bytes| bytes / groups + encoding + SLACK)
}

/// What the allocator keeps for a while of memory that was given back.
const SLACK: u64 = 48 << 20;

/// Less room than this for a piece makes more pieces than it saves memory.
const MIN_PIECE: u64 = 16 << 20;

/// A file that is being written.
pub struct Sheet<'a> {
    writing: Writing<'a>,
    layout: Layout,
    assembler: Assembler<BufWriter<OutFile>>,
    path: PathBuf,
}

impl<'a> Writing<'a> {
    /// Begins the file; nothing is read or written yet.
    ///
    /// # Errors
    /// Those of writing; an internal error when the types do not fit together.
    pub fn begin(self, out: OutFile) -> Result<Sheet<'a>> {
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
        let nodes: Result<Vec<_>> = self.columns.iter().map(|c| self.node(c, kept)).collect();
        let root = Type::group_type_builder("schema")
            .with_fields(nodes?)
            .build()
            .map_err(|e| Error::internal(e.to_string()))?;
        let path = out.path().to_path_buf();
        let buffered = BufWriter::with_capacity(1 << 20, out);
        let sizes = layout.groups.iter().map(ExactSizeIterator::len).collect();
        let assembler =
            Assembler::new(buffered, Arc::new(root), sizes).map_err(|e| write_error(&path, e.into()))?;
        Ok(Sheet {
            writing: self,
            layout,
            assembler,
            path,
        })
    }
}

impl<'a> Sheet<'a> {
    /// File row of each output row; `None` when it is the file's order.
    #[must_use]
    pub fn rows(&self) -> Option<&'a [u32]> {
        self.writing.rows
    }

    /// Copies the columns that pass through as they are stored, if any. They need nothing that is computed, so
    /// they can be on their way to the disk while everything else is made.
    ///
    /// # Errors
    /// Those of reading and writing.
    pub fn copy(&mut self) -> Result<()> {
        let Sheet {
            writing,
            layout,
            assembler,
            path,
        } = self;
        for c in writing.order(layout, true) {
            let root = writing.columns[c]
                .origin
                .root()
                .ok_or_else(|| Error::internal("a feature to copy"))?;
            writing.put_kept(assembler, layout.leaves[c], root, path)?;
        }
        Ok(())
    }

    /// Writes all other columns.
    ///
    /// # Errors
    /// Those of reading and writing.
    pub fn encode(&mut self, made: &Made<'_>) -> Result<()> {
        let Sheet {
            writing,
            layout,
            assembler,
            path,
        } = self;
        // Pieces are finished in any order and written in one: the bytes do not depend on the threads.
        let pieces = writing.pieces(layout);
        let needs = pieces.iter().map(|piece| piece.bytes).collect();
        let queue = Queue::new(needs, writing.memory, assembler);
        rayon::broadcast(|_| -> Result<()> {
            loop {
                match queue.step() {
                    Step::Done => return Ok(()),
                    Step::Wait => help_others(),
                    Step::Take(i) => {
                        let Piece { column, groups, .. } = &pieces[i];
                        writing
                            .job
                            .check()
                            .and_then(|()| {
                                let finished = writing.finish(*column, groups.clone(), layout, made)?;
                                let bytes = finished.iter().map(Encoded::bytes).sum();
                                queue.put(i, finished, bytes, |assembler, i, finished| {
                                    put_encoded(assembler, &pieces[i], layout, &finished)
                                        .map_err(|e| write_error(path, e))
                                })
                            })
                            .inspect_err(|_| queue.stop())?;
                    }
                }
            }
        })
        .into_iter()
        .collect()
    }

    /// Writes the footer, with entries that say how the file was made, and puts the file in its place.
    ///
    /// # Errors
    /// Those of writing; `IO` when the input has changed meanwhile. The output's old state stays.
    pub fn commit(self, provenance: Vec<KeyValue>) -> Result<()> {
        let Sheet {
            writing,
            assembler,
            path,
            ..
        } = self;
        let created_by = format!("polyfeat-fast version {}", env!("CARGO_PKG_VERSION"));
        let (buffered, _) = assembler
            .finish(writing.key_values(provenance), created_by)
            .map_err(|e| write_error(&path, e))?;
        let out = buffered
            .into_inner()
            .map_err(|e| write_error(&path, ParquetError::from(e.into_error())))?;
        writing.job.check()?;
        writing.trades.check_unchanged()?;
        out.commit()
    }

    /// What the columns that are still to be encoded count in the progress.
    #[must_use]
    pub fn weight(&self) -> u64 {
        let (writing, layout) = (self.writing, &self.layout);
        let weights = writing.order(layout, false).into_iter();
        weights.map(|c| writing.weight(&writing.columns[c])).sum()
    }
}

impl Writing<'_> {
    /// The order in which columns are written, those that are copied or the others: features first, for each
    /// frees its memory, then the input's columns by size, the largest first, so that the last ones to finish are
    /// small.
    fn order(&self, layout: &Layout, copied: bool) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.columns.len())
            .filter(|&c| (layout.kept && self.is_kept(&self.columns[c])) == copied)
            .collect();
        order.sort_by_key(|&c| match self.columns[c].origin {
            Origin::Source(root) => (1, u64::MAX - self.source(root, layout).bytes()),
            _ => (0, 0),
        });
        order
    }

    pub(crate) fn source<'a>(&'a self, root: usize, layout: &'a Layout) -> Source<'a> {
        Source {
            job: self.job,
            table: self.trades,
            metas: &layout.metas,
            root,
        }
    }

    /// The columns that are encoded, in the order of [`Writing::order`]; one that is too large to be held whole in
    /// several pieces.
    fn pieces(&self, layout: &Layout) -> Vec<Piece> {
        let encoding = (GROUP_ROWS as u64 * 64).min(self.trades.rows * 64);
        let encoders = encoding * rayon::current_num_threads() as u64;
        let mut pieces = Vec::new();
        for column in self.order(layout, false) {
            let n = layout.groups.len();
            let (whole, picked) = match self.columns[column].origin {
                Origin::Source(root) => {
                    let whole = self.source(root, layout).bytes() + self.trades.stored_bytes(root);
                    (whole, picking_bytes(self.trades, root))
                }
                _ => (0, 0),
            };
            // Features are handed over whole, for each frees its memory.
            let passes = if whole == 0 || whole + encoders <= self.memory {
                1
            } else {
                let room = self.memory.saturating_sub(encoders + SLACK).max(MIN_PIECE);
                (picked.div_ceil(room) as usize).clamp(2, n.max(2))
            };
            let share = n.div_ceil(passes).max(1);
            let bytes = encoding
                + if passes == 1 {
                    whole
                } else {
                    picked / passes as u64
                };
            pieces.extend((0..n).step_by(share).map(|from| Piece {
                column,
                groups: from..n.min(from + share),
                bytes,
            }));
        }
        pieces
    }

    /// What a column counts in the progress of the phase: the bytes it has in the input, or will have.
    pub(crate) fn weight(&self, column: &OutColumn) -> u64 {
        match column.origin {
            Origin::Source(root) => self.trades.stored_bytes(root),
            _ => self.trades.rows * 8,
        }
    }

    fn put_kept(
        &self,
        assembler: &mut Assembler<BufWriter<OutFile>>,
        first_leaf: usize,
        root: usize,
        path: &Path,
    ) -> Result<()> {
        for (g, group) in self.trades.groups.iter().enumerate() {
            let part = &self.trades.parts[group.part];
            for (i, leaf) in self.trades.leaves(root).enumerate() {
                let meta = part.footer().row_group(group.index).column(leaf);
                assembler.put_with(g, first_leaf + i, meta, |out, range| {
                    out.flush()
                        .map_err(|e| write_error(path, ParquetError::External(Box::new(e))))?;
                    part.copy(self.job, range, out.get_mut())
                })?;
            }
        }
        Ok(())
    }

    /// The input's own metadata, but for what would no longer be true, and how this file was made.
    fn key_values(&self, provenance: Vec<KeyValue>) -> Vec<KeyValue> {
        let mut all: Vec<KeyValue> = Vec::new();
        if let Some(source) = self.trades.parts[0].footer().file_metadata().key_value_metadata() {
            all.extend(
                source
                    .iter()
                    .filter(|kv| {
                        kv.key != "pandas" && kv.key != ARROW_SCHEMA_META_KEY && !kv.key.starts_with(PREFIX)
                    })
                    .cloned(),
            );
        }
        all.extend(provenance);
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

fn put_encoded<W: Write + Send>(
    assembler: &mut Assembler<W>,
    piece: &Piece,
    layout: &Layout,
    finished: &[Encoded],
) -> parquet::errors::Result<()> {
    for (g, encoded) in piece.groups.clone().zip(finished) {
        for leaf in 0..encoded.leaves() {
            let (meta, bytes) = encoded.chunk(leaf);
            assembler.put(g, layout.leaves[piece.column] + leaf, meta, bytes)?;
        }
    }
    Ok(())
}

/// A thread that must not start another column yet takes part in those that others have started.
fn help_others() {
    if !matches!(rayon::yield_now(), Some(rayon::Yield::Executed)) {
        std::thread::sleep(std::time::Duration::from_micros(200));
    }
}
