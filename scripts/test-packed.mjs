// npm run test:packed: packs what a release publishes, installs it from the tarballs into empty folders, and uses it there,
// on every version of Node that is promised. The last line is the sum.
import { runMain, setUp } from './lib/setup.mjs';
import { testPacked } from './lib/tests.mjs';

await runMain(async () => {
  await setUp();
  const { passed, failed } = await testPacked();
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});
