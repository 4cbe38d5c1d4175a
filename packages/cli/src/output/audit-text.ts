import type {
  AuditedColumn,
  AuditLeak,
  AuditReport,
  AuditRows,
  PrefixFailure,
} from '@polyfeat/core/snapshot';
import { printable } from '../io.js';
import { count, percent } from './numbers.js';
import { table } from './table.js';

/** What each share counts, in words that need no other page. */
const SHARES: readonly (readonly [string, string])[] = [
  ['same_tick', 'use a print of their own tick, or a later one'],
  ['self_print', 'see a print of their own transaction'],
  ['tob_after_trade', 'have a book captured after them'],
  ['unknown_token', 'are of a token that never prints'],
  ['censored_window', 'have a window that begins before the tape'],
  ['bucket_lookahead', 'have a complete set with later trades in it'],
  ['availability_after_trade', 'use a print captured after them'],
];

/** The widest line, but for names that are longer themselves. */
const WIDTH = 80;

/** An audit for people. The first line is the verdict. */
export function auditText(report: AuditReport): string {
  const parts = [verdict(report)];
  if (report.leaks.length > 0) parts.push(report.leaks.map(leakText).join('\n'));
  if (report.columns !== null) parts.push(columnTable(report.columns));
  parts.push(shareTable(report), prefixText(report));
  const passing = passingText(report);
  if (passing !== '') parts.push(passing);
  return parts.join('\n\n');
}

function verdict({ leaks, judge, rules, features, rows }: AuditReport): string {
  const what = features === null ? `preset ${String(rules['preset'])}` : printable(features);
  const tail = `(${what}, judged by ${judge}, ${count(rows)} trades)`;
  if (leaks.length === 0) return wrapped(`no leak found ${tail}`, '');
  return wrapped(`leaks: ${[...new Set(leaks.map(({ rule }) => rule))].join(', ')} ${tail}`, '');
}

function leakText({ rule, rows, columns, why }: AuditLeak): string {
  const size = rows === null ? '' : `${count(rows.rows)} of ${count(rows.of)} `;
  const first = rows === null ? '' : `; first rows ${rows.first.slice(0, 5).join(', ')}`;
  const lines = [wrapped(`${rule}: ${size}${why}${first}`, '  ')];
  lines.push(wrapped(`columns: ${printable(columns.join(', '))}`, '  ', '    '));
  return lines.join('\n');
}

function shareTable({ counts, missing }: AuditReport): string {
  const lines = SHARES.map(([name, means]) => {
    const rows = counts[name] ?? null;
    return rows === null
      ? ['-', '-', '-', means]
      : [percent(rows.rows, rows.of), count(rows.rows), count(rows.of), means];
  });
  const titles = [
    { title: 'share', right: true },
    { title: 'rows', right: true },
    { title: 'of', right: true },
    { title: 'trades that' },
  ];
  const notes = SHARES.filter(([name]) => missing[name] !== undefined).map(([name, means]) =>
    wrapped(`not told which ${means}: ${missing[name]}`, '', '  '),
  );
  return [table(titles, lines), ...notes].join('\n');
}

function prefixText(report: AuditReport): string {
  const { prefix_cuts_tried: cuts, prefix_columns, prefix_failures, prefix_seed } = report;
  if (report.prefix_invariant) {
    const said = `data cut off at ${count(cuts)} random moments (seed ${prefix_seed}): no value of an earlier row changed`;
    return wrapped(said, '');
  }
  const columns = Object.entries(prefix_columns).map(([name, rows]) => `${name} (${count(rows)} rows)`);
  const said = `data cut off at ${count(cuts)} random moments (seed ${prefix_seed}): earlier rows changed in ${columns.join(', ')}`;
  return [wrapped(printable(said), ''), ...prefix_failures.slice(0, 3).map(failureText)].join('\n');
}

function failureText({ row, column, full, prefix, cut, later }: PrefixFailure): string {
  const file = later === null ? '' : (later.file.split(/[\\/]/).pop() ?? '');
  const by = later === null ? '' : `, by row ${count(later.row)} of ${file}`;
  return wrapped(
    printable(`row ${row}: ${column} is ${String(prefix)} at ${cut} and becomes ${String(full)}${by}`),
    '  ',
    '    ',
  );
}

function columnTable(columns: readonly AuditedColumn[]): string {
  return table(
    [
      { title: 'column' },
      { title: 'knowable' },
      { title: 'rows that differ', right: true },
      { title: 'given by' },
    ],
    columns.map(({ column, knowable, differing, reproduced_by }) => [
      column,
      knowable ? 'yes' : 'no',
      differing.of === 0 ? '-' : rowsText(differing),
      reproduced_by.join(', ') || 'no rules tried',
    ]),
  );
}

function rowsText({ rows, of }: AuditRows): string {
  return rows === 0 ? '0' : `${count(rows)} (${percent(rows, of)})`;
}

function passingText({ outcome_columns: outcome, late_columns: late }: AuditReport): string {
  const line = (what: string, names: readonly string[]) =>
    names.length === 0 ? [] : [wrapped(`${what}: ${printable(names.join(', '))}`, '', '  ')];
  return [
    ...line('input columns that tell how the market ended', outcome),
    ...line('input columns known only after the trade', late),
  ].join('\n');
}

/** Words in lines of 80 characters; `indent` before the first, `hanging` before others. */
function wrapped(text: string, indent: string, hanging = indent): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    const next = line.trim() === '' ? `${line}${word}` : `${line} ${word}`;
    if (next.length > WIDTH && line.trim() !== '') {
      lines.push(line);
      line = `${hanging}${word}`;
    } else {
      line = next;
    }
  }
  return [...lines, line].join('\n');
}
