import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDuration, parseDurations } from './duration.js';
import { PolyfeatError } from './errors.js';
import type {
  BuildReport,
  BuildRequest,
  CompareReport,
  CompareRequest,
  Engine,
  EngineName,
} from './types.js';
import { type VerifyRequest, verifySnapshot } from './verify.js';

const request: VerifyRequest = {
  snapshot: 's',
  order: 'token',
  returns: parseDurations('30s'),
  windows: parseDurations('60s'),
  bucket: parseDuration('10s'),
  sum: 'notebook',
  columns: 'all',
  tsUnit: null,
};

const same: CompareReport = {
  equal: true,
  rows: [2, 2],
  only_in_a: [],
  only_in_b: [],
  order_differs: false,
  columns_compared: 3,
  differences: [],
};

/** An engine that writes a file of its own name, and answers comparisons as told. */
class FakeEngine implements Engine {
  built: BuildRequest[] = [];
  compared: CompareRequest[] = [];

  constructor(
    readonly name: EngineName,
    readonly report: Partial<BuildReport> = {},
    readonly comparison: CompareReport = same,
  ) {}

  async build(built: BuildRequest, hooks?: { onProgress?: (p: never) => void }): Promise<BuildReport> {
    this.built.push(built);
    hooks?.onProgress?.({ phase: 'write', done: 1, total: 1, unit: 'rows' } as never);
    await writeFile(built.out, this.name);
    return {
      engine: this.name,
      snapshot: built.snapshot,
      out: built.out,
      rows: 2,
      columns: 3,
      tables: { trades: [2, 3], market_trades: null, clob_tob: null },
      regimes: [{ regime: 'OTHER', trades: 2 }],
      pnl: [],
      dropped: { market_trades_null_ts: 0, market_trades_null_token: 0 },
      warnings: [{ code: 'no_market_trades', message: `in the words of ${this.name}` }],
      timings_ms: { total: this.name.length },
      ...this.report,
    };
  }
  inspect = () => Promise.reject(new Error('not called'));
  explain = () => Promise.reject(new Error('not called'));
  summarize = () => Promise.reject(new Error('not called'));
  async compare(compared: CompareRequest): Promise<CompareReport> {
    this.compared.push(compared);
    return this.comparison;
  }
}

describe('verifySnapshot', () => {
  it('compares both builds without tolerance and leaves no file', async () => {
    const native = new FakeEngine('native');
    const ts = new FakeEngine('ts');
    const report = await verifySnapshot(request, {}, { native, ts });
    expect(report).toMatchObject({ equal: true, rows: 2, columns: 3, report_differences: [] });
    expect(ts.compared).toMatchObject([{ rtol: 0, atol: 0, key: [] }]);
    const [a, b] = [native.built[0], ts.built[0]];
    expect(ts.compared[0]).toMatchObject({ a: a?.out, b: b?.out });
    expect({ ...a, out: '' }).toEqual({ ...b, out: '' });
    expect(existsSync(dirname(a?.out ?? ''))).toBe(false);
  });

  it.each([
    ['a differing value', { equal: false }],
    ['another order of the columns', { order_differs: true }],
  ])('is not equal at %s', async (_what, difference) => {
    const ts = new FakeEngine('ts', {}, { ...same, ...difference });
    const report = await verifySnapshot(request, {}, { native: new FakeEngine('native'), ts });
    expect(report.equal).toBe(false);
  });

  it.each<[string, Partial<BuildReport>]>([
    ['regimes', { regimes: [] }],
    ['pnl', { pnl: null }],
    ['dropped', { dropped: { market_trades_null_ts: 1, market_trades_null_token: 0 } }],
    ['tables', { tables: { trades: [2, 3], market_trades: [0, 4], clob_tob: null } }],
    ['warnings', { warnings: [] }],
  ])('is not equal when the reports differ in %s', async (part, difference) => {
    const ts = new FakeEngine('ts', difference);
    const report = await verifySnapshot(request, {}, { native: new FakeEngine('native'), ts });
    expect(report).toMatchObject({ equal: false, report_differences: [part] });
  });

  it('tells which engine is at work', async () => {
    const phases: string[] = [];
    const pair = { native: new FakeEngine('native'), ts: new FakeEngine('ts') };
    await verifySnapshot(request, { onProgress: ({ phase }) => phases.push(phase) }, pair);
    expect(phases).toEqual(['native: write', 'ts: write']);
  });

  it('cleans up after an error', async () => {
    const native = new FakeEngine('native');
    const ts = new FakeEngine('ts');
    ts.build = () => Promise.reject(new PolyfeatError('TOO_LARGE', 'too large'));
    await expect(verifySnapshot(request, {}, { native, ts })).rejects.toMatchObject({ code: 'TOO_LARGE' });
    expect(existsSync(native.built[0]?.out ?? '')).toBe(false);
  });
});
