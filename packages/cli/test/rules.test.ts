import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, SNAPSHOT } from './support/cli.js';
import { engines, nativeAvailable, quickest } from './support/engines.js';
import { folder } from './support/folder.js';
import { GOLDEN_PRINTS, readRows, trades, writeSnapshot } from './support/tables.js';

describe('rules of visibility', () => {
  it('the notebook finds the trade itself as the last print, strict never does', async () => {
    const dir = await folder();
    const ages = async (name: string, ...rules: string[]) => {
      const out = join(dir, name);
      const { code, stderr } = await cli(['build', SNAPSHOT, '-o', out, '--engine', quickest[0]!, ...rules]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const rows = await readRows(out);
      return rows.map((row) => row['mt_last_age_ms']).filter((age) => age != null) as number[];
    };
    expect((await ages('n.parquet')).every((age) => age === 0)).toBe(true);
    const strict = await ages('s.parquet', '--preset', 'strict');
    expect(strict.length).toBeGreaterThan(0);
    expect(Math.min(...strict)).toBeGreaterThan(0);
  });

  it('tells in --json which rules were asked for, and warns of one that brings lookahead back', async () => {
    const out = join(await folder(), 'f.parquet');
    const args = ['--preset', 'strict', '--regime', 'bucket', '--max-age', '5m', '--exclude-self', 'none'];
    const { code, stdout } = await cli(['build', SNAPSHOT, '-o', out, '--json', ...args]);
    expect(code).toBe(0);
    const { options, warnings } = JSON.parse(stdout);
    expect(options).toMatchObject({
      preset: 'strict',
      regime: 'bucket',
      maxAge: '300s',
      excludeSelf: 'none',
    });
    expect(warnings).toContainEqual(expect.objectContaining({ code: 'lookahead' }));
  });

  it('--proof adds columns', async () => {
    const out = join(await folder(), 'f.parquet');
    expect((await cli(['build', SNAPSHOT, '-o', out, '--preset', 'strict', '--proof'])).code).toBe(0);
    const [row] = await readRows(out);
    expect(Object.keys(row ?? {}).filter((name) => name.startsWith('proof_'))).toHaveLength(6);
  });

  it.each([
    [['--direction', 'forward'], 2, 'looks ahead'],
    [['--sequence', 'a'], 2, 'names a column of trades and one of the tape'],
    [['--ties', 'exclude', '--availability', 'nowhere'], 1, 'no column nowhere'],
    [['--embargo', 'soon'], 2, 'not a duration'],
    [['--preset', 'strikt'], 2, 'one of notebook, strict, live'],
  ])('%j is refused', async (args, expected, message) => {
    const out = join(await folder(), 'f.parquet');
    const { code, stderr } = await cli(['build', SNAPSHOT, '-o', out, ...args]);
    expect({ code, stderr }).toEqual({ code: expected, stderr: expect.stringContaining(message) });
  });
});

describe.each(engines)('the golden vectors of the specification by %s', (engine) => {
  const NONE = [null, null, null];
  const features = async (snapshot: string, ...rules: string[]) => {
    const out = join(snapshot, 'out.parquet');
    const args = ['build', snapshot, '-o', out, '--engine', engine, '--order', 'input', '--quiet', ...rules];
    expect(await cli(args)).toMatchObject({ code: 0, stderr: '' });
    return readRows(out);
  };

  it('which prints a trade sees', async () => {
    const rows = [
      [100, 'A'],
      [400, 'A'],
      [5, 'A'],
      [100, 'B'],
    ] as const;
    const snapshot = await writeSnapshot(await folder(), {
      trades: trades(rows),
      market_trades: GOLDEN_PRINTS,
    });
    const seen = async (...rules: string[]) =>
      (await features(snapshot, ...rules)).map((row) => [
        [row['mt_last_price'], row['mt_last_age_ms']],
        [row['mt_return_30s'], row['mt_return_300s']],
        [row['mt_trades_60s'], row['mt_volume_60s'], row['mt_notional_60s']],
      ]);
    const none = [
      [null, null],
      [null, null],
    ];
    const notebook = [
      [
        [0.52, 0],
        [0.52 - 0.45, null],
        [4, 30, 14.18],
      ],
      [
        [0.52, 300_000],
        [0, 0],
        [0, 0, 0],
      ],
    ];
    expect(await seen()).toEqual([...notebook, [...none, [0, 0, 0]], [...none, NONE]]);
    expect(await seen('--ties', 'exclude')).toEqual([
      [
        [0.45, 30_000],
        [0.45 - 0.41, null],
        [3, 19, 8.42],
      ],
      [
        [0.52, 300_000],
        [0, 0.52 - 0.45],
        [0, 0, 0],
      ],
      [...none, [0, 0, 0]],
      [...none, NONE],
    ]);
    expect(await seen('--unknown-token', 'causal')).toEqual([...notebook, [...none, NONE], [...none, NONE]]);
    expect(await seen('--unknown-token', 'zero')).toEqual([
      ...notebook,
      [...none, [0, 0, 0]],
      [...none, [0, 0, 0]],
    ]);
  });

  it.each([
    ['bucket', [true, true, true, false], [3, 3, 3, 0]],
    ['bucket-asof', [false, true, true, false], [0, 3, 3, 0]],
    ['trailing', [false, true, true, true], [0, 3, 3, 1]],
    ['prev-bucket', [false, false, false, true], [0, 0, 0, 3]],
  ])('regime %s', async (regime, flags, shares) => {
    const all = trades([0, 3, 9, 10].map((second) => [second, 'A'] as const));
    const [text] = all['outcome']!;
    const [double] = all['size']!;
    const buys = {
      ...all,
      outcome: [text, ['Up', 'Down', 'Up', 'Down']],
      size: [double, [5, 3, 1, 2]],
    } as const;
    const snapshot = await writeSnapshot(await folder(), { trades: buys, market_trades: GOLDEN_PRINTS });
    const rows = await features(snapshot, '--regime', regime);
    expect(rows.map((row) => row['complete_set_flag'])).toEqual(flags);
    expect(rows.map((row) => row['complete_set_shares'])).toEqual(shares);
  });
});

it.skipIf(!nativeAvailable)('verify compares the engines by the rules that are asked for', async () => {
  const args = ['verify', SNAPSHOT, '--preset', 'strict', '--proof', '--max-age', '0s', '--json'];
  const { code, stdout } = await cli(args);
  expect(code).toBe(0);
  const { equal, columns, options } = JSON.parse(stdout);
  expect({ equal, columns }).toEqual({ equal: true, columns: 62 });
  expect(options).toMatchObject({ preset: 'strict', proof: true, maxAge: '0s' });
});
