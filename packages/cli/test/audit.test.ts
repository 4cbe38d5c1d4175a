import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AuditReport } from '@polyfeat/core/snapshot';
import { describe, expect, it } from 'vitest';
import { cli, SNAPSHOT, start } from './support/cli.js';
import { nativeAvailable } from './support/engines.js';
import { contents, folder } from './support/folder.js';
import { trades, writeSnapshot } from './support/tables.js';

const bundled = (path: string) => fileURLToPath(new URL(`../../../test-data/${path}`, import.meta.url));
const NAMES = ['r61276aba-20260227T092000+0000', 'w61276aba-20260227T092000+0000'];

async function audited(...args: string[]): Promise<AuditReport & { code: number | null }> {
  const { code, stdout, stderr } = await cli(['audit', ...args, '--json']);
  expect(stderr).toBe('');
  return { code, ...JSON.parse(stdout) };
}

const rules = ({ leaks }: AuditReport) => leaks.map(({ rule }) => rule);

describe.runIf(nativeAvailable)('audit', () => {
  it.each(NAMES)('finds no leak in strict features of %s', async (name) => {
    const report = await audited(bundled(`snapshots/${name}`), '--preset', 'strict', '--fail-on-leak');
    expect(report).toMatchObject({
      code: 0,
      leaks: [],
      same_tick_share: 0,
      self_print_share: 0,
      bucket_lookahead_share: 0,
      prefix_invariant: true,
      prefix_cuts_tried: 50,
      tob_after_trade_share: null,
      outcome_columns: ['is_resolved', 'resolved_outcome', 'settle_price', 'realized_pnl'],
    });
  });

  it.each(NAMES)('finds the leaks of the notebook in %s', async (name) => {
    const report = await audited(bundled(`snapshots/${name}`), '--fail-on-leak');
    expect(report.code).toBe(1);
    expect(rules(report)).toEqual(expect.arrayContaining(['ties', 'excludeSelf', 'regime', 'prefix']));
    expect(report.same_tick_share).toBe(1);
    for (const { full, prefix, later } of report.prefix_failures) {
      expect(prefix).not.toEqual(full);
      expect(later?.row).toEqual(expect.any(Number));
    }
  });

  it.each(NAMES)("judges the notebook's own file of %s", async (name) => {
    const report = await audited(
      bundled(`snapshots/${name}`),
      '--features',
      bundled(`golden/${name}.features.parquet`),
      '--fail-on-leak',
    );
    expect(report.code).toBe(1);
    expect(rules(report)).toEqual(expect.arrayContaining(['ties', 'excludeSelf', 'regime']));
    const price = report.columns?.find(({ column }) => column === 'mt_last_price');
    expect(price).toMatchObject({ knowable: false, reproduced_by: expect.arrayContaining(['notebook']) });
    const stamp = report.columns?.find(({ column }) => column === 'mt_last_ts');
    expect(stamp?.shown_by_value?.rows).toBe(report.rows);
  });

  it('passes a file made by strict, and no other', async () => {
    const file = join(await folder(), 'features.parquet');
    const made = async (...args: string[]) => {
      await cli(['build', SNAPSHOT, '-o', file, ...args]);
      return audited(SNAPSHOT, '--features', file, '--fail-on-leak');
    };
    const strict = await made('--preset', 'strict', '--order', 'input', '--windows', '5m,250ms');
    expect(strict).toMatchObject({ code: 0, leaks: [], features: file, rules: { preset: 'strict' } });
    expect(strict.columns?.map(({ column }) => column)).toContain('mt_trades_250ms');
    expect(strict.columns?.every(({ knowable }) => knowable)).toBe(true);
    const loose = await made('--preset', 'strict', '--ties', 'include', '--regime', 'bucket');
    expect(loose).toMatchObject({ code: 1, rules: { ties: 'include' } });
    expect(rules(loose)).toEqual(expect.arrayContaining(['ties', 'regime']));
  });

  it('fails on passing columns only with --columns safe', async () => {
    const strict = [SNAPSHOT, '--preset', 'strict', '--fail-on-leak'];
    const report = await audited(...strict, '--columns', 'safe');
    expect({ code: report.code, rules: rules(report) }).toEqual({ code: 1, rules: ['columns'] });
    expect(report.leaks[0]?.columns).toEqual([...report.outcome_columns, ...report.late_columns]);
  });

  it('is judged by the preset that --rules names, and cut as often as --cuts says', async () => {
    const report = await audited(
      SNAPSHOT,
      '--rules',
      'notebook',
      '--cuts',
      '7',
      '--seed',
      '3',
      '--fail-on-leak',
    );
    expect(report).toMatchObject({ code: 0, leaks: [], prefix_cuts_tried: 7, prefix_seed: 3 });
  });

  it('says first what it found, in lines that fit', async () => {
    const leaky = await cli(['audit', SNAPSHOT]);
    expect(leaky).toMatchObject({ code: 0, stderr: '' });
    expect(leaky.stdout).toMatch(/^leaks: ties, excludeSelf/);
    expect(leaky.stdout).toMatch(/^100\.0 % +[\d,]+ +[\d,]+ +use a print of their own tick/m);
    expect(leaky.stdout).toMatch(/^ {2}row \d+: \w+ is \S+ at \S+ and becomes/m);
    expect(Math.max(...leaky.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    const clean = await cli(['audit', SNAPSHOT, '--preset', 'strict']);
    expect(clean.stdout).toMatch(/^no leak found \(preset strict/);
    expect(clean.stdout).toContain('no value of an earlier row changed');
  });

  it('writes nothing and needs no tape', async () => {
    const path = await writeSnapshot(await folder(), { trades: trades([[100, 'A']]) });
    const before = await contents(path);
    const { code, stderr } = await cli(['audit', path]);
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('no market_trades') });
    expect(await contents(path)).toEqual(before);
  });

  it('refuses a file of other trades, and options that there are not', async () => {
    const other = bundled(`golden/${NAMES[1]}.features.parquet`);
    const path = await writeSnapshot(await folder(), { trades: trades([[100, 'A']]) });
    const differing = await cli(['audit', path, '--features', other, '--json']);
    expect(JSON.parse(differing.stderr).error).toMatchObject({ code: 'ROWS_DIFFER', file: other });
    expect(differing.code).toBe(1);
    for (const args of [
      ['--rules', 'none'],
      ['--cuts', '-1'],
      ['--seed', 'x'],
      ['--proof'],
      ['--out', 'f'],
    ]) {
      expect((await cli(['audit', SNAPSHOT, ...args])).code).toBe(2);
    }
  });

  it('stops on Ctrl-C', async () => {
    const running = start(['audit', SNAPSHOT, '--cuts', '100000', '--progress', 'always']);
    await running.says('audit');
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
  });
});
