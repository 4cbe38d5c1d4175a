import type {
  ExplainedPrint,
  ExplainedSets,
  ExplainedTape,
  ExplainedWindow,
  ExplainReport,
} from '@polyfeat/core/snapshot';
import { colorsOf, type Io, printable } from '../io.js';
import { rulesText } from './made-table.js';
import { count } from './numbers.js';
import { table } from './table.js';

/** Everything that `explain` shows: the trade, what it saw, what each window held, what was left out, its set. */
export function explainTables(report: ExplainReport, io: Io): string {
  const { bold } = colorsOf(io.stdout, io.env);
  const { ts, ...shown } = report.trade;
  const facts = Object.entries({ ...shown, rules: rulesText(report.rules) });
  const parts = [
    [
      bold(printable(`row ${report.row} of ${report.snapshot}, ${ts ?? 'no time'}`)),
      ...facts.map(([name, value]) => `  ${name.padEnd(16)}  ${printable(value ?? '(null)')}`),
    ].join('\n'),
  ];
  const add = (title: string, body: string) => parts.push(`${bold(title)}\n${indent(body)}`);
  if (report.tape === null) add('tape', report.tape_missing ?? '');
  else for (const [title, body] of tapeParts(report.tape)) add(title, body);
  add('complete set', setsText(report.sets, report.values));
  return parts.join('\n\n');
}

function tapeParts(tape: ExplainedTape): [string, string][] {
  const { print, why, too_old, ahead } = tape.last;
  const found = print ?? too_old;
  const last = [
    ...(why === null ? [] : [`none: ${why}`]),
    ...(ahead ? ['looking ahead'] : []),
    ...(found === null ? [] : [printTable([found])]),
  ];
  const parts: [string, string][] = [
    [
      `prints of the token: ${count(tape.prints)}, seen ${count(tape.visible)}; windows and lags end at ${tape.bound}`,
      leftOutTable(tape.left_out, 'not seen'),
    ],
    ['last print', last.join('\n')],
  ];
  if (tape.lagged.length > 0) parts.push(['returns', lagTable(tape)]);
  for (const window of tape.windows) parts.push([windowTitle(window), windowBody(window)]);
  return parts;
}

const PRINT_COLUMNS = [
  { title: 'row', right: true },
  { title: 'time' },
  { title: 'age ms', right: true },
  { title: 'price', right: true },
  { title: 'size', right: true },
];

function printCells(print: ExplainedPrint | null | undefined): string[] {
  if (print == null) return ['-', '-', '-', '-', '-'];
  return [String(print.row), print.ts, number(print.age_ms), number(print.price), number(print.size)];
}

/** A further column where availability is a rule. */
function availability(prints: readonly ExplainedPrint[]) {
  const asked = prints.some((print) => print.available_at !== undefined);
  return {
    columns: asked ? [{ title: 'available at' }] : [],
    cells: (print: ExplainedPrint | null) => (asked ? [print?.available_at ?? '(never)'] : []),
  };
}

function printTable(prints: readonly ExplainedPrint[]): string {
  const { columns, cells } = availability(prints);
  return table(
    [...PRINT_COLUMNS, ...columns],
    prints.map((print) => [...printCells(print), ...cells(print)]),
  );
}

function lagTable({ lagged }: ExplainedTape): string {
  return table(
    [{ title: 'lag' }, { title: 'up to' }, { title: 'return', right: true }, ...PRINT_COLUMNS],
    lagged.map((lag) => [
      lag.lag,
      `${lag.bound}${lag.bound_included ? '' : ', not at it'}`,
      number(lag.return),
      ...printCells(lag.print),
    ]),
  );
}

function windowTitle({ window, from, from_included, to, to_included }: ExplainedWindow): string {
  return `window ${window}: ${from_included ? '[' : '('}${from}, ${to}${to_included ? ']' : ')'}`;
}

function windowBody(window: ExplainedWindow): string {
  const { held, nearest, left_out } = window;
  const sums = `trades ${number(window.trades)}, volume ${number(window.volume)}, notional ${number(window.notional)}`;
  const parts = [sums];
  if (nearest.length > 0) {
    parts.push(nearest.length < held ? `the nearest ${nearest.length} of ${count(held)}:` : 'the prints:');
    parts.push(printTable(nearest));
  }
  if (left_out.length > 0) parts.push(leftOutTable(left_out, 'seen, but not in it'));
  return parts.join('\n');
}

/** Reasons, with the nearest print of each. */
function leftOutTable(groups: ExplainedTape['left_out'], title: string): string {
  if (groups.length === 0) return 'all are seen';
  const { columns, cells } = availability(groups.flatMap(({ nearest }) => nearest));
  return table(
    [{ title }, { title: 'prints', right: true }, ...PRINT_COLUMNS, ...columns],
    groups.flatMap(({ why, prints, nearest }) =>
      (nearest.length === 0 ? [null] : nearest).map((print, i) => [
        i === 0 ? why : '',
        i === 0 ? count(prints) : '',
        ...printCells(print),
        ...cells(print),
      ]),
    ),
  );
}

function setsText(sets: ExplainedSets, values: ExplainReport['values']): string {
  const { complete_set_shares: shares, regime } = values;
  const verdict = `${String(regime)}, ${number(shares as number | null)} shares (${sets.mode})`;
  if (sets.missing !== null) return `${verdict}\nnone: ${sets.missing}`;
  const { up, down } = sets;
  const lines = [
    verdict,
    `counted from ${sets.from} to before ${sets.to}${sets.up_to_own ? ', up to this trade' : ''}: ` +
      `Up ${number(up.shares)} in ${count(up.trades)}, Down ${number(down.shares)} in ${count(down.trades)}`,
  ];
  const rows = [
    ...sets.nearest.map((trade) => ({ ...trade, why: 'counted', of: sets.held })),
    ...sets.left_out.flatMap(({ why, trades, nearest }) =>
      nearest.map((trade) => ({ ...trade, why, of: trades })),
    ),
  ];
  if (rows.length === 0) return lines.join('\n');
  const columns = [
    { title: 'trades of the market' },
    { title: 'of', right: true },
    { title: 'row', right: true },
    { title: 'time' },
    { title: 'buys' },
    { title: 'size', right: true },
  ];
  const cells = rows.map(({ why, of, row, ts, leg, size }) => {
    return [why, count(of), String(row), ts ?? '-', leg ?? '-', number(size)];
  });
  return [...lines, table(columns, cells)].join('\n');
}

/** A number as it is; `null` for none. */
function number(value: number | null): string {
  return value === null ? 'null' : String(value);
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
