// node scripts/release/publish.mjs TARBALLS [--dry-run]: publishes the tarballs of a folder, none before what it depends on.
// In the workflow npm proves by its identity there who publishes, and adds where each package was built (provenance).

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readList } from '../lib/pack/list.mjs';
import { inRoot } from '../lib/paths.mjs';
import { runNpm, say } from '../lib/run.mjs';
import { runMain } from '../lib/setup.mjs';

await runMain(async () => {
  const options = { 'dry-run': { type: /** @type {const} */ ('boolean'), default: false } };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [folder] = positionals;
  if (folder === undefined || positionals.length > 1) throw new Error('name the folder with the tarballs');
  const { version } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  // A version such as 1.0.0-rc.1 must not become what `npm install` takes.
  const tag = version.includes('-') ? 'next' : 'latest';
  for (const { name, file } of readList(folder)) {
    const how = values['dry-run'] ? ['--dry-run'] : ['--provenance'];
    say(`${name} ${version}, as ${tag}`);
    const args = ['publish', file, '--access', 'public', '--tag', tag, '--ignore-scripts', ...how];
    const { code } = await runNpm(args, { stdout: 'stderr' });
    if (code !== 0) throw new Error(`${name} was not published; see npm's output above`);
  }
  return 0;
});
