import { existsSync } from 'node:fs';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, SNAPSHOT } from './support/cli.js';
import { engines, quickest } from './support/engines.js';
import { contents, folder, snapshotCopy } from './support/folder.js';
import { GOLDEN_PRINTS, readRows, trades, writeSnapshot } from './support/tables.js';

describe.each(engines)('build with the %s engine', (engine) => {
  it('writes the features of the bundled snapshot and shows both tables', async () => {
    const out = join(await folder(), 'f.parquet');
    const { code, stdout, stderr } = await cli(['build', SNAPSHOT, '-o', out, '--engine', engine]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^regime +trades +share$/m);
    expect(stdout).toMatch(/^DIRECTIONAL +[\d,]+ +[\d.]+ %$/m);
    expect(stdout).toMatch(/^(regime +exec_type +trades +pnl_usd +avg_pnl|no resolved trades.*)$/m);
    expect(stdout).toContain(`(${engine} engine)`);
    expect(stdout).not.toContain('\u001b');
    expect(existsSync(out)).toBe(true);
  });

  it('--columns safe leaves nothing that tells the future but under label_', async () => {
    const out = join(await folder(), 'f.parquet');
    const args = ['-o', out, '--engine', engine, '--columns', 'safe', '--label-available-at', '--json'];
    const { code, stdout } = await cli(['build', SNAPSHOT, ...args]);
    expect(code).toBe(0);
    const { options, warnings } = JSON.parse(stdout);
    expect(options).toMatchObject({ columns: 'safe', labelAvailableAt: true });
    expect(warnings).toMatchObject([{ code: 'lookahead_labels' }]);
    const names = Object.keys((await readRows(out))[0] ?? {});
    expect(names).toEqual(
      expect.arrayContaining(['side', 'label_realized_pnl', 'label_available_at', 'label_regime']),
    );
    for (const name of ['realized_pnl', 'settle_price', 'mid', 'exec_type', 'closed', 'regime'])
      expect(names).not.toContain(name);
  });

  it('prints one object with --json, and nothing else', async () => {
    const out = join(await folder(), 'f.parquet');
    const args = [
      'build',
      SNAPSHOT,
      '-o',
      out,
      '--engine',
      engine,
      '--json',
      '--returns',
      '5m,250ms',
      '--ts-unit',
      'ms',
    ];
    const { code, stdout, stderr } = await cli(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const report = JSON.parse(stdout);
    expect(Object.keys(report)).toEqual([
      'version',
      'engine',
      'snapshot',
      'out',
      'rows',
      'columns',
      'tables',
      'regimes',
      'pnl',
      'dropped',
      'warnings',
      'timings_ms',
      'peak_rss_bytes',
      'options',
    ]);
    expect(report).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      engine,
      snapshot: SNAPSHOT,
      out,
      dropped: { market_trades_null_ts: 0, market_trades_null_token: 0 },
      options: {
        order: 'token',
        returns: ['300s', '250ms'],
        windows: ['60s'],
        bucket: '10s',
        sum: 'exact',
        columns: 'all',
        tsUnit: 'ms',
        compression: 'source',
        engine,
      },
    });
    expect(report.columns).toBe(report.tables.trades[1] + 12);
    expect(report.rows).toBe(report.tables.trades[0]);
    expect(report.tables.clob_tob).toBeNull();
    const counts = Object.values(report.regimes) as number[];
    expect(counts.reduce((a, b) => a + b, 0)).toBe(report.rows);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    for (const row of report.pnl) {
      expect(Object.keys(row)).toEqual(['regime', 'exec_type', 'trades', 'pnl_usd', 'avg_pnl']);
    }
    expect(report.timings_ms.total).toBeGreaterThan(0);
    expect(report.peak_rss_bytes).toBeGreaterThan(1e7);
  });

  it('gives the golden vectors of the specification', async () => {
    const rows = trades([
      [100, 'A'],
      [400, 'A'],
      [5, 'A'],
      [100, 'B'],
    ]);
    const snapshot = await writeSnapshot(await folder(), { trades: rows, market_trades: GOLDEN_PRINTS });
    const out = join(snapshot, 'f.parquet');
    const args = ['build', snapshot, '-o', out, '--order', 'input', '--engine', engine, '--quiet'];
    expect(await cli(args)).toMatchObject({ code: 0, stderr: '' });
    const built = (await readRows(out)).map((row) => [
      row['mt_last_price'],
      row['mt_last_age_ms'],
      row['mt_return_30s'],
      row['mt_return_300s'],
      row['mt_trades_60s'],
      row['mt_volume_60s'],
      row['mt_notional_60s'],
    ]);
    const notional = (0.41 * 2 + 0.45 * 16 + 0.5 * 4 + 0.52 * 8).toPrecision(12);
    expect(
      built.map((row) => row.map((value) => (typeof value === 'number' ? +value.toPrecision(12) : value))),
    ).toEqual([
      [0.52, 0, 0.07, null, 4, 30, Number(notional)],
      [0.52, 300_000, 0, 0, 0, 0, 0],
      [null, null, null, null, 0, 0, 0],
      [null, null, null, null, null, null, null],
    ]);
  });

  it('warns of a tape that is missing, on standard error or in the object', async () => {
    const snapshot = await writeSnapshot(await folder(), { trades: trades([[1, 'A']]) });
    const args = ['build', snapshot, '--engine', engine];
    const plain = await cli(args);
    expect(plain).toMatchObject({ code: 0, stderr: expect.stringMatching(/^polyfeat-fast: warning: .*\n$/) });
    expect(plain.stdout).toContain('no resolved trades');
    const json = await cli([...args, '--json']);
    expect(json).toMatchObject({ code: 0, stderr: '' });
    const report = JSON.parse(json.stdout);
    expect(report.warnings).toMatchObject([{ code: 'no_market_trades' }]);
    expect(report.tables.market_trades).toBeNull();
    expect(report.pnl).toEqual([]);
    expect(await cli([...args, '--quiet'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });
});

describe.each(quickest)('build by the quicker engine, %s', (engine) => {
  it('writes into the snapshot when no file is named, again and again', async () => {
    const snapshot = await snapshotCopy(await folder());
    const before = await contents(snapshot);
    for (const _time of [1, 2]) {
      expect((await cli(['build', snapshot, '--engine', engine])).code).toBe(0);
      expect(await contents(snapshot)).toEqual([...before, 'features.parquet'].sort());
    }
  });

  it('says nothing with --quiet', async () => {
    const out = join(await folder(), 'f.parquet');
    const ended = await cli(['build', SNAPSHOT, '-o', out, '--engine', engine, '--quiet']);
    expect(ended).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  it('warns when the columns of the PnL table are missing', async () => {
    const { realized_pnl: _left, ...rest } = trades([[1, 'A']]);
    const snapshot = await writeSnapshot(await folder(), { trades: rest, market_trades: GOLDEN_PRINTS });
    const { code, stdout, stderr } = await cli(['build', snapshot, '--engine', engine]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^polyfeat-fast: warning: .*realized_pnl.*\n$/);
    expect(stdout).not.toContain('pnl_usd');
  });

  it('takes the newest snapshot under the root', async () => {
    const root = await folder();
    for (const [name, second] of [
      ['ann-2', 100],
      ['ann-1', 300],
      ['bob-1', 400],
    ] as const) {
      const path = await writeSnapshot(root, { trades: trades([[1, 'A']]) }, name);
      await utimes(path, second, second);
    }
    const built = async (args: string[], env: Record<string, string> = {}) => {
      // The output goes elsewhere, or writing it would make its snapshot the newest.
      const out = join(root, 'f.parquet');
      const { stdout, stderr } = await cli(['build', '-o', out, '--engine', engine, '--json', ...args], {
        cwd: root,
        env,
      });
      return stdout === '' ? JSON.parse(stderr).error.code : JSON.parse(stdout).snapshot;
    };
    expect(await built(['--snapshots-root', root, '--username', 'ann'])).toBe(join(root, 'ann-1'));
    expect(await built(['--snapshots-root', root])).toBe(join(root, 'bob-1'));
    expect(await built([], { POLYFEAT_SNAPSHOTS_ROOT: root })).toBe(join(root, 'bob-1'));
    expect(await built(['--snapshots-root', root, '--username', 'eve'])).toBe('NO_SNAPSHOT');
    expect(await built([])).toBe('NO_SNAPSHOT');
  });
});
