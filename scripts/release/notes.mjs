// node scripts/release/notes.mjs: prints what the changelog says of the version that package.json has.
import { readFileSync } from 'node:fs';
import { inRoot } from '../lib/paths.mjs';
import { notesOf } from '../lib/release/notes.mjs';
import { runMain } from '../lib/setup.mjs';

await runMain(async () => {
  const { version } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  console.log(notesOf(readFileSync(inRoot('CHANGELOG.md'), 'utf8'), version));
  return 0;
});
