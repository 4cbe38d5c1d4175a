// npm test: sets up a clone, then runs every test. The last line is the sum over all runners.
import { runMain, setUp } from './lib/setup.mjs';
import { runTests } from './lib/tests.mjs';

await runMain(async () => {
  const { passed, failed } = await runTests(await setUp());
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});
