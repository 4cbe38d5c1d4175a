// npm run ready and .ci/run: sets up, runs every check, then every test, those of the tarballs too. Nothing stops at the first failure.
// The last line is the sum over all test runners; the exit code also tells of the checks.
import { checks } from './lib/checks.mjs';
import { addCounts } from './lib/results.mjs';
import { say, stopwatch } from './lib/run.mjs';
import { runMain, setUp } from './lib/setup.mjs';
import { runTests, testPacked } from './lib/tests.mjs';

/** @param {import('./lib/setup.mjs').Setup} setup @returns {Promise<string[]>} what failed */
async function runChecks({ rust }) {
  const failures = [];
  for (const check of checks) {
    if (check.rust && !rust) {
      say(`- ${check.name}: left out, no Rust toolchain`);
      continue;
    }
    const time = stopwatch();
    const { code } = await check.run();
    say(`${code === 0 ? '✓' : '✗'} ${check.name} (${time()})`);
    if (code !== 0) failures.push(`${check.name}: ${check.fix}`);
  }
  return failures;
}

await runMain(async () => {
  const setup = await setUp();
  const failures = await runChecks(setup);
  const time = stopwatch();
  const { passed, failed } = addCounts([await runTests(setup), await testPacked()]);
  say(`Tests took ${time()}.`);
  for (const failure of failures) say(`✗ ${failure}`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && failures.length === 0 ? 0 : 1;
});
