//! Names of types as people who work with Parquet know them (those of pyarrow).

use arrow::datatypes::{DataType, TimeUnit};

/// The name of a type: `string`, `double`, `timestamp[ms, tz=UTC]`, `list<item: int64>`, ...
#[must_use]
pub fn type_name(t: &DataType) -> String {
    let plain = match t {
        DataType::Null => "null",
        DataType::Boolean => "bool",
        DataType::Int8 => "int8",
        DataType::Int16 => "int16",
        DataType::Int32 => "int32",
        DataType::Int64 => "int64",
        DataType::UInt8 => "uint8",
        DataType::UInt16 => "uint16",
        DataType::UInt32 => "uint32",
        DataType::UInt64 => "uint64",
        DataType::Float16 => "halffloat",
        DataType::Float32 => "float",
        DataType::Float64 => "double",
        DataType::Utf8 => "string",
        DataType::LargeUtf8 => "large_string",
        DataType::Utf8View => "string_view",
        DataType::Binary => "binary",
        DataType::LargeBinary => "large_binary",
        DataType::BinaryView => "binary_view",
        DataType::Date32 => "date32[day]",
        DataType::Date64 => "date64[ms]",
        DataType::Timestamp(unit, None) => return format!("timestamp[{}]", symbol(*unit)),
        DataType::Timestamp(unit, Some(zone)) => return format!("timestamp[{}, tz={zone}]", symbol(*unit)),
        DataType::Time32(unit) => return format!("time32[{}]", symbol(*unit)),
        DataType::Time64(unit) => return format!("time64[{}]", symbol(*unit)),
        DataType::Duration(unit) => return format!("duration[{}]", symbol(*unit)),
        DataType::FixedSizeBinary(n) => return format!("fixed_size_binary[{n}]"),
        DataType::Decimal32(p, s) => return format!("decimal32({p}, {s})"),
        DataType::Decimal64(p, s) => return format!("decimal64({p}, {s})"),
        DataType::Decimal128(p, s) => return format!("decimal128({p}, {s})"),
        DataType::Decimal256(p, s) => return format!("decimal256({p}, {s})"),
        DataType::Dictionary(key, value) => {
            return format!(
                "dictionary<values={}, indices={}, ordered=0>",
                type_name(value),
                type_name(key)
            );
        }
        DataType::List(f) => return format!("list<{}: {}>", f.name(), type_name(f.data_type())),
        DataType::LargeList(f) => return format!("large_list<{}: {}>", f.name(), type_name(f.data_type())),
        DataType::FixedSizeList(f, n) => {
            return format!("fixed_size_list<{}: {}>[{n}]", f.name(), type_name(f.data_type()));
        }
        DataType::Struct(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|f| format!("{}: {}", f.name(), type_name(f.data_type())))
                .collect();
            return format!("struct<{}>", fields.join(", "));
        }
        DataType::Map(entries, _) => match entries.data_type() {
            DataType::Struct(kv) if kv.len() == 2 => {
                return format!(
                    "map<{}, {}>",
                    type_name(kv[0].data_type()),
                    type_name(kv[1].data_type())
                );
            }
            _ => "map",
        },
        other => return other.to_string().to_lowercase(),
    };
    plain.to_string()
}

fn symbol(unit: TimeUnit) -> &'static str {
    crate::roles::kernel_unit(unit).symbol()
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::datatypes::Field;
    use std::sync::Arc;

    #[test]
    fn names_are_those_of_pyarrow() {
        let list = DataType::List(Arc::new(Field::new("item", DataType::Int64, true)));
        for (t, name) in [
            (DataType::Utf8, "string"),
            (
                DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into())),
                "timestamp[ms, tz=UTC]",
            ),
            (DataType::Decimal128(38, 6), "decimal128(38, 6)"),
            (list, "list<item: int64>"),
        ] {
            assert_eq!(type_name(&t), name);
        }
    }
}
