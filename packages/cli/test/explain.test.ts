import { describe, expect, it } from 'vitest';
import { cli, SNAPSHOT } from './support/cli.js';
import { nativeAvailable } from './support/engines.js';

describe.skipIf(!nativeAvailable)('explain', () => {
  it('shows a trade, what it saw and what it did not', async () => {
    const { code, stdout, stderr } = await cli(['explain', SNAPSHOT, '--row', '100', '--preset', 'strict']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^row 100 of .*, 20\d\d-\d\d-\d\dT/);
    expect(stdout).toMatch(/^ {2}rules +ties exclude, resolution 1s, excludeSelf transaction_hash/m);
    expect(stdout).toMatch(/the trade itself/);
    expect(stdout).toMatch(/^window 60s: \[/m);
    expect(stdout).toMatch(/^complete set\n {2}(DIRECTIONAL|COMPLETE_SET_ARBITRAGE|OTHER), /m);
  });

  it('prints one object with --json', async () => {
    const args = ['explain', SNAPSHOT, '--row', '7', '--windows', '5s', '--limit', '2', '--json'];
    const { code, stdout } = await cli(args);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      snapshot: SNAPSHOT,
      row: 7,
      rules: { ties: 'include' },
      tape: { windows: [{ window: '5s' }] },
      sets: { mode: 'bucket' },
      options: { windows: ['5s'] },
    });
  });

  it.each([
    [[], 2, '--row N'],
    [['--row', '-3'], 2, '--row'],
    [['--row', '1.5'], 2, 'no whole number'],
    [['--row', '1', '--proof'], 2, 'proof'],
  ] as const)('refuses %j', async (args, exit, message) => {
    const { code, stderr } = await cli(['explain', SNAPSHOT, ...args]);
    expect(code).toBe(exit);
    expect(stderr).toContain(message);
  });

  it('fails on a row that there is not', async () => {
    const { code, stderr } = await cli(['explain', SNAPSHOT, '--row', '99999999', '--json']);
    expect(code).toBeGreaterThan(0);
    expect(JSON.parse(stderr).error).toMatchObject({ code: 'INVALID_OPTION', row: 99_999_999 });
  });
});
