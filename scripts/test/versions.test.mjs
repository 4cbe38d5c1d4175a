import { describe, expect, it } from 'vitest';
import { crateFolders, packageFolders, parseManifest, readJson, readText } from './repository.mjs';

const { version, engines, license, repository } = readJson('package.json');
const packages = packageFolders().map((folder) => ({ folder, ...readJson(`${folder}/package.json`) }));
const ours = new Set(packages.map(({ name }) => name));

describe('one version everywhere', () => {
  it.each(packages)('$folder has it, and takes its siblings in it', (manifest) => {
    expect(manifest.version).toBe(version);
    const siblings = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      ([name]) => ours.has(name),
    );
    for (const [name, wanted] of siblings) expect(`${name}@${wanted}`).toBe(`${name}@${version}`);
  });

  it('is in package-lock.json', () => {
    const lock = readJson('package-lock.json');
    expect([lock.version, lock.packages[''].version]).toEqual([version, version]);
    for (const { folder } of packages)
      expect(`${folder} ${lock.packages[folder]?.version}`).toBe(`${folder} ${version}`);
  });

  it('is the workspace version of Cargo.toml, which every crate takes', () => {
    expect(parseManifest(readText('Cargo.toml')).workspace?.package?.['version']).toBe(version);
    for (const folder of crateFolders()) {
      expect(parseManifest(readText(`${folder}/Cargo.toml`)).package?.['version']).toEqual({
        workspace: true,
      });
    }
  });

  it.each(crateFolders())('%s has it in Cargo.lock', (folder) => {
    const name = folder.replace('crates/', '');
    expect(readText('Cargo.lock')).toContain(`name = "${name}"\nversion = "${version}"`);
  });

  it('asks for one Node version', () => {
    for (const manifest of packages) expect(manifest.engines).toEqual(engines);
  });

  it('is what the generated binding asks packages of platforms for', () => {
    const asked = readText('packages/native/binding.js').matchAll(/expected (\S+) but got/g);
    expect(new Set([...asked].map((match) => match[1]))).toEqual(new Set([version]));
  });

  it.each(packages.filter((manifest) => manifest.private !== true))(
    '$folder says where it is from, and under which licence it is public',
    (manifest) => {
      expect(manifest).toMatchObject({ license, publishConfig: { access: 'public' } });
      expect(manifest.repository).toEqual({ ...repository, directory: manifest.folder });
    },
  );

  it('is told by the changelog', () => {
    expect(readText('CHANGELOG.md')).toMatch(
      new RegExp(`^## \\[(Unreleased|${version.replaceAll('.', '\\.')})\\]`, 'm'),
    );
  });
});
