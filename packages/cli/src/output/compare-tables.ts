import type { CompareReport } from '@polyfeat/core/snapshot';
import { printable } from '../io.js';
import { count } from './numbers.js';
import { table } from './table.js';

/** What `compare` and `verify` say of two files that they call `a` and `b`. */
export function compareTables(report: CompareReport, a = 'A', b = 'B'): string {
  const [rowsA, rowsB] = report.rows;
  const lines: string[] = [];
  if (rowsA !== rowsB) lines.push(`${a} has ${count(rowsA)} rows, ${b} has ${count(rowsB)}`);
  if (report.only_in_a.length > 0) lines.push(`only in ${a}: ${printable(report.only_in_a.join(', '))}`);
  if (report.only_in_b.length > 0) lines.push(`only in ${b}: ${printable(report.only_in_b.join(', '))}`);
  if (report.order_differs) lines.push('the common columns stand in another order');
  const parts = lines.length > 0 ? [lines.join('\n')] : [];
  if (report.differences.length > 0) parts.push(differenceTable(report, a, b));
  if (report.equal) parts.push(`equal: ${count(rowsA)} rows × ${count(report.columns_compared)} columns`);
  return parts.join('\n\n');
}

function differenceTable(report: CompareReport, a: string, b: string): string {
  return table(
    [
      { title: 'column' },
      { title: 'rows', right: true },
      { title: 'first row', right: true },
      { title: `in ${a}` },
      { title: `in ${b}` },
      { title: 'max abs', right: true },
      { title: 'max rel', right: true },
    ],
    report.differences.map(({ column, rows, first, max_abs, max_rel }) => [
      column,
      count(rows),
      first === null ? '-' : count(first.row),
      first === null ? '-' : short(first.a),
      first === null ? '-' : short(first.b),
      max_abs === null ? '-' : max_abs.toPrecision(3),
      max_rel === null ? '-' : max_rel.toPrecision(3),
    ]),
  );
}

/** A value cut to what a table can hold; `--json` has all of it. */
function short(value: string): string {
  const chars = [...value];
  return chars.length <= 40 ? value : `${chars.slice(0, 39).join('')}…`;
}
