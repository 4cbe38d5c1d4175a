/** The values of some rows, in their order. */
export function picked<T extends Float64Array | BigInt64Array>(values: T, rows: Int32Array): T {
  if (values instanceof BigInt64Array) {
    const result = new BigInt64Array(rows.length);
    for (let i = 0; i < rows.length; i++) result[i] = values[rows[i]!]!;
    return result as T;
  }
  const result = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) result[i] = values[rows[i]!]!;
  return result as T;
}
