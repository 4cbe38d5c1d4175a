import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folder, install, launcherIn, native, runIn, snapshot, tarballs } from './install.mjs';

const platform = tarballs.find(({ name }) => name.startsWith('@polyfeat/native-'))?.name ?? '';

describe('polyfeat-fast, installed from the tarballs', async () => {
  const place = await install('command', { wants: ['polyfeat-fast'] });

  it.runIf(native)('builds a snapshot by npx with the native engine', async () => {
    const { code, stdout, stderr } = await runIn(place, 'npx', [
      ...[
        '--no',
        '--',
        'polyfeat-fast',
        'build',
        snapshot,
        '-o',
        'features.parquet',
        '--engine',
        'native',
        '--json',
      ],
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ engine: 'native', rows: 3973 });
    expect(existsSync(join(place, 'features.parquet'))).toBe(true);
  });

  it.runIf(native)('finds that both engines agree', async () => {
    const { code, stdout } = await runIn(place, process.execPath, [launcherIn(place), 'verify', snapshot]);
    expect(code).toBe(0);
    expect(stdout).toContain('the engines agree in every value');
  });

  it('shows its version and help', async () => {
    const { version } = JSON.parse(readFileSync(join(launcherIn(place), '../../package.json'), 'utf8'));
    expect((await runIn(place, process.execPath, [launcherIn(place), '--version'])).stdout).toContain(
      version,
    );
    expect((await runIn(place, 'npx', ['--no', 'polyfeat-fast'])).stdout).toContain('polyfeat-fast build');
  });

  it.runIf(native)('says that a binary is of another version, and works without it', async () => {
    const copy = join(folder, 'other-version');
    cpSync(place, copy, { recursive: true });
    const manifest = join(copy, 'node_modules/@polyfeat/native/package.json');
    writeFileSync(
      manifest,
      readFileSync(manifest, 'utf8').replace(/"version": "[^"]+"/, '"version": "99.0.0"'),
    );
    const { code, stdout, stderr } = await runIn(copy, process.execPath, [
      ...[launcherIn(copy), 'inspect', snapshot, '--json'],
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { engine, warnings } = JSON.parse(stdout);
    expect(engine).toBe('ts');
    expect(warnings[0].message).toMatch(/it is of version \S+, and @polyfeat\/native of version 99\.0\.0/);
  });

  it.runIf(native)('says in one line that a binary does not load', async () => {
    const copy = join(folder, 'broken');
    cpSync(place, copy, { recursive: true });
    const binary = join(copy, 'node_modules', platform, platform.replace('@polyfeat/native-', 'polyfeat.'));
    writeFileSync(`${binary}.node`, 'not what it was');
    const { code, stderr } = await runIn(copy, process.execPath, [
      ...[launcherIn(copy), 'inspect', snapshot, '--engine', 'native'],
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^polyfeat-fast: error: no native binary loads on [^\n]+\n$/);
    const { code: sick, stdout } = await runIn(copy, process.execPath, [
      launcherIn(copy),
      'doctor',
      '--json',
    ]);
    expect(sick).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ engine: { engine: 'ts', native: { state: 'broken' } } });
  });
});

describe('polyfeat-fast without the package of the platform', async () => {
  const place = await install('fallback', { wants: ['polyfeat-fast'], args: ['--omit=optional'] });
  const call = [launcherIn(place), 'build', snapshot, '-o', join(place, 'features.parquet')];

  it('is what npm was told to install', () => {
    expect(existsSync(join(place, 'node_modules/@polyfeat/native'))).toBe(true);
    expect(existsSync(join(place, 'node_modules', platform, 'package.json'))).toBe(false);
  });

  it('builds with the TypeScript engine, and warns in one line', async () => {
    const { code, stderr } = await runIn(place, process.execPath, call);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^polyfeat-fast: warning: the TypeScript engine is used[^\n]*\n$/);
    expect(stderr).toMatch(/the package @polyfeat\/native-[\w-]+ is not installed/);
  });

  it.each([
    [['--engine', 'native'], {}],
    [[], { POLYFEAT_ENGINE: 'native' }],
  ])('fails in one line with %j %j', async (args, env) => {
    const { code, stdout, stderr } = await runIn(place, process.execPath, [...call, ...args], { env });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^polyfeat-fast: error: no native binary loads on [^\n]+\n$/);
    expect(stderr).toMatch(/the package @polyfeat\/native-[\w-]+ is not installed/);
  });

  it('says nothing when that engine is asked for', async () => {
    const env = { POLYFEAT_ENGINE: 'ts' };
    expect(await runIn(place, process.execPath, call, { env })).toMatchObject({ code: 0, stderr: '' });
  });
});
