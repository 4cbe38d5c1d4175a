/** Values as text: for comparing columns of any type by value, and for showing where they differ. */
import { NANOS } from '@polyfeat/reference';
import {
  type Data,
  type Date_,
  DateUnit,
  type Decimal,
  type Duration,
  type Field,
  type FixedSizeList,
  type Float,
  Precision,
  type Time,
  type Timestamp,
  Type,
  type Union,
  UnionMode,
} from 'apache-arrow';
import { isText, unitOf } from '../arrow/type-text.js';
import { halfToDouble } from '../kernels/numbers.js';
import type { TsUnit } from '../types.js';
import { bytesAt, decimalAt } from './coerce.js';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const DATE_LIMIT_MS = 8_640_000_000_000_000n;

/**
 * An instant as ISO 8601 in UTC, with as many digits (0, 3, 6 or 9) as it needs.
 *
 * @example
 * ```ts
 * isoText(1_500n, 'ms'); // '1970-01-01T00:00:01.500Z'
 * ```
 */
export function isoText(value: bigint, unit: TsUnit): string {
  const nanos = value * NANOS[unit];
  const rest = ((nanos % NANOS.s) + NANOS.s) % NANOS.s;
  const millis = (nanos - rest) / NANOS.ms;
  // Beyond the years that JavaScript can write.
  if (millis > DATE_LIMIT_MS || millis < -DATE_LIMIT_MS) return `${value} ${unit} since 1970`;
  const seconds = new Date(Number(millis)).toISOString().slice(0, -5);
  const digits = String(rest)
    .padStart(9, '0')
    .replace(/(?:000){1,3}$/, '');
  return `${seconds}${digits && `.${digits}`}Z`;
}

/**
 * One value as text, the same for the same value whatever its encoding: strings by their text, instants in UTC,
 * numbers by value, decimals without trailing zeros, binary as hex, nested values as lists and fields.
 *
 * @returns null for a null, NaN included.
 */
export function textOf(data: Data, row: number): string | null {
  const { type } = data;
  if (type.typeId === Type.Null || !data.getValid(row)) return null;
  switch (type.typeId) {
    case Type.Bool: {
      const bit = row + data.offset;
      return String(Boolean((data.values[bit >> 3] >> (bit & 7)) & 1));
    }
    case Type.Float: {
      const half = (type as Float).precision === Precision.HALF;
      const value: number = half ? halfToDouble(data.values[row]) : data.values[row];
      return Number.isNaN(value) ? null : String(value + 0);
    }
    case Type.Decimal:
      return decimalText(decimalAt(data, row), (type as Decimal).scale);
    case Type.Timestamp:
      return isoText(data.values[row], unitOf((type as Timestamp).unit));
    case Type.Date: {
      const days = (type as Date_).unit === DateUnit.DAY;
      return isoText(BigInt(data.values[row]) * (days ? 86_400_000n : 1n), 'ms');
    }
    case Type.Time:
    case Type.Duration:
      return `${BigInt(data.values[row]) * NANOS[unitOf((type as Time | Duration).unit)]}ns`;
    case Type.Utf8:
    case Type.LargeUtf8:
    case Type.Utf8View:
      return decoder.decode(bytesAt(data, row));
    case Type.Binary:
    case Type.LargeBinary:
    case Type.BinaryView:
      return hex(bytesAt(data, row));
    case Type.FixedSizeBinary:
      return hex(data.values.subarray(row * data.stride, (row + 1) * data.stride));
    case Type.Interval:
      return Array.from(data.values.subarray(row * data.stride, (row + 1) * data.stride)).join(' ');
    case Type.Dictionary:
      return entryText(data, Number(data.values[row]));
    case Type.List:
    case Type.LargeList:
    case Type.Map:
      return listText(data, Number(data.valueOffsets[row]), Number(data.valueOffsets[row + 1]));
    case Type.FixedSizeList: {
      const { listSize } = type as FixedSizeList;
      return listText(data, row * listSize, (row + 1) * listSize);
    }
    case Type.Struct: {
      const parts = (type.children as Field[]).map(
        ({ name }, k) => `${name}: ${nested(data.children[k] as Data, row)}`,
      );
      return `{${parts.join(', ')}}`;
    }
    case Type.Union: {
      const { typeIdToChildIndex, mode } = type as Union;
      const child = data.children[typeIdToChildIndex[data.typeIds[row] as number] as number] as Data;
      return nested(child, mode === UnionMode.Dense ? Number(data.valueOffsets[row]) : row);
    }
    default:
      return String(data.values[row]);
  }
}

function entryText(data: Data, code: number): string | null {
  let at = code;
  for (const chunk of data.dictionary?.data ?? []) {
    if (at < chunk.length) return textOf(chunk, at);
    at -= chunk.length;
  }
  return null;
}

function listText(data: Data, start: number, end: number): string {
  const child = data.children[0] as Data;
  const parts: string[] = [];
  for (let i = start; i < end; i++) parts.push(nested(child, i));
  return `[${parts.join(', ')}]`;
}

/** A value within another: text is quoted, so that a comma in it is no border. */
function nested(data: Data, row: number): string {
  const text = textOf(data, row);
  if (text === null) return 'null';
  return isText(data.type) ? JSON.stringify(text) : text;
}

function hex(bytes: Uint8Array): string {
  return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** A decimal in plain digits, without trailing zeros behind the point. */
export function decimalText(unscaled: bigint, scale: number): string {
  if (scale <= 0) return String(unscaled * 10n ** BigInt(-scale));
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}${fraction && `.${fraction}`}`;
}
