import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot, stateFolder } from './paths.mjs';
import { addCounts, countLibtest, countVitest } from './results.mjs';
import { run, runPackage, say } from './run.mjs';

/** @typedef {import('./results.mjs').Counts} Counts */

/**
 * Unit, property, golden and documentation tests of the crates, and those that turn one rule of visibility off and
 * want it noticed.
 * @returns {Promise<Counts>}
 */
async function testRust() {
  const args = ['test', '--workspace', '--features=polyfeat-snapshot/mutants', '--locked', '--no-fail-fast'];
  const { code, stdout } = await run('cargo', args, { stdout: 'tee' });
  return countLibtest(stdout, code);
}

/** One run of vitest. @param {string} config its file @returns {Promise<Counts>} */
async function testByVitest(config) {
  mkdirSync(stateFolder, { recursive: true });
  const report = join(stateFolder, 'vitest.json');
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code } = await runPackage('vitest', ['run', `--config=${inRoot(config)}`, ...reporters]);
  return countVitest(existsSync(report) ? readFileSync(report, 'utf8') : null, code);
}

/** The tests of what a release publishes: tarballs, installed and used as a user would. @returns {Promise<Counts>} */
export const testPacked = () => testByVitest('vitest.packed.config.ts');

/**
 * Runs every test of the repository, those of Rust when it is there.
 * @param {import('./setup.mjs').Setup} setup
 * @returns {Promise<Counts>}
 */
export async function runTests({ rust }) {
  const counts = [];
  if (rust) counts.push(await testRust());
  else say('Warning: the tests in Rust are left out, because no Rust toolchain was found.');
  // The packages, and the workspace's own rules.
  counts.push(await testByVitest('vitest.config.ts'));
  return addCounts(counts);
}
