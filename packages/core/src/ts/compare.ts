/** Two features files, column by column, by value and not by encoding. */
import type { Field } from 'apache-arrow';
import { PolyfeatError } from '../errors.js';
import type { ColumnDiff, CompareReport, CompareRequest, Hooks } from '../types.js';
import { type Cells, type Kind, kindOf, readCells } from './cells.js';
import { Job } from './job.js';
import { openFile, type Table } from './table.js';

/**
 * Compares two files; see `Engine.compare`. Rows are compared by position, or, with `key`, after both files are put
 * in the order of those columns (equal keys in file order).
 *
 * Strings compare by text, times as instants, numbers by value (NaN is null), booleans, and everything else by a
 * canonical text. `rtol` and `atol` hold for floating columns: |a - b| <= atol + rtol * max(|a|, |b|).
 *
 * @throws PolyfeatError `NOT_FOUND`, `MISSING_COLUMN` for a key that a file lacks, and what reading throws.
 */
export async function compare(request: CompareRequest, hooks?: Hooks): Promise<CompareReport> {
  const job = new Job(hooks);
  job.check();
  const a = await openFile(request.a);
  try {
    const b = await openFile(request.b);
    try {
      return await compareTables(job, request, a, b);
    } finally {
      await b.close();
    }
  } finally {
    await a.close();
  }
}

async function compareTables(job: Job, request: CompareRequest, a: Table, b: Table): Promise<CompareReport> {
  const [namesA, namesB] = [a, b].map((table) => table.fields.map((field) => field.name)) as [
    string[],
    string[],
  ];
  const common = namesA.filter((name) => namesB.includes(name));
  const report: CompareReport = {
    equal: false,
    rows: [a.rows, b.rows],
    only_in_a: namesA.filter((name) => !namesB.includes(name)),
    only_in_b: namesB.filter((name) => !namesA.includes(name)),
    order_differs: namesB.filter((name) => namesA.includes(name)).some((name, i) => name !== common[i]),
    columns_compared: 0,
    differences: [],
  };
  const orders = [await keyOrder(a, request.key), await keyOrder(b, request.key)] as const;
  // Rows of files of different lengths do not correspond: the lengths say it all.
  if (a.rows === b.rows) {
    await job.begin('compare', common.length, 'columns');
    for (const name of common) {
      const difference = await compareColumn(request, [a, b], orders, name);
      if (difference !== null) report.differences.push(difference);
      await job.step(++report.columns_compared);
    }
  }
  job.finish();
  const sameShape = a.rows === b.rows && report.only_in_a.length === 0 && report.only_in_b.length === 0;
  report.equal = sameShape && report.differences.length === 0;
  return report;
}

/** The rows of a table by its key columns; null: as they are. */
async function keyOrder(table: Table, key: readonly string[]): Promise<number[] | null> {
  if (key.length === 0) return null;
  const columns: Cells[] = [];
  for (const column of key) {
    if (table.field(column) === undefined) {
      const message = `${table.path} has no column ${column} to be the key; name columns that both files have`;
      throw new PolyfeatError('MISSING_COLUMN', message, { file: table.path, column });
    }
    columns.push(await cellsOf(table, column, null));
  }
  const keys = Array.from({ length: table.rows }, (_, row) =>
    JSON.stringify(columns.map(({ text }) => text(row))),
  );
  const at = (row: number) => keys[row] as string;
  return keys.map((_, row) => row).sort((x, y) => (at(x) < at(y) ? -1 : Number(at(x) > at(y))));
}

async function cellsOf(table: Table, name: string, kind: Kind | null): Promise<Cells> {
  const vector = await table.readColumn(name);
  return readCells(vector, kind ?? kindOf((table.field(name) as Field).type), {
    file: table.path,
    column: name,
  });
}

async function compareColumn(
  { rtol, atol }: CompareRequest,
  tables: readonly [Table, Table],
  orders: readonly [number[] | null, number[] | null],
  name: string,
): Promise<ColumnDiff | null> {
  const [typeA, typeB] = tables.map((table) => (table.field(name) as Field).type) as [
    Field['type'],
    Field['type'],
  ];
  const kinds = [kindOf(typeA), kindOf(typeB)] as const;
  // Decimals meet floats as floats, and ints as decimals; a column of nulls is of any kind.
  const numeric = kinds.every((kind) => kind === 'exact' || kind === 'float');
  const shared: Kind | null = numeric && kinds.includes('float') ? 'float' : null;
  const a = await cellsOf(tables[0], name, shared);
  const b = await cellsOf(tables[1], name, shared);
  const comparable = kinds[0] === kinds[1] || numeric;
  const diff: ColumnDiff = { column: name, rows: 0, first: null, max_abs: null, max_rel: null };
  for (let i = 0; i < tables[0].rows; i++) {
    const [rowA, rowB] = [orders[0]?.[i] ?? i, orders[1]?.[i] ?? i];
    const [x, y] = [a.value(rowA), b.value(rowB)];
    if (x === y && (comparable || x === null)) continue;
    if (typeof x === 'number' && typeof y === 'number') {
      const gap = Math.abs(x - y);
      const size = Math.max(Math.abs(x), Math.abs(y));
      // Infinities are near nothing but themselves.
      if (gap <= atol + rtol * size && size !== Number.POSITIVE_INFINITY) continue;
      diff.max_abs = Math.max(diff.max_abs ?? 0, gap);
      diff.max_rel = Math.max(diff.max_rel ?? 0, size === Number.POSITIVE_INFINITY ? size : gap / size);
    } else if (numeric && x !== null && y !== null) {
      const gap = Math.abs(Number(a.text(rowA)) - Number(b.text(rowB)));
      const size = Math.max(Math.abs(Number(a.text(rowA))), Math.abs(Number(b.text(rowB))));
      diff.max_abs = Math.max(diff.max_abs ?? 0, gap);
      diff.max_rel = Math.max(diff.max_rel ?? 0, gap / size);
    }
    diff.rows++;
    diff.first ??= { row: rowA, a: a.text(rowA) ?? 'null', b: b.text(rowB) ?? 'null' };
  }
  return diff.rows > 0 ? diff : null;
}
