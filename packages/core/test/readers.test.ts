/** What the engines write, opened by a reader that neither of them uses. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Compression, RowOrder } from '../src/types.js';
import { engines } from './support/engines.js';
import { bundled, type Golden } from './support/goldens.js';
import { readColumns, request, scratch } from './support/snapshot.js';

const folder = await scratch();
const { snapshot, name } = bundled.find((golden) => golden.name.startsWith('r')) as Golden;

const TIMES = ['ts', 'end_date', 'event_start_time', 'tob_captured_at', 'mt_last_ts', 'bucket'];
const FLAGS = ['complete_set_flag'];
const TEXTS = ['token_id', 'market_slug', 'side', 'outcome', 'regime', 'event_key', 'exec_type'];

/** A value as our own reader gives its text. */
function text(value: unknown): string | null {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z');
  return String(value);
}

const runs = engines.flatMap((engine) => [
  { engine, by: engine.name, order: 'token' as RowOrder, compression: 'source' as Compression },
  // In this order the native engine copies columns as they are.
  { engine, by: engine.name, order: 'input' as RowOrder, compression: 'source' as Compression },
  { engine, by: engine.name, order: 'token' as RowOrder, compression: 'snappy' as Compression },
]);

describe.each(runs)(`features of ${name} by $by, order $order, $compression`, (run) => {
  const out = join(folder, `${run.by}.${run.order}.${run.compression}.parquet`);
  let file: ArrayBuffer;
  let rows: Record<string, unknown>[];
  let columns: Record<string, (string | null)[]>;

  beforeAll(async () => {
    const { order, compression } = run;
    await run.engine.build(request(snapshot, { out, order, compression }));
    file = new Uint8Array(await readFile(out)).buffer;
    rows = await parquetReadObjects({ file, compressors });
    columns = await readColumns(out);
  });

  it('holds the same values for both readers', () => {
    expect(Object.keys(rows[0] ?? {})).toEqual(Object.keys(columns));
    expect(rows).toHaveLength(3973);
    for (const [column, values] of Object.entries(columns)) {
      const differing = rows.findIndex((row, i) => text(row[column]) !== values[i]);
      expect({ column, differing, there: rows[differing]?.[column], here: values[differing] }).toEqual({
        column,
        differing: -1,
      });
    }
  });

  it('holds times as UTC, texts as strings, flags as booleans', () => {
    const kinds = (column: string) =>
      new Set(
        rows
          .map((row) => row[column])
          .flatMap((v) => (v == null ? [] : [v instanceof Date ? 'Date' : typeof v])),
      );
    for (const column of TIMES)
      expect([column, [...kinds(column)]]).toEqual([column, kinds(column).size ? ['Date'] : []]);
    for (const column of TEXTS) expect([column, [...kinds(column)]]).toEqual([column, ['string']]);
    for (const column of FLAGS) expect([column, [...kinds(column)]]).toEqual([column, ['boolean']]);
    const leaves = new Map(
      parquetSchema(parquetMetadata(file)).children.map(({ element }) => [element.name, element]),
    );
    for (const column of TIMES)
      expect(leaves.get(column)?.logical_type).toMatchObject({ type: 'TIMESTAMP', isAdjustedToUTC: true });
    for (const column of TEXTS) expect(leaves.get(column)?.converted_type).toBe('UTF8');
  });

  it('has statistics that are true', () => {
    const { row_groups, num_rows } = parquetMetadata(file);
    expect(Number(num_rows)).toBe(rows.length);
    let start = 0;
    for (const group of row_groups) {
      const part = rows.slice(start, start + Number(group.num_rows));
      start += part.length;
      for (const { meta_data } of group.columns) {
        const column = meta_data?.path_in_schema.join('.') as string;
        const { min_value: min, max_value: max, null_count: nulls } = meta_data?.statistics ?? {};
        const values = part
          .map((row) => row[column])
          .filter((value) => value != null && !Number.isNaN(value));
        if (nulls !== undefined)
          expect([column, Number(nulls)]).toEqual([column, part.filter((row) => row[column] == null).length]);
        // Strings are compared by bytes, and long ones may be cut: those are another reader's affair.
        if (min == null || max == null || typeof min === 'string') continue;
        const numbers = values.map(Number);
        // Parquet wants a zero to be written as -0 where it is the least.
        const reduced = [numbers.reduce((a, b) => Math.min(a, b)), numbers.reduce((a, b) => Math.max(a, b))];
        expect([column, Number(min) + 0, Number(max) + 0]).toEqual([column, ...reduced]);
      }
    }
  });
});
