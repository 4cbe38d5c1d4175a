//! A table of a snapshot: one Parquet file, or a folder of parts read in byte order of their names.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use arrow::datatypes::{FieldRef, SchemaRef};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::schema::types::{ColumnDescPtr, ColumnDescriptor, SchemaDescriptor};

use crate::error::{Code, Error, Result};
use crate::part::Part;

/// The user's trades, the tape, or the top of the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableName {
    /// `trades`
    Trades,
    /// `market_trades`
    MarketTrades,
    /// `clob_tob`
    ClobTob,
}

impl TableName {
    /// The name that files and columns of reports carry.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            TableName::Trades => "trades",
            TableName::MarketTrades => "market_trades",
            TableName::ClobTob => "clob_tob",
        }
    }
}

/// A row group of one of the parts.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// Index into [`Table::parts`].
    pub part: usize,
    /// Index of the row group in its file.
    pub index: usize,
    /// Row number of its first row within the table.
    pub first_row: u64,
    /// Its rows.
    pub rows: usize,
}

/// An opened table: footers are read, no data is.
pub struct Table {
    /// Which one.
    pub name: TableName,
    /// What was named: the file, or the folder of parts.
    pub path: PathBuf,
    /// Its files.
    pub parts: Vec<Part>,
    /// Row groups of all parts in file order, empty ones left out.
    pub groups: Vec<Group>,
    /// Rows of all parts.
    pub rows: u64,
}

impl Table {
    /// Opens `name` in the snapshot directory; `None` when there is no such file or folder.
    ///
    /// A file `name.parquet` is taken first, then a folder `name.parquet/` (every file that is not hidden and
    /// does not begin with `_`), then a folder `name/` (every such `*.parquet` file).
    ///
    /// # Errors
    /// Those of [`Part::open`]; `PARTS_DIFFER` when the parts' schemas do.
    pub fn open(snapshot: &Path, name: TableName) -> Result<Option<Table>> {
        let single = snapshot.join(format!("{}.parquet", name.as_str()));
        let folder = snapshot.join(name.as_str());
        if single.is_dir() {
            let files = part_files(&single, false)?;
            return Self::of_parts(name, single, &files);
        }
        if single.exists() {
            let files = [single.clone()];
            return Self::of_parts(name, single, &files);
        }
        if folder.is_dir() {
            let files = part_files(&folder, true)?;
            return Self::of_parts(name, folder, &files);
        }
        Ok(None)
    }

    /// Opens one file as a table (a features file, say).
    ///
    /// # Errors
    /// Those of [`Part::open`]; `NOT_FOUND` when it is not there.
    pub fn open_file(file: &Path) -> Result<Table> {
        if !file.exists() {
            return Err(Error::new(Code::NotFound, format!("no file {}", file.display())).in_file(file));
        }
        let files = if file.is_dir() {
            part_files(file, false)?
        } else {
            vec![file.to_path_buf()]
        };
        Self::of_parts(TableName::Trades, file.to_path_buf(), &files)?.ok_or_else(|| {
            Error::new(
                Code::NotFound,
                format!("no Parquet file in the folder {}", file.display()),
            )
            .in_file(file)
        })
    }

    fn of_parts(name: TableName, path: PathBuf, files: &[PathBuf]) -> Result<Option<Table>> {
        let mut parts: Vec<Part> = Vec::with_capacity(files.len());
        let mut groups = Vec::new();
        let mut rows = 0_u64;
        for file in files {
            let mut part = Part::open(file)?;
            if let Some(first) = parts.first() {
                check_same_schema(first, &part)?;
            }
            part.first_row = rows;
            for (index, group) in part.footer().row_groups().iter().enumerate() {
                let n = usize::try_from(group.num_rows()).unwrap_or(0);
                if n > 0 {
                    groups.push(Group {
                        part: parts.len(),
                        index,
                        first_row: rows,
                        rows: n,
                    });
                }
                rows += n as u64;
            }
            parts.push(part);
        }
        if parts.is_empty() {
            return Ok(None);
        }
        if rows > u64::from(u32::MAX) - 1 {
            return Err(Error::new(
                Code::Unsupported,
                format!(
                    "{} has {rows} rows; at most {} are supported",
                    path.display(),
                    u32::MAX - 1
                ),
            )
            .in_file(&path));
        }
        Ok(Some(Table {
            name,
            path,
            parts,
            groups,
            rows,
        }))
    }

    /// The Arrow schema (of the first part; the parts agree in everything that is stored).
    #[must_use]
    pub fn schema(&self) -> &SchemaRef {
        self.parts[0].meta.schema()
    }

    /// The Parquet schema.
    #[must_use]
    pub fn parquet_schema(&self) -> &SchemaDescriptor {
        self.parts[0].meta.parquet_schema()
    }

    /// The field of a root column and its index, by name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<(usize, &FieldRef)> {
        self.schema()
            .fields()
            .iter()
            .enumerate()
            .find(|(_, f)| f.name() == name)
    }

    /// Leaves of a root column.
    #[must_use]
    pub fn leaves(&self, root: usize) -> Range<usize> {
        let schema = self.parquet_schema();
        let of = |i: &usize| schema.get_column_root_idx(*i) == root;
        let first = (0..schema.num_columns()).find(of).unwrap_or(0);
        first..first + (first..schema.num_columns()).take_while(of).count()
    }

    /// Metadata of all chunks of a root column.
    pub fn chunks(&self, root: usize) -> impl Iterator<Item = &ColumnChunkMetaData> {
        let leaves = self.leaves(root);
        self.groups.iter().flat_map(move |g| {
            let columns = self.parts[g.part].footer().row_group(g.index).columns();
            columns[leaves.clone()].iter()
        })
    }

    /// Nulls of a flat root column, when the footers know.
    #[must_use]
    pub fn null_count(&self, root: usize) -> Option<u64> {
        let leaves = self.leaves(root);
        let leaf = self.parquet_schema().column(leaves.start);
        if leaves.len() != 1 || leaf.max_rep_level() > 0 || leaf.path().parts().len() > 1 {
            return None;
        }
        self.chunks(root)
            .map(|chunk| chunk.statistics().and_then(|s| s.null_count_opt()))
            .sum()
    }

    /// Bytes of a root column before compression.
    #[must_use]
    pub fn uncompressed_bytes(&self, root: usize) -> u64 {
        self.chunks(root)
            .map(|c| u64::try_from(c.uncompressed_size()).unwrap_or(0))
            .sum()
    }

    /// Bytes of a root column as stored.
    #[must_use]
    pub fn stored_bytes(&self, root: usize) -> u64 {
        self.chunks(root)
            .map(|c| u64::try_from(c.compressed_size()).unwrap_or(0))
            .sum()
    }

    /// Bytes of all files.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.parts.iter().map(|p| p.bytes).sum()
    }

    /// `[rows, columns]`.
    #[must_use]
    pub fn shape(&self) -> [u64; 2] {
        [self.rows, self.schema().fields().len() as u64]
    }

    /// An error when a file is no longer the one that was opened.
    ///
    /// # Errors
    /// Those of [`Part::check_unchanged`].
    pub fn check_unchanged(&self) -> Result<()> {
        self.parts.iter().try_for_each(Part::check_unchanged)
    }
}

fn part_files(folder: &Path, only_parquet: bool) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|e| Error::reading(folder, &e))? {
        let entry = entry.map_err(|e| Error::reading(folder, &e))?;
        let name = entry.file_name();
        let bytes = name.as_encoded_bytes();
        let path = entry.path();
        let hidden = bytes.starts_with(b".") || bytes.starts_with(b"_");
        let fits = !only_parquet || path.extension().is_some_and(|e| e == "parquet");
        if !hidden && fits && path.is_file() {
            files.push(path);
        }
    }
    files.sort_by(|a, b| file_name(a).cmp(file_name(b)));
    Ok(files)
}

fn file_name(path: &Path) -> &[u8] {
    path.file_name().map_or(b"", |n| n.as_encoded_bytes())
}

/// Parts agree when every leaf has the same path, physical and logical type and nesting. What only the
/// embedded Arrow schema says (dictionary or plain, the name of a time zone) may differ.
fn check_same_schema(first: &Part, part: &Part) -> Result<()> {
    let (a, b) = (first.meta.parquet_schema(), part.meta.parquet_schema());
    let differ = |column: String, what: &str| {
        Error::new(
            Code::PartsDiffer,
            format!(
                "{}: column {column} {what} {}; all parts of a table need the same columns and types",
                part.path.display(),
                first.path.display()
            ),
        )
        .in_file(&part.path)
        .in_column(&column)
    };
    let lacking = |of: &SchemaDescriptor, other: &SchemaDescriptor| {
        let lacks = |c: &&ColumnDescPtr| other.columns().iter().all(|o| o.path() != c.path());
        of.columns().iter().find(lacks).map(|c| c.path().string())
    };
    if let Some(column) = lacking(a, b) {
        return Err(differ(column, "is missing, but is in"));
    }
    if let Some(column) = lacking(b, a) {
        return Err(differ(column, "is not in"));
    }
    for i in 0..a.num_columns().max(b.num_columns()) {
        match (a.columns().get(i), b.columns().get(i)) {
            (Some(x), Some(y)) if x.path() != y.path() => {
                return Err(differ(
                    y.path().string(),
                    &format!("stands where {} stands in", x.path().string()),
                ));
            }
            (Some(x), Some(y)) if !same_leaf(x, y) => {
                let name = y.path().string();
                return Err(differ(
                    name,
                    &format!("is {}, but {} in", type_name(y), type_name(x)),
                ));
            }
            _ => {}
        }
    }
    Ok(())
}

fn same_leaf(x: &ColumnDescriptor, y: &ColumnDescriptor) -> bool {
    x.physical_type() == y.physical_type()
        && x.logical_type_ref() == y.logical_type_ref()
        && x.converted_type() == y.converted_type()
        && x.max_def_level() == y.max_def_level()
        && x.max_rep_level() == y.max_rep_level()
}

fn type_name(c: &ColumnDescriptor) -> String {
    let optional = if c.max_def_level() > 0 {
        "optional"
    } else {
        "required"
    };
    match c.logical_type_ref() {
        Some(l) => format!("{optional} {} ({l:?})", c.physical_type()),
        None => format!("{optional} {}", c.physical_type()),
    }
}
