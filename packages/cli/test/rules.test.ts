import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, SNAPSHOT } from './support/cli.js';
import { nativeAvailable } from './support/engines.js';
import { folder } from './support/folder.js';
import { readRows } from './support/tables.js';

describe.skipIf(!nativeAvailable)('rules of visibility', () => {
  it('the notebook finds the trade itself as the last print, strict never does', async () => {
    const dir = await folder();
    const ages = async (name: string, ...rules: string[]) => {
      const out = join(dir, name);
      const { code, stderr } = await cli(['build', SNAPSHOT, '-o', out, '--engine', 'native', ...rules]);
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

it('the TypeScript engine refuses rules that it does not have', async () => {
  const out = join(await folder(), 'f.parquet');
  const { code, stderr } = await cli(['build', SNAPSHOT, '-o', out, '--engine', 'ts', '--preset', 'strict']);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('use the native engine') });
});
