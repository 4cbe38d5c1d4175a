// npm run docs: writes docs/api from the comments in the sources, the examples' code and output into the guide, the help
// of the command line into the README, and the schema of its config file.
// With --check it only tells whether docs/api is current; tests tell of the rest.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { writeApi } from './lib/docs/api.mjs';
import { filled } from './lib/docs/guide.mjs';
import { writeSchema } from './lib/docs/schema.mjs';
import { inRoot, stateFolder } from './lib/paths.mjs';
import { say } from './lib/run.mjs';
import { runMain } from './lib/setup.mjs';
import { filesUnder } from './lib/stamps.mjs';

const committed = inRoot('docs/api');

/** The pages of a folder by name. @param {string} folder @returns {Map<string, string>} */
function pagesOf(folder) {
  const named = filesUnder(folder).map((file) => relative(folder, file).replaceAll('\\', '/'));
  return new Map(named.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** Names of the pages that are not as the sources would have them. */
async function stalePages() {
  mkdirSync(stateFolder, { recursive: true });
  const fresh = mkdtempSync(join(stateFolder, 'api-'));
  try {
    await writeApi(fresh);
    const [wanted, found] = [pagesOf(fresh), pagesOf(committed)];
    return [...new Set([...wanted.keys(), ...found.keys()])].filter(
      (name) => wanted.get(name) !== found.get(name),
    );
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

async function write() {
  rmSync(committed, { recursive: true, force: true });
  await writeApi(committed);
  for (const page of ['docs/guide.md', 'README.md'].map((name) => inRoot(name))) {
    writeFileSync(page, await filled(readFileSync(page, 'utf8')));
  }
  await writeSchema();
}

await runMain(async () => {
  if (!process.argv.includes('--check')) {
    await write();
    return 0;
  }
  const stale = await stalePages();
  for (const name of stale) say(`docs/api/${name} is not what the sources say; run npm run docs.`);
  return stale.length === 0 ? 0 : 1;
});
