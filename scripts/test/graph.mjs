import { relative, resolve } from 'node:path';
import ts from 'typescript';
import { inRoot } from '../lib/paths.mjs';
import { filesUnder } from '../lib/stamps.mjs';
import { parseManifest, readJson, readText } from './repository.mjs';

/**
 * @typedef {object} Unit an npm package or a crate
 * @property {string} name
 * @property {string[]} declared names of everything it depends on
 * @property {{ file: string, names: string[] }[]} imports npm names that its product files import
 */

/** What may depend on what of ours. A name that is missing here is no project of this repository. */
export const allowed = {
  '@polyfeat/reference': [],
  '@polyfeat/native': [],
  '@polyfeat/parquet': [],
  // Of `reference`: units, buckets, ISO 8601 and what presets mean, which need no second copy, and the PnL table.
  '@polyfeat/core': ['@polyfeat/native', '@polyfeat/parquet', '@polyfeat/reference'],
  '@polyfeat/bench': ['@polyfeat/core', '@polyfeat/native', '@polyfeat/parquet', '@polyfeat/reference'],
  // Of `bench` the command that loads it, when it is installed.
  'polyfeat-fast': ['@polyfeat/bench', '@polyfeat/core', '@polyfeat/reference'],
  polyfeat: [],
  'polyfeat-snapshot': ['polyfeat'],
  'polyfeat-table': ['polyfeat'],
  'polyfeat-bench': ['polyfeat-snapshot'],
  'polyfeat-node': ['polyfeat-bench', 'polyfeat-snapshot', 'polyfeat-table'],
};

/** Dependencies of others' that belong to one place. */
export const reserved = {
  'parquet-wasm': ['@polyfeat/parquet'],
  napi: ['polyfeat-node'],
  'napi-derive': ['polyfeat-node'],
  arrow: ['polyfeat-snapshot', 'polyfeat-bench'],
  parquet: ['polyfeat-snapshot', 'polyfeat-bench'],
};

/**
 * The specifiers that a TypeScript or JavaScript text imports: statically, dynamically, as types, by require.
 * @param {string} text
 */
export const importsOf = (text) =>
  ts.preProcessFile(text, true, true).importedFiles.map((file) => file.fileName);

/** The package of a specifier: `@a/b/c` is of `@a/b`. @param {string} specifier */
const packageOf = (specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

/** The TypeScript and JavaScript files of a folder of the repository. @param {string} folder */
const codeFiles = (folder) => filesUnder(inRoot(folder)).filter((file) => /\.[cm]?[jt]s$/.test(file));

/** @param {string} folder @returns {Unit} */
export function readPackage(folder) {
  const manifest = readJson(`${folder}/package.json`);
  const kinds = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];
  const product = [...codeFiles(`${folder}/src`), ...codeFiles(`${folder}/bin`)];
  return {
    name: manifest.name,
    declared: kinds.flatMap((kind) => Object.keys(manifest[kind] ?? {})),
    imports: product
      .filter((file) => !file.endsWith('.test.ts'))
      .map((file) => {
        const path = relative(inRoot(), file).replaceAll('\\', '/');
        const outside = importsOf(readText(path)).filter((name) => !/^(\.|node:)/.test(name));
        return { file: path, names: outside.map(packageOf) };
      }),
  };
}

/**
 * Everything that a Cargo.toml depends on: for the library, its tests, its build script, on any platform.
 * @param {import('./repository.mjs').Table} manifest
 * @returns {string[]}
 */
export function cargoDependencies(manifest) {
  return Object.entries(manifest).flatMap(([key, value]) => {
    if (/^((dev|build)-)?dependencies$/.test(key)) return Object.keys(Object(value));
    return key === 'target' ? Object.values(Object(value)).flatMap(cargoDependencies) : [];
  });
}

/** @param {string} folder @returns {Unit} */
export function readCrate(folder) {
  const manifest = parseManifest(readText(`${folder}/Cargo.toml`));
  return { name: String(manifest.package?.['name']), declared: cargoDependencies(manifest), imports: [] };
}

/**
 * Where a project breaks the rule: one sentence for each.
 * @param {Unit} unit
 * @returns {string[]}
 */
export function violations({ name, declared, imports }) {
  /** @type {Record<string, string[]>} */
  const rule = allowed;
  /** @type {Record<string, string[]>} */
  const places = reserved;
  const mine = rule[name];
  if (!mine) return [`${name} is not in the rule`];
  /** @param {string} other */
  const forbidden = (other) =>
    (other in rule && other !== name && !mine.includes(other)) || places[other]?.includes(name) === false;
  const found = declared.filter(forbidden).map((other) => `${name} depends on ${other}`);
  for (const { file, names } of imports) {
    for (const other of names) {
      if (forbidden(other)) found.push(`${file} imports ${other}`);
      else if (!declared.includes(other))
        found.push(`${file} imports ${other}, which its package does not declare`);
    }
  }
  return found;
}

/**
 * Files of a package, tests included, that reach into another folder by a relative import.
 * @param {string} folder
 */
export function escapes(folder) {
  return codeFiles(folder)
    .filter((file) => !/[\\/]dist[\\/]/.test(file))
    .flatMap((file) => {
      const path = relative(inRoot(), file);
      return importsOf(readText(path))
        .filter(
          (name) =>
            name.startsWith('.') && relative(inRoot(folder), resolve(file, '..', name)).startsWith('..'),
        )
        .map((name) => `${path} imports ${name}`);
    });
}
