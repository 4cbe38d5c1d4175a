import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { platformOf, publicPackages, stagePackages } from '../lib/pack/stage.mjs';
import { readJson, readText } from './repository.mjs';

const folder = mkdtempSync(join(tmpdir(), 'polyfeat-stage-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { version, napi } = readJson('packages/native/package.json');
/** @type {string[]} */
const platforms = napi.targets.map(platformOf);

/** A folder of native modules that are none. @param {string} name @param {readonly string[]} of */
function binaries(name, of) {
  const place = join(folder, name);
  mkdirSync(place);
  for (const platform of of) writeFileSync(join(place, `polyfeat.${platform}.node`), platform);
  return place;
}

/** @param {string} path */
const manifestIn = (path) => JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));

describe('packages as they are published', async () => {
  const options = { binaries: binaries('all', platforms), allPlatforms: true };
  const staged = await stagePackages(join(folder, 'stage'), options);
  const manifests = staged.map(manifestIn);
  const names = manifests.map(({ name }) => name);

  it('are the public ones, and one for each platform', () => {
    const native = platforms.map((platform) => `@polyfeat/native-${platform}`);
    expect([...names].sort()).toEqual([...publicPackages().map(({ name }) => name), ...native].sort());
    expect(platforms).toHaveLength(7);
  });

  it('come after what they depend on', () => {
    for (const [i, { name, dependencies = {}, optionalDependencies = {} }] of manifests.entries()) {
      const needed = Object.keys({ ...dependencies, ...optionalDependencies });
      for (const other of needed.filter((one) => names.includes(one))) {
        expect(`${name} after ${other}: ${names.indexOf(other) < i}`).toBe(`${name} after ${other}: true`);
      }
    }
  });

  it.each([
    ['linux-x64-gnu', { os: ['linux'], cpu: ['x64'], libc: ['glibc'] }],
    ['linux-arm64-musl', { os: ['linux'], cpu: ['arm64'], libc: ['musl'] }],
    ['darwin-arm64', { os: ['darwin'], cpu: ['arm64'] }],
    ['win32-x64-msvc', { os: ['win32'], cpu: ['x64'] }],
  ])('of %s only that platform takes', (platform, wanted) => {
    const place = staged[names.indexOf(`@polyfeat/native-${platform}`)] ?? '';
    const file = `polyfeat.${platform}.node`;
    expect(manifestIn(place)).toMatchObject({ ...wanted, version, main: file, files: [file] });
    expect(readFileSync(join(place, file), 'utf8')).toBe(platform);
    expect(readdirSync(place)).toContain('LICENSE');
  });

  it('of the binding takes them all, in its own version', () => {
    const { optionalDependencies } = manifests[names.indexOf('@polyfeat/native')];
    const wanted = platforms.map((platform) => [`@polyfeat/native-${platform}`, version]);
    expect(optionalDependencies).toEqual(Object.fromEntries(wanted));
  });

  it('are not made when the binary of a platform is missing', async () => {
    const some = { binaries: binaries('some', platforms.slice(1)), allPlatforms: true };
    await expect(stagePackages(join(folder, 'incomplete'), some)).rejects.toThrow('napi artifacts failed');
  });
});

it('the page of the binding names every platform', () => {
  const page = readText('packages/native/README.md');
  for (const platform of platforms) expect(page).toContain(`\`@polyfeat/native-${platform}\``);
});
