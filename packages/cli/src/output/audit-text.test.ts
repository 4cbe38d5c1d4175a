import type { AuditReport, AuditRows } from '@polyfeat/core/snapshot';
import { describe, expect, it } from 'vitest';
import { auditText } from './audit-text.js';

const some: AuditRows = { rows: 3, of: 1200, first: [4, 7, 1100] };

const clean: AuditReport = {
  engine: 'native',
  snapshot: 's',
  features: null,
  rows: 1234,
  rules: { preset: 'strict' },
  judge: 'strict',
  leaks: [],
  same_tick_share: 0,
  self_print_share: null,
  tob_after_trade_share: null,
  unknown_token_share: 0,
  censored_window_share: 0.0025,
  bucket_lookahead_share: 0,
  availability_after_trade_share: 0,
  outcome_columns: ['settle_price'],
  late_columns: [],
  prefix_invariant: true,
  prefix_cuts_tried: 50,
  prefix_seed: 1,
  prefix_columns: {},
  prefix_failures: [],
  counts: { same_tick: { rows: 0, of: 1200, first: [] }, self_print: null, censored_window: some },
  missing: { self_print: 'neither transaction_hash nor event_key has values in both files' },
  columns: null,
  warnings: [],
  timings_ms: {},
};

const leaky: AuditReport = {
  ...clean,
  leaks: [
    {
      rule: 'ties',
      columns: ['mt_last_price', 'mt_last_ts'],
      share: 0.0025,
      rows: some,
      why: 'rows use their own tick',
    },
    { rule: 'file', columns: ['a\u001bb'], share: null, rows: null, why: 'no rules give these columns' },
  ],
  features: 'f.parquet',
  prefix_invariant: false,
  prefix_columns: { mt_trades_60s: 2 },
  prefix_failures: [
    {
      row: 4,
      column: 'mt_trades_60s',
      full: 0,
      prefix: null,
      cut: '2026-01-01T00:00:00Z',
      later: { file: '/data/s/market_trades.parquet', row: 1234 },
    },
  ],
  columns: [
    {
      column: 'mt_last_price',
      reproduced_by: ['notebook'],
      knowable: false,
      differing: some,
      example: { row: 4, file: '1', knowable: '2' },
      shown_by_value: some,
    },
    { column: 'x', reproduced_by: [], knowable: false, differing: some, example: null, shown_by_value: null },
  ],
};

describe('auditText', () => {
  it('begins with the verdict and says what a share is of', () => {
    const text = auditText(clean);
    expect(text).toMatch(/^no leak found \(preset strict, judged by strict, 1,234 trades\)\n/);
    expect(text).toMatch(/^ *0\.3 % +3 +1,200 +have a window that begins before the tape$/m);
    expect(text).toMatch(/^ +- +- +- +see a print of their own transaction$/m);
    expect(text.replace(/\n +/g, ' ')).toContain('neither transaction_hash nor event_key');
    expect(text).toContain('no value of an earlier row changed');
    expect(text).toContain('how the market ended: settle_price');
    expect(text).not.toContain('only after the trade');
  });

  it('names rules, columns, rows and the record that changed a value', () => {
    const text = auditText(leaky);
    expect(text).toMatch(/^leaks: ties, file \(f\.parquet, judged by strict, 1,234 trades\)\n/);
    expect(text).toContain('ties: 3 of 1,200 rows use their own tick; first rows 4, 7, 1100');
    expect(text).toContain('columns: mt_last_price, mt_last_ts');
    expect(text).toContain('a\\x1bb');
    expect(text).toMatch(/^mt_last_price +no +3 \(0\.3 %\) +notebook$/m);
    expect(text).toMatch(/^x +no +3 \(0\.3 %\) +no rules tried$/m);
    expect(text.replace(/\n +/g, ' ')).toContain(
      'row 4: mt_trades_60s is null at 2026-01-01T00:00:00Z and becomes 0, by row 1,234 of market_trades.parquet',
    );
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
