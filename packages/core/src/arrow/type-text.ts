/** Arrow types: their names as pyarrow writes them, and the families that decide what a column may be. */
import {
  TimeUnit as ArrowUnit,
  type DataType,
  type Date_,
  DateUnit,
  type Decimal,
  type Dictionary,
  type Duration,
  type Field,
  type FixedSizeBinary,
  type FixedSizeList,
  type Float,
  type Int,
  type Interval,
  IntervalUnit,
  type Time,
  type Timestamp,
  Type,
} from 'apache-arrow';
import type { TsUnit } from '../types.js';

/** The unit of an Arrow timestamp, time or duration. */
export function unitOf(unit: ArrowUnit): TsUnit {
  if (unit === ArrowUnit.SECOND) return 's';
  if (unit === ArrowUnit.MILLISECOND) return 'ms';
  return unit === ArrowUnit.MICROSECOND ? 'us' : 'ns';
}

/** The type behind a dictionary, or the type itself. */
export function valueType(type: DataType): DataType {
  return type.typeId === Type.Dictionary ? (type as Dictionary).dictionary : type;
}

/** Whether a type is text: utf8, large_utf8, utf8_view, or a dictionary of those. */
export function isText(type: DataType): boolean {
  const { typeId } = valueType(type);
  return typeId === Type.Utf8 || typeId === Type.LargeUtf8 || typeId === Type.Utf8View;
}

/** Whether a type is an int, float or decimal, or a dictionary of those. */
export function isNumber(type: DataType): boolean {
  const { typeId } = valueType(type);
  return typeId === Type.Int || typeId === Type.Float || typeId === Type.Decimal;
}

const BINARY: ReadonlyMap<Type, string> = new Map([
  [Type.Null, 'null'],
  [Type.Bool, 'bool'],
  [Type.Utf8, 'string'],
  [Type.LargeUtf8, 'large_string'],
  [Type.Utf8View, 'string_view'],
  [Type.Binary, 'binary'],
  [Type.LargeBinary, 'large_binary'],
  [Type.BinaryView, 'binary_view'],
]);

/**
 * The name of an Arrow type, such as `timestamp[ms, tz=UTC]`, `double`, `list<item: int32>`.
 *
 * @example
 * ```ts
 * typeText(new Dictionary(new Utf8(), new Int32())); // 'dictionary<values=string, indices=int32>'
 * ```
 */
export function typeText(type: DataType): string {
  const simple = BINARY.get(type.typeId);
  if (simple !== undefined) return simple;
  const fields = () => (type.children as Field[]).map((f) => `${f.name}: ${typeText(f.type)}`).join(', ');
  switch (type.typeId) {
    case Type.Int: {
      const { bitWidth, isSigned } = type as Int;
      return `${isSigned ? 'int' : 'uint'}${bitWidth}`;
    }
    case Type.Float:
      return ['halffloat', 'float', 'double'][(type as Float).precision] ?? 'float';
    case Type.Decimal: {
      const { bitWidth, precision, scale } = type as Decimal;
      return `decimal${bitWidth}(${precision}, ${scale})`;
    }
    case Type.Date:
      return (type as Date_).unit === DateUnit.DAY ? 'date32[day]' : 'date64[ms]';
    case Type.Time:
      return `time${(type as Time).bitWidth}[${unitOf((type as Time).unit)}]`;
    case Type.Timestamp: {
      const { unit, timezone } = type as Timestamp;
      return `timestamp[${unitOf(unit)}${timezone ? `, tz=${timezone}` : ''}]`;
    }
    case Type.Duration:
      return `duration[${unitOf((type as Duration).unit)}]`;
    case Type.Interval:
      return `interval[${IntervalUnit[(type as Interval).unit]?.toLowerCase()}]`;
    case Type.FixedSizeBinary:
      return `fixed_size_binary[${(type as FixedSizeBinary).byteWidth}]`;
    case Type.FixedSizeList:
      return `fixed_size_list<${fields()}>[${(type as FixedSizeList).listSize}]`;
    case Type.Dictionary: {
      const { dictionary, indices } = type as Dictionary;
      return `dictionary<values=${typeText(dictionary)}, indices=${typeText(indices)}>`;
    }
    case Type.List:
      return `list<${fields()}>`;
    case Type.LargeList:
      return `large_list<${fields()}>`;
    case Type.Map:
      return `map<${fields()}>`;
    case Type.Struct:
      return `struct<${fields()}>`;
    default:
      return String(type);
  }
}
