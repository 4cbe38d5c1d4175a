// npm run pack -- OUT [--binaries DIR] [--all-platforms]: makes the tarballs that a release publishes, and a list of
// them. Native modules are taken from DIR, or from where the build leaves this platform's.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { writeList } from './lib/pack/list.mjs';
import { stagePackages } from './lib/pack/stage.mjs';
import { pack, sizesOf } from './lib/pack/tarballs.mjs';
import { inRoot } from './lib/paths.mjs';
import { runMain } from './lib/setup.mjs';

await runMain(async () => {
  const { values, positionals } = parseArgs({
    options: { binaries: { type: 'string' }, 'all-platforms': { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [out] = positionals;
  if (out === undefined || positionals.length > 1) throw new Error('name one folder for the tarballs');
  if (existsSync(out) && readdirSync(out).length > 0) throw new Error(`${out} is not empty`);
  mkdirSync(out, { recursive: true });
  const binaries = values.binaries === undefined ? inRoot('packages', 'native') : resolve(values.binaries);
  const staging = mkdtempSync(join(tmpdir(), 'polyfeat-stage-'));
  try {
    const folders = await stagePackages(staging, { binaries, allPlatforms: values['all-platforms'] });
    const tarballs = [];
    for (const folder of folders) tarballs.push(await pack(folder, resolve(out)));
    writeList(out, tarballs);
    console.log(sizesOf(tarballs));
    return 0;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
});
