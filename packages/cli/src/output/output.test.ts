import type { CompareReport, InspectReport } from '@polyfeat/core/snapshot';
import { describe, expect, it } from 'vitest';
import type { Io } from '../io.js';
import { compareTables } from './compare-tables.js';
import { inspectTables } from './inspect-tables.js';
import { bytes, count, decimal, elapsed, percent } from './numbers.js';
import { pnlTable, regimeTable, summaryTables } from './summary-tables.js';

const silent: Io = {
  stdout: { write: () => true },
  stderr: { write: () => true },
  env: {},
  cwd: '/',
  signal: new AbortController().signal,
};

describe('numbers', () => {
  it('sets thousands apart', () => {
    expect([0, 999, 1000, 1234567].map(count)).toEqual(['0', '999', '1,000', '1,234,567']);
    expect([1731.60215, -1486.87426, 0.5, -1234567.5].map(decimal)).toEqual([
      '1,731.602150',
      '-1,486.874260',
      '0.500000',
      '-1,234,567.500000',
    ]);
  });
  it('has a dash for what is no number', () => {
    expect([null, Number.NaN, Number.POSITIVE_INFINITY].map(decimal)).toEqual(['-', '-', '-']);
    expect(percent(0, 0)).toBe('-');
  });
  it('keeps amounts short', () => {
    expect([0, 999, 1000, 999_949, 999_950, 2.5e9].map(bytes)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '999.9 kB',
      '1.0 MB',
      '2.5 GB',
    ]);
    expect([0, 12.4, 999.6, 3400, 125_000].map(elapsed)).toEqual([
      '0 ms',
      '12 ms',
      '1.0 s',
      '3.4 s',
      '2 min 5 s',
    ]);
  });
});

describe('summary tables', () => {
  it('aligns numbers to the right', () => {
    const text = regimeTable([
      { regime: 'DIRECTIONAL', trades: 4556 },
      { regime: 'OTHER', trades: 44 },
    ]);
    expect(text.split('\n')).toEqual([
      'regime       trades   share',
      'DIRECTIONAL   4,556  99.0 %',
      'OTHER            44   1.0 %',
    ]);
  });

  it('shows a null group and a sum that is no number', () => {
    const text = pnlTable([
      { regime: 'OTHER', exec_type: null, trades: 3, pnl_usd: 1.5, avg_pnl: 0.5 },
      { regime: 'OTHER', exec_type: 'X', trades: 1, pnl_usd: null, avg_pnl: null },
    ]);
    expect(text.split('\n')).toEqual([
      'regime  exec_type  trades   pnl_usd   avg_pnl',
      'OTHER   (null)          3  1.500000  0.500000',
      'OTHER   X               1         -         -',
    ]);
  });

  it('says in one line that nothing is resolved', () => {
    expect(pnlTable([])).toMatch(/^no resolved trades.*$/);
  });

  it('leaves the PnL out where its columns are missing, and both without trades', () => {
    expect(summaryTables([{ regime: 'OTHER', trades: 1 }], null)).not.toContain('pnl');
    expect(summaryTables([], [])).toBe('no trades');
  });

  it('lets no text of a file move the cursor', () => {
    const text = regimeTable([{ regime: 'A\u001b[2J\nB', trades: 1 }]);
    expect(text).toContain('A\\x1b[2J\\x0aB');
  });
});

const unequal: CompareReport = {
  equal: false,
  rows: [3, 4],
  only_in_a: ['x'],
  only_in_b: ['y'],
  order_differs: true,
  columns_compared: 2,
  differences: [
    { column: 'p', rows: 2, first: { row: 1, a: '0.1', b: '0.2' }, max_abs: 0.1, max_rel: 0.5 },
    { column: 's', rows: 1, first: { row: 0, a: 'a'.repeat(77), b: 'null' }, max_abs: null, max_rel: null },
  ],
};

describe('compareTables', () => {
  it('says all that differs', () => {
    const text = compareTables(unequal);
    expect(text).toContain('A has 3 rows, B has 4');
    expect(text).toContain('only in A: x');
    expect(text).toContain('only in B: y');
    expect(text).toContain('another order');
    expect(text).toMatch(/^p +2 +1 +0\.1 +0\.2 +0\.100 +0\.500$/m);
    expect(text).toMatch(/^s +1 +0 +a{39}… +null +- +-$/m);
  });
  it('says that files are equal', () => {
    const report = {
      ...unequal,
      equal: true,
      rows: [3, 3] as [number, number],
      only_in_a: [],
      only_in_b: [],
    };
    expect(compareTables({ ...report, order_differs: false, differences: [] })).toBe(
      'equal: 3 rows × 2 columns',
    );
  });
});

describe('inspectTables', () => {
  const report: InspectReport = {
    snapshot: 'snap',
    warnings: [],
    tables: [
      {
        table: 'trades',
        files: [
          'snap/trades.parquet/0.parquet',
          'snap/trades.parquet/1.parquet',
          'snap/trades.parquet/2.parquet',
        ],
        rows: 7221,
        columns: [
          { name: 'ts', type: 'timestamp[ms]', nulls: 3, role: 'trade', why: 'the time of the trade' },
        ],
        row_groups: 1,
        bytes: 1500,
        time: {
          column: 'ts',
          min: '2026-01-01T00:00:00Z',
          max: '2026-01-02T00:00:00Z',
          resolution: 's',
          sorted: false,
        },
        tokens: 12,
        markets: null,
        missing: ['size', 'side'],
      },
    ],
  };
  it('shows facts and columns', () => {
    const text = inspectTables(report, silent);
    expect(text).toContain('trades  7,221 rows × 1 columns');
    expect(text).toContain('0.parquet, 1.parquet and 1 more (1.5 kB, 1 row group)');
    expect(text).toContain('ts: 2026-01-01T00:00:00Z … 2026-01-02T00:00:00Z, whole s, not sorted');
    expect(text).toContain('missing   size, side');
    expect(text).not.toContain('markets');
    expect(text).toMatch(/^ {2}column +type +nulls +role +why$/m);
    expect(text).toMatch(/^ {2}ts +timestamp\[ms\] +3 +trade +the time of the trade$/m);
    expect(text).not.toContain('\u001b');
  });
  it('has no roles for tables that are not of trades', () => {
    const [trades] = report.tables;
    const tape = {
      ...trades!,
      table: 'market_trades' as const,
      columns: [{ name: 'ts', type: 'timestamp[ms]', nulls: 3, role: null, why: null }],
    };
    const text = inspectTables({ ...report, tables: [tape] }, silent);
    expect(text).toMatch(/^ {2}column +type +nulls$/m);
    expect(text).toMatch(/^ {2}ts +timestamp\[ms\] +3$/m);
  });
  it('is bold on a terminal, unless NO_COLOR says no', () => {
    const terminal = { ...silent, stdout: { write: () => true, isTTY: true } };
    expect(inspectTables(report, terminal)).toContain('\u001b[1m');
    expect(inspectTables(report, { ...terminal, env: { NO_COLOR: '1' } })).not.toContain('\u001b');
  });
});
