import { basename } from 'node:path';
import type { InspectReport, TableInfo } from '@polyfeat/core/snapshot';
import type { Io } from '../io.js';
import { colorsOf, printable } from '../io.js';
import { bytes, count } from './numbers.js';
import { table } from './table.js';

/** Everything that `inspect` shows: a heading, facts and the columns of each table. */
export function inspectTables(report: InspectReport, io: Io): string {
  const colors = colorsOf(io.stdout, io.env);
  const parts = [colors.bold(printable(report.snapshot))];
  for (const info of report.tables) {
    parts.push(
      [
        `${colors.bold(info.table)}  ${count(info.rows)} rows × ${count(info.columns.length)} columns`,
        ...facts(info).map(([name, value]) => `  ${name.padEnd(8)}  ${printable(value)}`),
      ].join('\n'),
      indent(columnTable(info)),
    );
  }
  return parts.join('\n\n');
}

function facts(info: TableInfo): [string, string][] {
  const groups = `${count(info.row_groups)} row group${info.row_groups === 1 ? '' : 's'}`;
  const facts: [string, string][] = [['files', `${fileNames(info.files)} (${bytes(info.bytes)}, ${groups})`]];
  if (info.time !== null) {
    const { column, min, max, resolution, sorted } = info.time;
    const range = min === null || max === null ? 'no time' : `${min} … ${max}`;
    const whole = resolution === null ? '' : `, whole ${resolution}`;
    facts.push(['time', `${column}: ${range}${whole}, ${sorted ? 'sorted' : 'not sorted'}`]);
  }
  if (info.tokens !== null) facts.push(['tokens', count(info.tokens)]);
  if (info.markets !== null) facts.push(['markets', count(info.markets)]);
  if (info.missing.length > 0) facts.push(['missing', info.missing.join(', ')]);
  return facts;
}

function fileNames(files: readonly string[]): string {
  const [first = '-', second, ...rest] = files.map((file) => basename(file));
  if (second === undefined) return first;
  return rest.length === 0 ? `${first}, ${second}` : `${first}, ${second} and ${count(rest.length)} more`;
}

function columnTable(info: TableInfo): string {
  const facts = [{ title: 'column' }, { title: 'type' }, { title: 'nulls', right: true }];
  const roles = info.columns.some(({ role }) => role !== null) ? [{ title: 'role' }, { title: 'why' }] : [];
  return table(
    [...facts, ...roles],
    info.columns.map(({ name, type, nulls, role, why }) =>
      [name, type, count(nulls), role ?? '', why ?? ''].slice(0, facts.length + roles.length),
    ),
  );
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
