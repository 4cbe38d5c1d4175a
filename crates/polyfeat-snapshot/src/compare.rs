//! Two features files, value by value: what is stored differently but says the same is equal.

mod values;

use std::cmp::Ordering;
use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;

use self::values::Values;
use crate::error::Result;
use crate::job::Job;
use crate::pool::pool;
use crate::table::Table;

/// What to compare, and how closely.
#[derive(Debug, Clone)]
pub struct CompareOptions {
    /// One file.
    pub a: PathBuf,
    /// The other.
    pub b: PathBuf,
    /// Relative tolerance of floating columns: `|a - b| <= atol + rtol * max(|a|, |b|)`.
    pub rtol: f64,
    /// Absolute tolerance.
    pub atol: f64,
    /// Columns to bring both files' rows into one order by; none: rows are compared as they stand.
    pub key: Vec<String>,
}

/// How a column differs.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnDiff {
    /// Its name.
    pub column: String,
    /// Rows that differ.
    pub rows: u64,
    /// The first of them: row number (by key: in the common order) and both values as text.
    pub first: Option<(u64, String, String)>,
    /// Largest absolute difference of floating values.
    pub max_abs: Option<f64>,
    /// Largest relative difference.
    pub max_rel: Option<f64>,
}

/// What differs.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct CompareReport {
    pub equal: bool,
    pub rows: [u64; 2],
    pub only_in_a: Vec<String>,
    pub only_in_b: Vec<String>,
    /// Whether the common columns stand in another order; that alone makes no difference.
    pub order_differs: bool,
    pub columns_compared: u64,
    pub differences: Vec<ColumnDiff>,
}

/// Compares two features files column by column.
///
/// Strings are compared by text, instants by time, numbers by value, whatever their types; NaN equals null.
/// Columns of different kinds are equal only where both are null.
///
/// # Errors
/// `NOT_FOUND`, those of reading; `MISSING_COLUMN` for a key that a file lacks.
pub fn compare(job: &Arc<Job>, options: &CompareOptions) -> Result<CompareReport> {
    pool(0)?.install(|| run(job, options))
}

fn run(job: &Arc<Job>, options: &CompareOptions) -> Result<CompareReport> {
    let (a, b) = (Table::open_file(&options.a)?, Table::open_file(&options.b)?);
    let names = |t: &Table| {
        t.schema()
            .fields()
            .iter()
            .map(|f| f.name().clone())
            .collect::<Vec<_>>()
    };
    let (names_a, names_b) = (names(&a), names(&b));
    let common: Vec<&String> = names_a.iter().filter(|n| names_b.contains(n)).collect();
    let lacks =
        |all: &[String], other: &[String]| all.iter().filter(|n| !other.contains(n)).cloned().collect();
    let mut report = CompareReport {
        equal: false,
        rows: [a.rows, b.rows],
        only_in_a: lacks(&names_a, &names_b),
        only_in_b: lacks(&names_b, &names_a),
        order_differs: names_b
            .iter()
            .filter(|n| names_a.contains(n))
            .ne(common.iter().copied()),
        columns_compared: 0,
        differences: Vec::new(),
    };
    if a.rows == b.rows {
        job.begin("compare", "columns", common.len() as u64);
        let order_a = key_order(job, &a, &options.key)?;
        let order_b = key_order(job, &b, &options.key)?;
        let differences: Vec<Option<ColumnDiff>> = common
            .par_iter()
            .map(|name| {
                job.check()?;
                let x = Values::read(job, &a, name, order_a.as_deref())?;
                let y = Values::read(job, &b, name, order_b.as_deref())?;
                let diff = differ(name, &x, &y, options)?;
                job.advance(1);
                Ok(diff)
            })
            .collect::<Result<_>>()?;
        report.columns_compared = common.len() as u64;
        report.differences = differences.into_iter().flatten().collect();
        job.end();
    }
    report.equal = a.rows == b.rows
        && report.only_in_a.is_empty()
        && report.only_in_b.is_empty()
        && report.differences.is_empty();
    Ok(report)
}

fn differ(name: &str, a: &Values, b: &Values, options: &CompareOptions) -> Result<Option<ColumnDiff>> {
    let floating = matches!(
        (a, b),
        (Values::Float(_), Values::Float(_) | Values::Int(_)) | (Values::Int(_), Values::Float(_))
    );
    let mut diff = ColumnDiff {
        column: name.to_string(),
        rows: 0,
        first: None,
        max_abs: None,
        max_rel: None,
    };
    for row in 0..a.len().min(b.len()) {
        let same = if let (true, Some(x), Some(y)) = (floating, a.float(row), b.float(row)) {
            let (same, abs, rel) = close(x, y, options);
            if !same && abs.is_finite() {
                diff.max_abs = Some(diff.max_abs.unwrap_or(0.0).max(abs));
                diff.max_rel = Some(diff.max_rel.unwrap_or(0.0).max(rel));
            }
            same
        } else {
            a.equal(b, row)
        };
        if !same {
            diff.rows += 1;
            diff.first
                .get_or_insert_with(|| (row as u64, a.text(row), b.text(row)));
        }
    }
    Ok((diff.rows > 0).then_some(diff))
}

/// Whether two doubles agree, and their absolute and relative difference (NaN when one is missing).
fn close(x: f64, y: f64, options: &CompareOptions) -> (bool, f64, f64) {
    if x.is_nan() || y.is_nan() || x == y {
        return (x == y || (x.is_nan() && y.is_nan()), f64::NAN, f64::NAN);
    }
    let abs = (x - y).abs();
    let rel = abs / x.abs().max(y.abs());
    (
        abs <= options.atol + options.rtol * x.abs().max(y.abs()) && abs.is_finite(),
        abs,
        rel,
    )
}

/// Row numbers in the order of the key columns, stable; `None` without keys.
fn key_order(job: &Arc<Job>, table: &Table, key: &[String]) -> Result<Option<Vec<u32>>> {
    if key.is_empty() {
        return Ok(None);
    }
    let columns = key
        .iter()
        .map(|name| Values::read(job, table, name, None))
        .collect::<Result<Vec<_>>>()?;
    let mut order: Vec<u32> = (0..table.rows as u32).collect();
    order.sort_by(|&x, &y| {
        columns
            .iter()
            .map(|c| c.order(x as usize, y as usize))
            .find(|o| o.is_ne())
            .unwrap_or(Ordering::Equal)
    });
    Ok(Some(order))
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{ArrayRef, Float64Array, Int32Array, StringArray, StringViewArray};

    fn diff(a: ArrayRef, b: ArrayRef, rtol: f64) -> Option<ColumnDiff> {
        let options = CompareOptions {
            a: PathBuf::new(),
            b: PathBuf::new(),
            rtol,
            atol: 0.0,
            key: vec![],
        };
        differ("c", &Values::of(&a).unwrap(), &Values::of(&b).unwrap(), &options).unwrap()
    }

    #[test]
    fn values_count_not_types() {
        let ints: ArrayRef = Arc::new(Int32Array::from(vec![Some(1), None]));
        let doubles: ArrayRef = Arc::new(Float64Array::from(vec![1.0, f64::NAN]));
        assert_eq!(diff(ints, doubles, 0.0), None);
        let plain: ArrayRef = Arc::new(StringArray::from(vec!["a"]));
        let views: ArrayRef = Arc::new(StringViewArray::from(vec!["a"]));
        assert_eq!(diff(plain, views, 0.0), None);
    }

    #[test]
    fn the_first_difference_and_the_largest_are_told() {
        let a: ArrayRef = Arc::new(Float64Array::from(vec![1.0, 2.0, 4.0, f64::INFINITY]));
        let b: ArrayRef = Arc::new(Float64Array::from(vec![1.0, 2.5, 3.0, f64::INFINITY]));
        let d = diff(Arc::clone(&a), Arc::clone(&b), 0.0).unwrap();
        assert_eq!(
            (d.rows, d.first, d.max_abs),
            (2, Some((1, "2.0".into(), "2.5".into())), Some(1.0))
        );
        assert_eq!(diff(a, b, 0.5), None);
    }

    #[test]
    fn texts_are_texts_however_the_file_stores_them() {
        use arrow::array::{DictionaryArray, RecordBatch};
        use arrow::datatypes::Int8Type;
        use parquet::arrow::ArrowWriter;
        use parquet::file::properties::WriterProperties;

        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, texts: ArrayRef, group: usize, dictionary: bool| {
            let path = dir.path().join(name);
            let rows = RecordBatch::try_from_iter([("text", texts)]).unwrap();
            let properties = WriterProperties::builder()
                .set_dictionary_enabled(dictionary)
                .set_max_row_group_row_count(Some(group))
                .build();
            let file = std::fs::File::create(&path).unwrap();
            let mut writer = ArrowWriter::try_new(file, rows.schema(), Some(properties)).unwrap();
            writer.write(&rows).unwrap();
            writer.close().unwrap();
            path
        };
        let texts: Vec<Option<String>> = (0..100)
            .map(|i| (i % 9 != 4).then(|| format!("{i:>40}")))
            .collect();
        let codes: DictionaryArray<Int8Type> = texts.iter().map(Option::as_deref).collect();
        let whole = write("whole", Arc::new(StringArray::from(texts.clone())), 100, false);
        let parts = write("parts", Arc::new(StringViewArray::from_iter(texts)), 30, false);
        let codes = write("codes", Arc::new(codes), 100, true);
        for b in [parts, codes] {
            for key in [vec![], vec!["text".to_string()]] {
                let options = CompareOptions {
                    a: whole.clone(),
                    b: b.clone(),
                    rtol: 0.0,
                    atol: 0.0,
                    key,
                };
                let report = compare(&Arc::new(Job::default()), &options).unwrap();
                assert_eq!(report.differences, [], "{}", b.display());
            }
        }
    }

    #[test]
    fn a_text_never_equals_a_number() {
        let a: ArrayRef = Arc::new(StringArray::from(vec![Some("1"), None]));
        let b: ArrayRef = Arc::new(Int32Array::from(vec![Some(1), None]));
        assert_eq!(diff(a, b, 0.0).unwrap().rows, 1);
    }
}
