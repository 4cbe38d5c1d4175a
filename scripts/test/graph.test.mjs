import { describe, expect, it } from 'vitest';
import {
  allowed,
  cargoDependencies,
  escapes,
  importsOf,
  readCrate,
  readPackage,
  violations,
} from './graph.mjs';
import { crateFolders, packageFolders, parseManifest, readJson } from './repository.mjs';

const packages = packageFolders().map(readPackage);
const crates = crateFolders().map(readCrate);

describe('who may depend on whom', () => {
  it('knows every project and no other', () => {
    const names = [...packages, ...crates].map((unit) => unit.name);
    expect(names.sort()).toEqual(Object.keys(allowed).sort());
  });

  it.each([...packages, ...crates])('$name keeps the rule', (unit) => {
    expect(violations(unit)).toEqual([]);
  });

  it.each(packageFolders())('%s imports no file of another folder', (folder) => {
    expect(escapes(folder)).toEqual([]);
  });

  it('builds the native module from polyfeat-node', () => {
    const project = readJson('packages/native/project.json');
    expect(project.implicitDependencies).toEqual(['polyfeat-node']);
    expect(project.targets.build.command).toContain('crates/polyfeat-node/Cargo.toml');
  });

  it.each(crateFolders())('%s tells nx what its Cargo.toml says', (folder) => {
    const ours = readCrate(folder).declared.filter((name) => name in allowed);
    expect(readJson(`${folder}/project.json`).implicitDependencies.sort()).toEqual([...new Set(ours)].sort());
  });
});

describe('the rule itself', () => {
  it('finds a forbidden dependency', () => {
    const unit = { name: '@polyfeat/reference', declared: ['@polyfeat/core'], imports: [] };
    expect(violations(unit)).toEqual(['@polyfeat/reference depends on @polyfeat/core']);
  });

  it('finds a forbidden and an undeclared import', () => {
    const imports = [{ file: 'a.ts', names: ['@polyfeat/reference', 'parquet-wasm', 'left-pad'] }];
    expect(violations({ name: '@polyfeat/native', declared: [], imports })).toEqual([
      'a.ts imports @polyfeat/reference',
      'a.ts imports parquet-wasm',
      'a.ts imports left-pad, which its package does not declare',
    ]);
  });

  it('keeps Arrow and Node out of the kernels', () => {
    const unit = { name: 'polyfeat', declared: ['arrow', 'napi', 'proptest'], imports: [] };
    expect(violations(unit)).toEqual(['polyfeat depends on arrow', 'polyfeat depends on napi']);
  });

  it('sees imports of every form', () => {
    const text = `import a from 'a'; import type { B } from 'b'; export * from 'c'; import 'd'; await import('e');`;
    expect(importsOf(text)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('reads the dependencies of a Cargo.toml', () => {
    const text =
      '[dependencies]\na.workspace = true\n[build-dependencies]\nb = "1"\n[target.x.dev-dependencies]\nc = "1"\n';
    expect(cargoDependencies(parseManifest(text))).toEqual(['a', 'b', 'c']);
  });
});
