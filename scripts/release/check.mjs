// node scripts/release/check.mjs TAG OWNER/REPOSITORY: whether a tag fits what would be published by it. npm refuses a
// provenance from another repository than the packages name, but only once the first of them is being published.
import { readFileSync } from 'node:fs';
import { inRoot } from '../lib/paths.mjs';
import { notesOf } from '../lib/release/notes.mjs';
import { runMain } from '../lib/setup.mjs';

await runMain(async () => {
  const [tag, slug] = process.argv.slice(2);
  const { version, repository } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  if (tag !== `v${version}`) throw new Error(`the tag is ${tag}, and package.json has version ${version}`);
  const expected = `git+https://github.com/${slug}.git`;
  if (repository.url !== expected) {
    throw new Error(`package.json names the repository ${repository.url}, and this is ${expected}`);
  }
  notesOf(readFileSync(inRoot('CHANGELOG.md'), 'utf8'), version);
  return 0;
});
