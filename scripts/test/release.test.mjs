import { describe, expect, it } from 'vitest';
import { bumped } from '../lib/release/bump.mjs';
import { crateFolders, packageFolders, parseManifest, readJson, readText } from './repository.mjs';

const { version } = readJson('package.json');
const bump = {
  ...{ from: version, to: '98.7.6', date: '2026-01-31' },
  packages: packageFolders().map((folder) => readJson(`${folder}/package.json`).name),
  crates: crateFolders().map((folder) => folder.replace('crates/', '')),
};

/** A file of the repository as a release would have it. @param {string} path */
const released = (path) => bumped(path, readText(path), bump);

describe('a release', () => {
  it.each([...packageFolders(), '.', 'docs/examples'])('gives %s its version', (folder) => {
    const path = `${folder}/package.json`;
    const manifest = JSON.parse(released(path));
    expect(manifest.version).toBe('98.7.6');
    for (const [name, wanted] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
      if (bump.packages.includes(name)) expect(`${name} ${wanted}`).toBe(`${name} 98.7.6`);
    }
    // Nothing else is changed: what is put back is the file.
    expect(bumped(path, released(path), { ...bump, from: '98.7.6', to: version })).toBe(readText(path));
  });

  it('gives it to the lock files and to Cargo.toml', () => {
    const lock = JSON.parse(released('package-lock.json'));
    expect([lock.version, lock.packages[''].version]).toEqual(['98.7.6', '98.7.6']);
    for (const folder of packageFolders()) expect(lock.packages[folder].version).toBe('98.7.6');
    expect(parseManifest(released('Cargo.toml')).workspace?.package?.['version']).toBe('98.7.6');
    for (const crate of bump.crates) {
      expect(released('Cargo.lock')).toContain(`name = "${crate}"\nversion = "98.7.6"`);
    }
  });

  it('gives it to the generated binding, as the next build would', () => {
    const path = 'packages/native/binding.js';
    const text = released(path);
    expect(text).toContain("!== '98.7.6'");
    expect(text).toContain('expected 98.7.6 but got');
    expect(text).not.toContain(version);
    expect(text.replaceAll('98.7.6', version)).toBe(readText(path));
  });

  it('gives it to what the README shows', () => {
    const text = released('README.md');
    expect(text).toContain('\npolyfeat-fast 98.7.6\n');
    expect(text).toContain('@polyfeat/core 98.7.6, ');
    expect(text).not.toContain(version);
  });

  it('closes the section of the changelog, and opens the next', () => {
    expect(released('CHANGELOG.md')).toContain('\n## [Unreleased]\n\n## [98.7.6] - 2026-01-31\n');
  });

  it('stops at a file that does not have the old version', () => {
    expect(() => bumped('Cargo.toml', '[workspace.package]\nversion = "0.0.1"\n', bump)).toThrow(
      `version ${version} of the workspace in Cargo.toml was not found`,
    );
    expect(() => bumped('CHANGELOG.md', '# Changelog\n', bump)).toThrow('was not found');
    expect(() => bumped('LICENSE', '', bump)).toThrow('nobody knows where LICENSE has its version');
  });
});
