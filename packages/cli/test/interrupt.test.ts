import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SNAPSHOT, start } from './support/cli.js';
import { engines } from './support/engines.js';
import { contents, folder } from './support/folder.js';

const OLD = 'what was there before';

/** A snapshot that takes a while: the bundled one, its tape repeated in parts. */
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
    setTimeout(() => child.kill('SIGINT'), 5);
    const { code, signal } = await ended;
    // By the signal itself, which a shell reports as 130; or the clean-up was quicker.
    expect(code === 130 || signal === 'SIGINT').toBe(true);
    expect(await readFile(out, 'utf8')).toBe(OLD);
  });
});
