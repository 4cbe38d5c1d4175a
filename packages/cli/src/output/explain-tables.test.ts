import type { ExplainReport } from '@polyfeat/core/snapshot';
import { expect, it } from 'vitest';
import type { Io } from '../io.js';
import { explainTables } from './explain-tables.js';

const io: Io = {
  stdout: { write: () => true },
  stderr: { write: () => true },
  env: {},
  cwd: '/',
  signal: new AbortController().signal,
};
const print = { row: 4, ts: '2026-01-01T00:00:01Z', age_ms: 500, price: 0.5, size: null };
const report: ExplainReport = {
  snapshot: 'snap',
  row: 7,
  trade: { ts: '2026-01-01T00:00:01.5Z', token_id: 'A', side: null },
  rules: { ties: 'include' },
  tape: {
    prints: 3,
    visible: 2,
    known_at: '2026-01-01T00:00:01.5Z',
    bound: '2026-01-01T00:00:01.5Z',
    last: { print: null, why: 'beyond the maximal age', too_old: print, ahead: false },
    lagged: [
      { lag: '30s', bound: '2025-12-31T23:59:31.5Z', bound_included: true, print: null, return: null },
    ],
    windows: [
      {
        window: '1s',
        from: '2026-01-01T00:00:00.5Z',
        from_included: false,
        to: '2026-01-01T00:00:01.5Z',
        to_included: true,
        held: 2,
        trades: 2,
        volume: null,
        notional: null,
        nearest: [print],
        left_out: [],
      },
    ],
    left_out: [
      {
        why: 'after the trade, not yet available',
        prints: 1,
        nearest: [{ ...print, row: 5, age_ms: -1, available_at: null }],
      },
    ],
  },
  tape_missing: null,
  sets: { mode: 'bucket', missing: 'the trade has no market_slug' },
  values: { complete_set_shares: 0, regime: 'OTHER' },
  warnings: [],
};

it('shows the trade, what it saw and what not', () => {
  const text = explainTables(report, io);
  expect(text).toMatch(/^row 7 of snap, 2026-01-01T00:00:01\.5Z$/m);
  expect(text).toMatch(/^ {2}side +\(null\)$/m);
  expect(text).toMatch(/^ {2}rules +the notebook's$/m);
  expect(text).toMatch(/^ {2}not seen +prints +row +time +age ms +price +size +available at$/m);
  expect(text).toMatch(/^ {2}after the trade, not yet available +1 +5 .* \(never\)$/m);
  expect(text).toContain('last print\n  none: beyond the maximal age\n');
  expect(text).toMatch(/^ {2}30s +2025-12-31T23:59:31\.5Z +null +- /m);
  expect(text).toContain('window 1s: (2026-01-01T00:00:00.5Z, 2026-01-01T00:00:01.5Z]\n');
  expect(text).toContain('  trades 2, volume null, notional null\n  the nearest 1 of 2:\n');
  expect(text).toContain('complete set\n  OTHER, 0 shares (bucket)\n  none: the trade has no market_slug');
  expect(text).not.toContain('\u001b');
});

it('says why there is nothing of the tape', () => {
  const why = 'the trade has no time, so its mt_ columns are null';
  expect(explainTables({ ...report, tape: null, tape_missing: why }, io)).toContain(`tape\n  ${why}\n`);
});
