//! Columns of a written table, as Rust values.

use std::fs::File;
use std::path::{Path, PathBuf};

use arrow::array::{ArrayRef, AsArray};
use arrow::compute::{cast, concat};
use arrow::datatypes::{DataType, Float64Type, Int64Type, SchemaRef};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// A table, all parts after one another.
pub struct Read {
    pub schema: SchemaRef,
    columns: Vec<ArrayRef>,
}

/// The files of a table, in order.
pub fn files(table: &Path) -> Vec<PathBuf> {
    if table.is_file() {
        return vec![table.to_path_buf()];
    }
    let mut all: Vec<PathBuf> = std::fs::read_dir(table)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    all.sort();
    all
}

/// Rows of each row group of each file.
pub fn row_groups(table: &Path) -> Vec<Vec<i64>> {
    let groups = |file: &PathBuf| {
        let file = ParquetRecordBatchReaderBuilder::try_new(File::open(file).unwrap()).unwrap();
        file.metadata()
            .row_groups()
            .iter()
            .map(|g| g.num_rows())
            .collect()
    };
    files(table).iter().map(groups).collect()
}

impl Read {
    pub fn new(table: &Path) -> Read {
        let mut schema = None;
        let mut batches = Vec::new();
        for file in files(table) {
            let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(file).unwrap()).unwrap();
            schema = Some(reader.schema().clone());
            batches.extend(reader.build().unwrap().map(|batch| batch.unwrap()));
        }
        let schema = schema.unwrap();
        let columns = (0..schema.fields().len())
            .map(|c| {
                let pieces: Vec<_> = batches.iter().map(|batch| batch.column(c).as_ref()).collect();
                concat(&pieces).unwrap()
            })
            .collect();
        Read { schema, columns }
    }

    pub fn column(&self, name: &str) -> &ArrayRef {
        &self.columns[self.schema.index_of(name).unwrap()]
    }

    pub fn rows(&self) -> usize {
        self.columns[0].len()
    }

    pub fn texts(&self, name: &str) -> Vec<Option<String>> {
        let column = cast(self.column(name), &DataType::Utf8).unwrap();
        column
            .as_string::<i32>()
            .iter()
            .map(|t| t.map(str::to_string))
            .collect()
    }

    /// Ticks of times, and integers.
    pub fn longs(&self, name: &str) -> Vec<Option<i64>> {
        let column = cast(self.column(name), &DataType::Int64).unwrap();
        column.as_primitive::<Int64Type>().iter().collect()
    }

    pub fn doubles(&self, name: &str) -> Vec<Option<f64>> {
        self.column(name).as_primitive::<Float64Type>().iter().collect()
    }

    pub fn null_share(&self, name: &str) -> f64 {
        self.column(name).null_count() as f64 / self.rows() as f64
    }
}
