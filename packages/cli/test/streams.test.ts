import { existsSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BIN, cli, SNAPSHOT, start, startCommand } from './support/cli.js';
import { engines, nativeAvailable } from './support/engines.js';
import { folder } from './support/folder.js';

describe.each(engines)('the streams with the %s engine', (engine) => {
  it('a reader that has gone does not matter: the file is written', async () => {
    const out = join(await folder(), 'f.parquet');
    const { child, ended } = start(['build', SNAPSHOT, '-o', out, '--engine', engine]);
    child.stdout?.destroy();
    expect(await ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(existsSync(out)).toBe(true);
  });

  it.runIf(existsSync('/dev/full'))('results that cannot be written are an error', async () => {
    const call = [BIN, 'inspect', SNAPSHOT, '--engine', engine];
    const { code, stderr } = await startCommand('sh', [
      '-c',
      '"$0" "$@" > /dev/full',
      process.execPath,
      ...call,
    ]).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^polyfeat-fast: error: [^\n]*ENOSPC[^\n]*\n$/);
  });

  it('progress is shown on standard error when wanted, and not by default without a terminal', async () => {
    const out = join(await folder(), 'f.parquet');
    const call = ['build', SNAPSHOT, '-o', out, '--engine', engine, '--json'];
    const { code, stdout, stderr } = await cli([...call, '--progress', 'always']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/\d+ %/);
    expect(stderr).not.toContain('\u001b');
    expect(JSON.parse(stdout).engine).toBe(engine);
    expect((await cli(call)).stderr).toBe('');
    expect((await cli([...call, '--progress', 'always', '--quiet'])).stderr).toBe('');
  });
});

describe('starting up', () => {
  it('says what to run when nothing has been built', async () => {
    const bin = join(await folder(), 'bin');
    await mkdir(bin);
    await cp(BIN, join(bin, 'polyfeat-fast.cjs'));
    const { code, stdout, stderr } = await startCommand(process.execPath, [join(bin, 'polyfeat-fast.cjs')])
      .ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^polyfeat-fast: error: it has not been built yet: run `npm start`[^\n]*\n$/);
  });

  const lister = new URL('./support/list-imports.mjs', import.meta.url).href;
  const HEAVY = ['apache-arrow', 'parquet-wasm', '@polyfeat/parquet', 'packages/parquet'];

  const imported = async (...args: string[]) => {
    const { stderr } = await startCommand(process.execPath, ['--import', lister, BIN, ...args]).ended;
    return stderr.split('\n').filter((line) => line.startsWith('import '));
  };
  const heavy = (lines: string[]) => HEAVY.filter((name) => lines.some((line) => line.includes(`/${name}/`)));

  it.each([[['--version']], [['--help']], [['build', '--help']], [['build', '--threads', '0']]])(
    'loads no heavy library for %j',
    async (args) => {
      const lines = await imported(...args);
      expect(lines.join()).toContain('/dist/main.cjs');
      expect(heavy(lines)).toEqual([]);
    },
  );

  it('loads them for the TypeScript engine, so that this test can fail', async () => {
    const lines = await imported('inspect', SNAPSHOT, '--engine', 'ts');
    expect(heavy(lines)).toEqual(expect.arrayContaining(['apache-arrow', 'packages/parquet']));
  });

  it.runIf(nativeAvailable).each([[['--json']], [[]]])(
    'loads none, and no module but the bundle and the binary, for a native build with %j',
    async (args) => {
      const out = join(await folder(), 'f.parquet');
      const lines = await imported('build', SNAPSHOT, '-o', out, '--engine', 'native', ...args);
      const files = new Set(lines.filter((line) => line.startsWith('import file:')));
      expect([...files].map((line) => line.split('/').at(-1)).sort()).toEqual([
        'main.cjs',
        'polyfeat-fast.js',
        expect.stringMatching(/^polyfeat\.[\w-]+\.node$/),
      ]);
    },
  );
});
