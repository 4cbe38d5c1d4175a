//! What every test of the engine needs: snapshots written with arrow-rs into temporary folders, and outputs
//! read back into values that can be compared.

mod cells;
mod model;

pub use cells::{Cell, assert_same, by_row, column, feature_names, features};
pub use model::{
    Print, Trade, base, buy, f64s, spread, stamps, strings, tape_columns, token_print, trade_columns,
    trade_rows,
};

use std::collections::HashMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::{Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::{KeyValue, ParquetMetaData};
use parquet::file::properties::WriterProperties;
use polyfeat_snapshot::{BuildOptions, BuildReport, Codec, Error, Job, Numerics, Order, Select, Span, build};
use tempfile::TempDir;

/// Named columns of one table, in order.
pub type Columns = Vec<(&'static str, ArrayRef)>;

/// A snapshot directory that goes with the test.
pub struct Snapshot {
    dir: TempDir,
}

/// What a run wrote.
pub struct Output {
    pub report: BuildReport,
    pub rows: RecordBatch,
    pub meta: Arc<ParquetMetaData>,
}

impl Snapshot {
    /// An empty one.
    pub fn new() -> Self {
        Snapshot {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    /// One with both tables, a row group each.
    pub fn of(trades: &Columns, tape: &Columns) -> Self {
        let snapshot = Snapshot::new();
        snapshot.write("trades.parquet", trades, usize::MAX);
        snapshot.write("market_trades.parquet", tape, usize::MAX);
        snapshot
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    /// Writes `columns` with row groups of `group` rows.
    pub fn write(&self, name: &str, columns: &Columns, group: usize) {
        self.write_with(name, columns, group, WriterProperties::default());
    }

    pub fn write_with(&self, name: &str, columns: &Columns, group: usize, properties: WriterProperties) {
        let path = self.file(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        write_file(&path, &batch(columns), group, properties);
    }

    /// The notebook's options.
    pub fn options(&self) -> BuildOptions {
        let span = |text: &str| Span::parse(text).unwrap();
        BuildOptions {
            snapshot: self.path().to_path_buf(),
            out: self.file("features.parquet"),
            order: Order::Token,
            returns: vec![span("30s"), span("300s")],
            windows: vec![span("60s")],
            bucket: span("10s"),
            sum: Numerics::Exact,
            columns: Select::All,
            label_available: false,
            ts_unit: None,
            codec: Codec::Source,
            threads: None,
            memory: 4 << 30,
            rules: polyfeat_snapshot::GivenRules::default(),
        }
    }

    pub fn build(&self) -> Output {
        run(&self.options())
    }

    pub fn build_in_order(&self, order: Order) -> Output {
        run(&BuildOptions {
            order,
            ..self.options()
        })
    }

    /// The error of a run that must fail.
    pub fn error(&self) -> Error {
        fails(&self.options())
    }

    /// Names in the directory, sorted.
    pub fn names(&self) -> Vec<String> {
        names(self.path())
    }
}

/// Names in a directory, sorted; hidden ones too.
pub fn names(dir: &Path) -> Vec<String> {
    let mut all: Vec<String> = fs::read_dir(dir)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    all.sort();
    all
}

pub fn run(options: &BuildOptions) -> Output {
    let report = build(&Arc::new(Job::default()), options).unwrap();
    let (rows, meta) = read(&options.out);
    Output { report, rows, meta }
}

/// The error of a run that must fail.
pub fn fails(options: &BuildOptions) -> Error {
    build(&Arc::new(Job::default()), options).unwrap_err()
}

pub fn batch(columns: &Columns) -> RecordBatch {
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), true))
        .collect();
    let arrays = columns.iter().map(|(_, array)| Arc::clone(array)).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
}

/// Writes one file with row groups of `group` rows; a footer entry that must survive and a stale one come along.
pub fn write_file(path: &Path, rows: &RecordBatch, group: usize, properties: WriterProperties) {
    let file = File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, rows.schema(), Some(properties)).unwrap();
    let mut at = 0;
    while at < rows.num_rows() {
        let n = group.min(rows.num_rows() - at);
        writer.write(&rows.slice(at, n)).unwrap();
        writer.flush().unwrap();
        at += n;
    }
    writer.append_key_value_metadata(KeyValue::new("kept".into(), "as it was".to_string()));
    writer.append_key_value_metadata(KeyValue::new("pandas".into(), "{\"stale\": true}".to_string()));
    writer.close().unwrap();
}

/// A file as a reader sees it, all row groups joined. How it was made is left out of the schema: it differs with the
/// inputs.
pub fn read(path: &Path) -> (RecordBatch, Arc<ParquetMetaData>) {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    let (schema, meta) = (Arc::clone(reader.schema()), Arc::clone(reader.metadata()));
    let kept = schema
        .metadata()
        .iter()
        .filter(|(key, _)| !key.starts_with("polyfeat."));
    let kept: HashMap<String, String> = kept.map(|(key, value)| (key.clone(), value.clone())).collect();
    let batches = reader.build().unwrap().collect::<Result<Vec<_>, _>>().unwrap();
    let schema = Arc::new(schema.as_ref().clone().with_metadata(kept));
    (concat_batches(&schema, &batches).unwrap(), meta)
}

/// The same columns with one of them replaced.
pub fn with(columns: &Columns, name: &str, array: ArrayRef) -> Columns {
    columns
        .iter()
        .map(|(n, a)| {
            (
                *n,
                if *n == name {
                    Arc::clone(&array)
                } else {
                    Arc::clone(a)
                },
            )
        })
        .collect()
}

pub fn get(columns: &Columns, name: &str) -> ArrayRef {
    Arc::clone(&columns.iter().find(|(n, _)| *n == name).unwrap().1)
}

/// The codes of a run's warnings.
pub fn warnings(output: &Output) -> Vec<&'static str> {
    output.report.warnings.iter().map(|w| w.code).collect()
}
