// npm start: sets up a clone, then builds the features of the bundled snapshot.
// Arguments after `--` go to `polyfeat-fast build`.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot, stateFolder } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { runMain, setUp } from './lib/setup.mjs';

const snapshot = join('test-data', 'snapshots', 'r61276aba-20260227T092000+0000');
const out = join('.polyfeat', 'features.parquet');

await runMain(async () => {
  await setUp();
  mkdirSync(stateFolder, { recursive: true });
  const command = inRoot('packages', 'cli', 'bin', 'polyfeat-fast.js');
  const extra = process.argv.slice(2);
  return (await run(process.execPath, [command, 'build', snapshot, '--out', out, ...extra])).code;
});
