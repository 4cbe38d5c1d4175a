import { readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, SNAPSHOT } from './support/cli.js';
import { nativeAvailable } from './support/engines.js';
import { contents, folder } from './support/folder.js';

const built = async (engine: string, args: readonly string[]) => {
  const out = join(await folder(), 'f.parquet');
  const ended = await cli(['build', SNAPSHOT, '-o', out, '--engine', engine, ...args]);
  return { ...ended, out };
};

describe.runIf(nativeAvailable)('--threads and --memory with the native engine', () => {
  it('do not change one byte of the file', async () => {
    const files = await Promise.all(
      [[], ['--threads', '1'], ['--threads=3', '--memory', '512M'], ['--memory', '16G']].map(async (args) => {
        const { code, stderr, out } = await built('native', [...args, '--quiet']);
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        return readFile(out);
      }),
    );
    for (const file of files) expect(file.equals(files[0] as Buffer)).toBe(true);
  });

  it('are shown by --json: as given, else the default bound', async () => {
    const given = await built('native', ['--json', '--threads', '2', '--memory', '1.5GiB']);
    const { options, warnings } = JSON.parse(given.stdout);
    expect({ options, warnings }).toMatchObject({
      options: { threads: 2, memory: 1.5 * 2 ** 30 },
      warnings: [],
    });
    const { threads, memory } = JSON.parse((await built('native', ['--json'])).stdout).options;
    expect(threads).toBeNull();
    expect(memory).toBeGreaterThan(0);
    expect(memory).toBeLessThanOrEqual(0.6 * totalmem());
  });

  it('too little memory is refused, with what is needed, and leaves nothing', async () => {
    const { code, stdout, stderr, out } = await built('native', ['--memory', '1M', '--json']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const { error } = JSON.parse(stderr);
    expect(error.code).toBe('OUT_OF_MEMORY');
    const needed = /needs (\d+M)/.exec(error.message)?.[1] as string;
    expect(await contents(join(out, '..'))).toEqual([]);
    expect(await built('native', ['--memory', needed, '--quiet'])).toMatchObject({ code: 0, stderr: '' });
  });

  it('verify takes them for its native side', async () => {
    const call = ['verify', SNAPSHOT, '--threads', '2', '--memory', '800MB', '--json'];
    const { code, stdout } = await cli(call);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).options).toMatchObject({ threads: 2, memory: 800e6 });
    const little = await cli(['verify', SNAPSHOT, '--memory', '1M', '--json']);
    expect({ code: little.code, error: JSON.parse(little.stderr).error.code }).toEqual({
      code: 1,
      error: 'OUT_OF_MEMORY',
    });
  });
});

describe('--threads and --memory with the TypeScript engine', () => {
  it('are said not to be used', async () => {
    const { code, stderr } = await built('ts', ['--threads', '2', '--memory', '1G']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^polyfeat-fast: warning: --threads and --memory are not used: [^\n]+\n$/);
    const report = JSON.parse((await built('ts', ['--threads', '2', '--json'])).stdout);
    expect(report.warnings).toEqual([
      { code: 'resources_unused', message: expect.stringMatching(/^--threads is not used: /) },
    ]);
    expect(report.options).toMatchObject({ threads: 2, memory: null });
  });

  it('are no matter where they are not given', async () => {
    const report = JSON.parse((await built('ts', ['--json'])).stdout);
    expect(report.warnings).toEqual([]);
    expect(report.options).toMatchObject({ threads: null, memory: null });
  });
});
