import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { publicPackages } from '../lib/pack/stage.mjs';
import { inRoot } from '../lib/paths.mjs';
import { runPackage } from '../lib/run.mjs';
import { install, native, runIn, tarballs } from './install.mjs';

/** What a tarball may hold beside what every one does. @type {Record<string, RegExp>} */
const CONTENT = {
  'polyfeat-fast': /^(bin\/(polyfeat-fast\.js|package\.json)|dist\/main\.cjs|schema\/config\.json)$/,
  '@polyfeat/bench':
    /^(dist\/([\w-]+\/)*[\w-]+\.(js|d\.ts)|peers\/[\w-]+\.(mjs|py|sql)|results\.schema\.json)$/,
  '@polyfeat/native': /^(dist\/\w+\.(js|d\.ts)|binding\.(js|d\.ts))$/,
  library: /^dist\/([\w-]+\/)*[\w-]+\.(js|d\.ts)$/,
  platform: /^polyfeat\.[\w-]+\.node$/,
};

/** @param {string} name */
function allowedIn(name) {
  if (name.startsWith('@polyfeat/native-')) return CONTENT['platform'];
  return CONTENT[name] ?? CONTENT['library'];
}

it('there is one for each public package, and for the platform here', () => {
  const names = publicPackages().map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['polyfeat-fast', '@polyfeat/core', '@polyfeat/native']));
  const found = tarballs.map(({ name }) => name);
  expect(found.filter((name) => !name.startsWith('@polyfeat/native-')).sort()).toEqual(names.sort());
  expect(found.length - names.length).toBe(native ? 1 : 0);
});

describe.each(tarballs)('the tarball of $name', ({ name, file, files }) => {
  it('holds what is needed and nothing else', () => {
    const [always, others] = [
      files.filter((path) => /^(package\.json|README\.md|LICENSE)$/.test(path)),
      files.filter((path) => !/^(package\.json|README\.md|LICENSE)$/.test(path)),
    ];
    expect(always.sort()).toEqual(['LICENSE', 'README.md', 'package.json']);
    expect(others.filter((path) => !allowedIn(name)?.test(path))).toEqual([]);
    expect(others.length).toBeGreaterThan(0);
  });

  it('is what publint and arethetypeswrong take', async () => {
    expect(await runPackage('publint', ['run', file, '--strict'])).toMatchObject({ code: 0 });
    // A command and a binary have no types.
    if (name === 'polyfeat-fast' || name.startsWith('@polyfeat/native-')) return;
    const args = [file, '--profile', 'esm-only', '--no-emoji'];
    expect(await runPackage('@arethetypeswrong/cli', args, { stdout: 'stderr' })).toMatchObject({ code: 0 });
  });
});

describe('the manifests, as installed', async () => {
  const place = await install('manifests', {
    wants: tarballs.map(({ name }) => name),
    // The benchmark's peers are large; the platform's package is wanted by name.
    args: ['--omit=optional'],
  });
  const { version, engines, license, repository } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));

  it.each(tarballs)('$name', ({ name }) => {
    const file = join(place, 'node_modules', name, 'package.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8'));
    expect(manifest).toMatchObject({ name, version, engines, license, publishConfig: { access: 'public' } });
    expect(manifest.repository).toEqual({
      ...repository,
      directory: expect.stringMatching(/^packages\/\w+$/),
    });
    const { dependencies = {}, optionalDependencies = {} } = manifest;
    for (const [other, wanted] of Object.entries({ ...dependencies, ...optionalDependencies })) {
      if (/^(@polyfeat\/|polyfeat-fast$)/.test(other))
        expect(`${other} ${wanted}`).toBe(`${other} ${version}`);
    }
    const platforms = tarballs
      .map((tarball) => tarball.name)
      .filter((other) => other.startsWith('@polyfeat/native-'));
    const ours = Object.keys(optionalDependencies).filter((other) => other.startsWith('@polyfeat/'));
    expect(ours).toEqual(name === '@polyfeat/native' ? platforms : []);
  });

  it('nothing is missing and nothing is doubled', async () => {
    const { code, stdout } = await runIn(place, 'npm', ['ls', '--all', '--json']);
    expect({ code, problems: JSON.parse(stdout).problems ?? [] }).toEqual({ code: 0, problems: [] });
  });
});
