//! What is encoded reads back as it was, by the library's reader.

use arrow::array::{
    BinaryArray, BooleanArray, DictionaryArray, Float32Array, Float64Array, Int32Array, Int64Array,
    RecordBatch, StringArray, StringViewArray, TimestampMillisecondArray, UInt8Array, UInt64Array,
};
use arrow::datatypes::{Field, Int32Type, Schema};
use parquet::arrow::ArrowSchemaConverter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::ZstdLevel;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::statistics::Statistics;
use proptest::prelude::*;

use super::*;
use crate::assemble::Assembler;

/// Encodes pieces of a column and reads the file that they make.
fn round_trip(pieces: &[ArrayRef], storage: Storage) -> (ArrayRef, RowGroupMetaData) {
    let stored = match pieces[0].data_type() {
        DataType::Dictionary(_, value) => (**value).clone(),
        DataType::Binary => DataType::Utf8,
        other => other.clone(),
    };
    let schema = Schema::new(vec![Field::new("c", stored, true)]);
    let descr = ArrowSchemaConverter::new().convert(&schema).unwrap();
    let node = Arc::clone(&descr.root_schema().get_fields()[0]);
    let arrays = pieces.iter().map(|p| Ok(Arc::clone(p)));
    let encoded = encode(&Job::default(), "c", &node, storage, arrays).unwrap();
    let rows = pieces.iter().map(Array::len).sum();
    let mut file = Assembler::new(Vec::new(), Arc::new(root_of(&node).unwrap()), vec![rows]).unwrap();
    let (meta, bytes) = encoded.chunk(0);
    file.put(0, 0, meta, bytes).unwrap();
    let (bytes, _) = file.finish(Vec::new(), "test".into()).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(bytes)).unwrap();
    let group = reader.metadata().row_group(0).clone();
    let batches: Vec<RecordBatch> = reader
        .with_batch_size(rows)
        .build()
        .unwrap()
        .map(|batch| batch.unwrap())
        .collect();
    let columns: Vec<&dyn Array> = batches.iter().map(|b| &**b.column(0)).collect();
    (arrow::compute::concat(&columns).unwrap(), group)
}

fn plain(array: &dyn Array) -> ArrayRef {
    match array.data_type() {
        DataType::Dictionary(_, value) => cast(array, value).unwrap(),
        DataType::Utf8View | DataType::Binary => cast(array, &DataType::Utf8).unwrap(),
        _ => array.slice(0, array.len()),
    }
}

fn storages(text: bool) -> impl Iterator<Item = Storage> {
    let codecs = [
        Compression::ZSTD(ZstdLevel::default()),
        Compression::SNAPPY,
        Compression::UNCOMPRESSED,
        Compression::LZ4_RAW,
    ];
    codecs.into_iter().flat_map(move |compression| {
        [false, true].map(|dictionary| Storage {
            compression,
            dictionary,
            text,
            expected_bytes: 0,
        })
    })
}

fn check(pieces: &[ArrayRef], text: bool) {
    let all: Vec<&dyn Array> = pieces.iter().map(|p| &**p).collect();
    let want = plain(&arrow::compute::concat(&all).unwrap());
    for storage in storages(text) {
        let (got, group) = round_trip(pieces, storage);
        assert_eq!(&plain(&got), &want, "{} {storage:?}", pieces[0].data_type());
        let nulls = group.column(0).statistics().and_then(Statistics::null_count_opt);
        assert_eq!(nulls, Some(want.null_count() as u64), "{storage:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn numbers(values in proptest::collection::vec(proptest::option::weighted(0.8, 0_u8..9), 1..200), cut in 0_usize..200) {
        let cut = cut.min(values.len() - 1);
        let split = |array: ArrayRef| [array.slice(cut, array.len() - cut), array.slice(0, cut.max(1))];
        let of = || values.iter().map(|v| v.map(i64::from));
        let arrays: [ArrayRef; 8] = [
            Arc::new(values.iter().copied().collect::<UInt8Array>()),
            Arc::new(of().map(|v| v.map(|v| v as i32 - 4)).collect::<Int32Array>()),
            Arc::new(of().collect::<Int64Array>()),
            Arc::new(of().map(|v| v.map(|v| u64::MAX - v as u64)).collect::<UInt64Array>()),
            Arc::new(of().map(|v| v.map(|v| v as f32 / 3.0)).collect::<Float32Array>()),
            Arc::new(of().map(|v| v.map(|v| if v == 3 { f64::INFINITY } else { v as f64 / -7.0 })).collect::<Float64Array>()),
            Arc::new(of().collect::<TimestampMillisecondArray>()),
            Arc::new(values.iter().map(|v| v.map(|v| v > 4)).collect::<BooleanArray>()),
        ];
        for array in arrays {
            check(&split(array), false);
        }
    }

    #[test]
    fn texts_of_any_kind(values in proptest::collection::vec(proptest::option::weighted(0.8, "[a-c]{0,4}"), 1..200)) {
        let of = || values.iter().map(Option::as_deref);
        let arrays: [ArrayRef; 4] = [
            Arc::new(of().collect::<StringArray>()),
            Arc::new(of().collect::<StringViewArray>()),
            Arc::new(of().map(|t| t.map(str::as_bytes)).collect::<BinaryArray>()),
            Arc::new(of().collect::<DictionaryArray<Int32Type>>()),
        ];
        for array in arrays {
            check(&[Arc::clone(&array), array.slice(0, array.len() / 2)], true);
        }
    }
}

#[test]
fn many_pages_and_values_too_long_for_one() {
    let rows = 3 * chunk::PAGE_ROWS + 5;
    let some = |i: usize| !i.is_multiple_of(11);
    let numbers: ArrayRef = Arc::new(
        (0..rows)
            .map(|i| some(i).then_some(i as f64))
            .collect::<Float64Array>(),
    );
    check(&[numbers], false);
    let long = "x".repeat(chunk::PAGE_BYTES / 3);
    let texts = (0..20).map(|i| some(i).then(|| format!("{i}{long}")));
    check(&[Arc::new(texts.collect::<StringArray>())], true);
}

#[test]
fn a_dictionary_that_does_not_pay_is_not_kept() {
    let storage = |dictionary| Storage {
        compression: Compression::UNCOMPRESSED,
        dictionary,
        text: true,
        expected_bytes: 0,
    };
    let distinct: ArrayRef = Arc::new((0..1000).map(|i| Some(format!("{i}"))).collect::<StringArray>());
    let (_, group) = round_trip(&[Arc::clone(&distinct)], storage(true));
    assert_eq!(group.column(0).dictionary_page_offset(), None);
    let repeated: ArrayRef = Arc::new(
        (0..1000)
            .map(|i| Some(format!("{}", i % 7)))
            .collect::<StringArray>(),
    );
    let (_, group) = round_trip(&[repeated], storage(true));
    assert!(group.column(0).dictionary_page_offset().is_some());
}

#[test]
fn ranges_are_told() {
    let storage = storages(false).next().unwrap();
    let values: ArrayRef = Arc::new(Float64Array::from(vec![
        Some(2.0),
        None,
        Some(-3.5),
        Some(f64::NAN),
    ]));
    let (_, group) = round_trip(&[values], storage);
    let s = group.column(0).statistics().unwrap();
    assert_eq!(s.min_bytes_opt(), Some(&(-3.5_f64).to_le_bytes()[..]));
    assert_eq!(s.max_bytes_opt(), Some(&2.0_f64.to_le_bytes()[..]));
}
