import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GLIBC_FLOOR, glibcOf, hasSymbols, librariesOf, OLD_CPU, sectionsOf } from '../lib/pack/binary.mjs';
import { inRoot } from '../lib/paths.mjs';
import { run } from '../lib/run.mjs';
import { install, launcherIn, native, runIn, snapshot, tarballs } from './install.mjs';

const linux = native && process.platform === 'linux' && process.arch === 'x64';
const emulator = (await run('qemu-x86_64', ['--version'], { stdout: 'collect', silent: true })).code === 0;
if (linux && !emulator) {
  console.warn('no qemu-x86_64 (apt-get install qemu-user): an old processor is not tried');
}

describe.skipIf(!linux)('the binary for linux-x64-gnu', async () => {
  const place = linux ? await install('binary', { wants: ['polyfeat-fast'] }) : '';
  const name = tarballs.find((tarball) => tarball.name.startsWith('@polyfeat/native-'))?.name ?? '';
  const folder = join(place, 'node_modules', name);
  const file = linux ? join(folder, readdirSync(folder).find((entry) => entry.endsWith('.node')) ?? '') : '';

  it('needs no newer glibc than is promised', async () => {
    const needed = await glibcOf(file);
    expect(needed).toMatch(/^2\.\d+$/);
    expect(Number(needed?.slice(2))).toBeLessThanOrEqual(Number(GLIBC_FLOOR.slice(2)));
    expect(readFileSync(inRoot('packages/native/README.md'), 'utf8')).toContain(
      `glibc ${GLIBC_FLOOR} or newer`,
    );
  });

  it('needs no library but those of the C runtime', async () => {
    const known = /^(libc|libm|libdl|libpthread|libgcc_s|ld-linux-x86-64)\.so\.\d+$/;
    const libraries = await librariesOf(file);
    expect(libraries).toContain('libc.so.6');
    expect(libraries.filter((library) => !known.test(library))).toEqual([]);
  });

  it('is stripped', async () => {
    const sections = await sectionsOf(file);
    expect(sections).toContain('.text');
    expect(sections.filter((section) => section.startsWith('.debug'))).toEqual([]);
    expect(await hasSymbols(file)).toBe(false);
    expect(statSync(file).size).toBeLessThan(24e6);
  });

  it.skipIf(!emulator)('builds and reads a snapshot on a processor of 2006', async () => {
    const launch = ['-cpu', OLD_CPU, process.execPath, launcherIn(place)];
    const call = ['build', snapshot, '-o', 'old.parquet', '--engine', 'native', '--json'];
    const built = await runIn(place, 'qemu-x86_64', [...launch, ...call]);
    expect({ code: built.code, stderr: built.stderr }).toEqual({ code: 0, stderr: '' });
    const here = ['build', snapshot, '-o', 'here.parquet', '--engine', 'native', '--json'];
    expect((await runIn(place, process.execPath, [launcherIn(place), ...here])).code).toBe(0);
    const compared = await runIn(place, 'qemu-x86_64', [
      ...[...launch, 'compare', 'old.parquet', 'here.parquet', '--engine', 'native'],
    ]);
    expect(compared).toMatchObject({ code: 0, stderr: '' });
  });
});
