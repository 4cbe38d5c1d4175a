import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SNAPSHOT, start } from './support/cli.js';
import { engines, nativeAvailable } from './support/engines.js';
import { contents, folder } from './support/folder.js';

const OLD = 'what was there before';

/** A snapshot that takes a while: the bundled one, both its tables repeated in parts of 4,000 rows. */
async function longSnapshot(parts: number): Promise<string> {
  const path = join(await folder(), 'long');
  for (const table of ['trades', 'market_trades']) {
    const parted = join(path, `${table}.parquet`);
    await mkdir(parted, { recursive: true });
    for (let part = 0; part < parts; part++) {
      await symlink(
        join(SNAPSHOT, `${table}.parquet`),
        join(parted, `${String(part).padStart(4, '0')}.parquet`),
      );
    }
  }
  return path;
}

describe.each(engines)('Ctrl-C with the %s engine', (engine) => {
  const started = async () => {
    const target = await folder();
    const out = join(target, 'features.parquet');
    await writeFile(out, OLD);
    const snapshot = await longSnapshot(engine === 'native' ? 120 : 12);
    const running = start(['build', snapshot, '-o', out, '--engine', engine, '--progress', 'always']);
    // The first line of progress: the job is at work.
    await running.says('%');
    return { ...running, out, target };
  };

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends with 130 on %s and leaves everything as it was',
    async (signal) => {
      const { child, ended, out, target } = await started();
      child.kill(signal);
      const { code, stdout, stderr } = await ended;
      expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
      expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^polyfeat-fast: error: /);
      expect(stderr).not.toContain('    at ');
      expect(await readFile(out, 'utf8')).toBe(OLD);
      expect(await contents(target)).toEqual(['features.parquet']);
    },
  );

  it('ends at once on the second one, and leaves the old file', async () => {
    const { child, ended, out } = await started();
    child.kill('SIGINT');
    await setTimeout(5);
    child.kill('SIGINT');
    const { code, signal } = await ended;
    // By the signal itself, which a shell reports as 130; or the clean-up was quicker.
    expect(code === 130 || signal === 'SIGINT').toBe(true);
    expect(await readFile(out, 'utf8')).toBe(OLD);
  });
});

describe.runIf(nativeAvailable)('Ctrl-C in the midst of 1.2 million trades and as many prints', () => {
  const MANY = 300;

  // Just after these phases. After the summary the file is written, which takes seconds.
  it.each([
    ['keys', []],
    ['tape', []],
    ['tape', ['--memory', '400M']],
    ['features', ['--threads', '1']],
    ['summary', []],
    ['summary', ['--threads', '1', '--memory', '400M']],
  ])('after %s with %j ends with 130 and leaves everything as it was', async (phase, args) => {
    const target = await folder();
    const out = join(target, 'features.parquet');
    await writeFile(out, OLD);
    const call = ['build', await longSnapshot(MANY), '-o', out, '--engine', 'native', '--progress', 'always'];
    const { child, ended, says } = start([...call, ...args]);
    await says(`\n${phase} `);
    if (phase === 'summary') await setTimeout(200);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^polyfeat-fast: error: stopped/);
    expect(await readFile(out, 'utf8')).toBe(OLD);
    expect(await contents(target)).toEqual(['features.parquet']);
  });
});
