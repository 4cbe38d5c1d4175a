import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nativeInputs } from '../lib/build.mjs';
import { installDifference } from '../lib/install.mjs';
import { inRoot } from '../lib/paths.mjs';
import { run } from '../lib/run.mjs';
import { filesUnder, fingerprint } from '../lib/stamps.mjs';
import { readJson, trackedFiles } from './repository.mjs';

describe('installDifference', () => {
  const a = { version: '1.0.0', integrity: 'sha512-a' };
  const lock = { packages: { '': {}, 'packages/core': {}, 'node_modules/a': a } };

  it('is null for what npm ci leaves', () => {
    expect(installDifference(lock, { packages: { 'node_modules/a': a, 'packages/core': {} } })).toBeNull();
  });

  it('names a package that is missing, differs or is too many', () => {
    const newer = { ...a, version: '1.0.1' };
    expect(installDifference(lock, { packages: {} })).toBe('node_modules/a is missing');
    expect(installDifference(lock, { packages: { 'node_modules/a': newer } })).toBe('node_modules/a differs');
    expect(installDifference({}, lock)).toBe('node_modules/a is not in package-lock.json');
  });

  it('lets a package for another platform be missing', () => {
    const wanted = { packages: { 'node_modules/a': { ...a, optional: true } } };
    expect(installDifference(wanted, { packages: {} })).toBeNull();
  });
});

describe('fingerprint', () => {
  const time = new Date('2026-01-01T00:00:00Z');
  let folder = '';
  /** @param {string} name @param {string} text */
  const write = (name, text) => {
    writeFileSync(join(folder, name), text);
    utimesSync(join(folder, name), time, time);
  };
  const now = (/** @type {string[]} */ ...facts) => fingerprint(filesUnder(folder), facts);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'polyfeat-stamps-'));
    mkdirSync(join(folder, 'src', 'deep'), { recursive: true });
    write('src/a.rs', 'a');
    write('src/deep/b.rs', 'b');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('stays while nothing changes', () => {
    const before = now('rustc 1');
    expect(now('rustc 1')).toBe(before);
  });

  it('changes with a size, a time, a name, a new file, a lost file and a fact', () => {
    const seen = new Set([now()]);
    write('src/deep/b.rs', 'bb');
    seen.add(now());
    utimesSync(join(folder, 'src/a.rs'), time, new Date(time.getTime() + 1));
    seen.add(now());
    write('c.rs', '');
    seen.add(now());
    rmSync(join(folder, 'src/a.rs'));
    seen.add(now());
    seen.add(now('RUSTFLAGS'));
    expect(seen.size).toBe(6);
  });

  it('does not look into build folders, and takes a missing path as empty', () => {
    const before = now();
    mkdirSync(join(folder, 'target'));
    write('target/x', 'x');
    expect(now()).toBe(before);
    expect(filesUnder(join(folder, 'nowhere'))).toEqual([]);
  });
});

describe('run', () => {
  it('gives the exit code, 127 for a missing program, and what was printed', async () => {
    const script = 'process.stdout.write("out"); process.exitCode = 3;';
    expect(await run(process.execPath, ['-e', script], { stdout: 'collect' })).toEqual({
      code: 3,
      stdout: 'out',
    });
    expect((await run('polyfeat-no-such-program', [], { silent: true })).code).toBe(127);
  });
});

describe('inputs of the native build', () => {
  it('are spelled out for nx', () => {
    const { rust } = readJson('nx.json').namedInputs;
    expect(rust).toEqual(
      expect.arrayContaining([
        '{workspaceRoot}/crates/**/*.rs',
        '{workspaceRoot}/crates/**/Cargo.toml',
        '{workspaceRoot}/Cargo.toml',
        '{workspaceRoot}/Cargo.lock',
        '{workspaceRoot}/rust-toolchain.toml',
        '{workspaceRoot}/.cargo/config.toml',
        { runtime: 'rustc -vV' },
        { env: 'RUSTFLAGS' },
      ]),
    );
  });

  it('are watched by the set-up: every Rust source and manifest', async ({ skip }) => {
    const files = await trackedFiles();
    if (!files) return skip('not a git repository');
    const rust = files.filter((file) => /\.rs$|(^|\/)Cargo\.(toml|lock)$|^rust-toolchain\.toml$/.test(file));
    expect(rust.length).toBeGreaterThan(10);
    expect(nativeInputs()).toEqual(expect.arrayContaining(rust.map((file) => inRoot(file))));
  });

  it('and its outputs hold no build folder', () => {
    const { build } = readJson('packages/native/project.json').targets;
    expect(build.outputs).toEqual([
      '{projectRoot}/*.node',
      '{projectRoot}/binding.js',
      '{projectRoot}/binding.d.ts',
    ]);
    expect(build.parallelism).toBe(false);
  });
});
