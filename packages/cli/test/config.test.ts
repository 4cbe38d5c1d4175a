import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli } from './support/cli.js';
import { quickest } from './support/engines.js';
import { contents, folder } from './support/folder.js';
import { GOLDEN_PRINTS, trades, writeSnapshot } from './support/tables.js';

describe.each(quickest)('a config file with the %s engine', (engine) => {
  const made = async (config: object, file = 'polyfeat.config.json') => {
    const cwd = await folder();
    const snapshot = await writeSnapshot(cwd, { trades: trades([[100, 'A']]), market_trades: GOLDEN_PRINTS });
    await mkdir(join(cwd, file, '..'), { recursive: true });
    await writeFile(join(cwd, file), JSON.stringify({ engine, ...config }));
    return { cwd, snapshot };
  };

  it('sets options of build; those of the command line win', async () => {
    const { cwd } = await made({
      order: 'input',
      windows: ['10s', '1m'],
      bucket: '5m',
      out: 'set.parquet',
      json: true,
    });
    const { code, stdout } = await cli(['build', 'snapshot', '--bucket', '1s'], { cwd });
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ engine, out: join(cwd, 'set.parquet') });
    expect(report.options).toMatchObject({ order: 'input', windows: ['10s', '60s'], bucket: '1s', engine });
    expect(await contents(cwd)).toContain('set.parquet');
  });

  it('may be named, and its paths count from it', async () => {
    const { cwd } = await made({ snapshotsRoot: '..', username: 'snap' }, 'sub/my.json');
    await writeSnapshot(cwd, { trades: trades([[1, 'A']]) }, 'snap-1');
    const { stdout } = await cli(['inspect', '--config', 'sub/my.json', '--json'], { cwd });
    expect(JSON.parse(stdout).snapshot).toBe(join(cwd, 'snap-1'));
  });

  it('is refused with an unknown name, before anything is done', async () => {
    const { cwd, snapshot } = await made({ labelColumn: 'x' });
    const before = await contents(snapshot);
    const { code, stdout, stderr } = await cli(['build', 'snapshot'], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe('polyfeat-fast: error: polyfeat.config.json has an unknown name "labelColumn"\n');
    expect(await contents(snapshot)).toEqual(before);
  });

  it('is an error of the data when the named one does not exist', async () => {
    const { cwd } = await made({});
    const { code, stderr } = await cli(['build', 'snapshot', '--config', 'no.json', '--json'], { cwd });
    expect({ code, error: JSON.parse(stderr).error.code }).toEqual({ code: 1, error: 'NOT_FOUND' });
  });
});
