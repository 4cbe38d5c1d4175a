import type { MadeColumn } from './made.js';

/** A column whose row `i` is row `order[i]` of the given one. */
export function reordered(column: MadeColumn, order: Int32Array): MadeColumn {
  const { values, validity } = column;
  return {
    ...column,
    values: column.type === 'bool' ? bits(values as Uint8Array, order) : elements(values, order),
    validity: validity === null ? null : bits(validity, order),
  };
}

function elements(values: MadeColumn['values'], order: Int32Array): MadeColumn['values'] {
  if (values instanceof Float64Array) {
    const result = new Float64Array(order.length);
    for (let i = 0; i < order.length; i++) result[i] = values[order[i]!]!;
    return result;
  }
  if (values instanceof BigInt64Array) {
    const result = new BigInt64Array(order.length);
    for (let i = 0; i < order.length; i++) result[i] = values[order[i]!]!;
    return result;
  }
  const result = new Int8Array(order.length);
  for (let i = 0; i < order.length; i++) result[i] = values[order[i]!]!;
  return result;
}

function bits(values: Uint8Array, order: Int32Array): Uint8Array {
  const result = new Uint8Array((order.length + 7) >> 3);
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!;
    if ((values[row >> 3]! >> (row & 7)) & 1) result[i >> 3] = result[i >> 3]! | (1 << (i & 7));
  }
  return result;
}
