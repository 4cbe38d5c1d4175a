import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inRoot, root } from '../lib/paths.mjs';
import { runNpm } from '../lib/run.mjs';
import { trackedFiles } from './repository.mjs';

const files = await trackedFiles();

/** Hosts are put together here, so that this file does not hold what it looks for. */
const publicRegistries = [
  ['registry', 'npmjs', 'org'],
  ['registry', 'yarnpkg', 'com'],
  ['static', 'crates', 'io'],
  ['index', 'crates', 'io'],
  ['files', 'pythonhosted', 'org'],
  ['pypi', 'org'],
].map((parts) => parts.join('.'));

/** The registries that npm and cargo use on this machine, a mirror for one. */
async function localRegistries() {
  const npm = await runNpm(['config', 'get', 'registry'], { stdout: 'collect', silent: true });
  const cargoHome = process.env['CARGO_HOME'] ?? join(homedir(), '.cargo');
  const config = ['config.toml', 'config']
    .map((name) => join(cargoHome, name))
    .find((file) => existsSync(file));
  const text = `${npm.stdout}\n${config ? readFileSync(config, 'utf8') : ''}`;
  return [...text.matchAll(/https?:\/\/([^/\s"']+)/g)]
    .map((match) => match[1] ?? '')
    .filter((host) => host !== 'github.com');
}

/** Paths that only one machine has: home folders, and where this clone happens to be. */
function machinePaths() {
  const home = ['home', 'Users'].map((folder) => `[/\\\\]${folder}[/\\\\]\\w`);
  /** @param {string} path */
  const literal = (path) => path.replace(/[/\\]$/, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  // A clone directly under the root folder has too common a name to look for.
  const here = [homedir(), root].filter((path) => path.split(/[/\\]/).filter(Boolean).length > 1);
  return new RegExp([...home, '/root/', ...here.map((path) => `${literal(path)}\\b`)].join('|'));
}

/** @param {(text: string, file: string) => string | undefined} look */
function inEveryFile(look) {
  return (files ?? []).flatMap((file) => {
    // Text and binary alike: a Parquet file can hold the path of its writer.
    const found = look(readFileSync(inRoot(file), 'latin1'), file);
    return found === undefined ? [] : [`${file}: ${found}`];
  });
}

it.skipIf(!files)('no tracked file names a registry host', async () => {
  const hosts = [...new Set([...publicRegistries, ...(await localRegistries())])];
  expect(hosts.length).toBeGreaterThanOrEqual(publicRegistries.length);
  expect(inEveryFile((text) => hosts.find((host) => text.includes(host)))).toEqual([]);
});

it.skipIf(!files)('no tracked file names a path of one machine', () => {
  const pattern = machinePaths();
  const self = 'scripts/test/tracked-files.test.mjs';
  expect('see /' + 'home/someone/polyfeat').toMatch(pattern);
  expect(inEveryFile((text, file) => (file === self ? undefined : text.match(pattern)?.[0]))).toEqual([]);
});

it.skipIf(!files)('no tracked file is large, and no built file is tracked', () => {
  const limit = 1 << 20;
  const large = (files ?? []).filter((file) => statSync(inRoot(file)).size > limit);
  const built = (files ?? []).filter((file) => /(^|\/)(dist|target|node_modules)\/|\.node$/.test(file));
  expect([...large, ...built]).toEqual([]);
});
