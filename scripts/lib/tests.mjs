import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stateFolder } from './paths.mjs';
import { addCounts, countLibtest, countVitest } from './results.mjs';
import { run, runPackage, say } from './run.mjs';

/** @typedef {import('./results.mjs').Counts} Counts */

/** Unit, property, golden and documentation tests of the crates. @returns {Promise<Counts>} */
async function testRust() {
  const args = ['test', '--workspace', '--locked', '--no-fail-fast'];
  const { code, stdout } = await run('cargo', args, { stdout: 'tee' });
  return countLibtest(stdout, code);
}

/** Every vitest project: the packages, and the workspace's own rules. @returns {Promise<Counts>} */
async function testTypeScript() {
  mkdirSync(stateFolder, { recursive: true });
  const report = join(stateFolder, 'vitest.json');
  rmSync(report, { force: true });
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code } = await runPackage('vitest', args);
  return countVitest(existsSync(report) ? readFileSync(report, 'utf8') : null, code);
}

/**
 * Runs every test of the repository, those of Rust when it is there.
 * @param {import('./setup.mjs').Setup} setup
 * @returns {Promise<Counts>}
 */
export async function runTests({ rust }) {
  const counts = [];
  if (rust) counts.push(await testRust());
  else say('Warning: the tests in Rust are left out, because no Rust toolchain was found.');
  counts.push(await testTypeScript());
  return addCounts(counts);
}
