import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BIN, cli, SNAPSHOT, startCommand } from './support/cli.js';
import { nativeAvailable } from './support/engines.js';
import { contents, folder } from './support/folder.js';

const bench = (...args: string[]) => cli(['bench', ...args]);

describe('bench', () => {
  it.each([
    [['--scaling', '--phases'], '--phases and --scaling are two runs'],
    [['--python', 'p', '--venv', 'v'], '--python and --venv both name a Python'],
    [['--boundary', '--json', 'f'], '--boundary gives tables alone'],
    [['--rounds', '0'], '"0" must be a whole number above 0'],
    [['--patience', 'long'], '"long" must be a number above 0'],
    [['--memory', '1X'], '"1X" is not a size of memory'],
    [['--arms', 'a,,b'], 'it has an empty entry'],
    [['mesure'], 'unexpected argument "mesure": bench takes none'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await bench(...args);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  it('says how to install what it needs', async () => {
    const alone = join(await folder(), 'cli');
    const own = dirname(dirname(BIN));
    await mkdir(join(alone, 'dist'), { recursive: true });
    for (const file of ['package.json', 'bin', 'dist/main.cjs']) {
      await cp(join(own, file), join(alone, file), { recursive: true });
    }
    const { ended } = startCommand(process.execPath, [join(alone, 'bin', 'polyfeat-fast.js'), 'bench']);
    const { code, stdout, stderr } = await ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^polyfeat-fast: error: .*: npm install @polyfeat\/bench\n$/);
  });
});

describe.runIf(nativeAvailable)('bench of a snapshot', () => {
  it('prints tables, and writes results and charts', async () => {
    const place = await folder();
    const [file, charts] = [join(place, 'results.json'), join(place, 'charts')];
    const few = ['--rounds', '1', '--threads', '1', '--arms', 'token,roofline-token'];
    const { code, stdout, stderr } = await bench(
      ...['--snapshot', SNAPSHOT, ...few, '--start-up', SNAPSHOT],
      ...['--json', file, '--charts', charts],
    );
    expect(stderr).toContain('  1/1 native, token order: ');
    expect(code).toBe(0);
    expect(stdout).toContain('3,973 trades × 4,000 prints');
    expect(stdout).toMatch(/^\| native ÷ roofline, token order \| [\d.]+ \| /m);
    expect(stdout).toMatch(/^\| build of the bundled snapshot \| /m);
    const results = JSON.parse(await readFile(file, 'utf8'));
    expect(results.command).toBe(
      'npx polyfeat-fast bench --arms token,roofline-token --rounds 1 --threads 1 --snapshot DIR',
    );
    expect(results.snapshots[0].arms.map(({ id }: { id: string }) => id)).toEqual([
      'token',
      'roofline-token',
    ]);
    expect(await contents(charts)).toContain('time.svg');
  });

  it('leaves nothing but an error when it cannot measure', async () => {
    const place = await folder();
    await writeFile(join(place, 'trades.parquet'), 'no Parquet');
    const { code, stdout, stderr } = await bench('--snapshot', place, '--json', join(place, 'r.json'));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^polyfeat-fast: error: .*trades\.parquet cannot be read: /);
    expect(await contents(place)).toEqual(['trades.parquet']);
  });
});
