// node scripts/release/smoke.mjs TARBALLS: installs the tarballs of a folder into an empty one and uses them there, on this
// platform and this version of Node. It needs Node and npm, and nothing that is installed in the repository.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { installApp, launcherIn, runIn } from '../lib/pack/app.mjs';
import { readList } from '../lib/pack/list.mjs';
import { inRoot } from '../lib/paths.mjs';
import { say } from '../lib/run.mjs';
import { runMain } from '../lib/setup.mjs';

const snapshot = inRoot('test-data', 'snapshots', 'r61276aba-20260227T092000+0000');
const others = { 'apache-arrow': '21.2.0' };
const wants = ['polyfeat-fast', '@polyfeat/core', '@polyfeat/parquet', '@polyfeat/reference'];

await runMain(async () => {
  const [folder, ...more] = process.argv.slice(2);
  if (folder === undefined || more.length > 0) throw new Error('name the folder with the tarballs');
  const place = mkdtempSync(join(tmpdir(), 'polyfeat-smoke-'));
  try {
    await installApp(place, { tarballs: readList(resolve(folder)), wants, others });
    cpSync(inRoot('scripts/packed/app/run.mjs'), join(place, 'run.mjs'));
    const command = launcherIn(place);
    const out = join(place, 'features.parquet');
    const calls = [
      [command, '--version'],
      [command, 'doctor', '--engine', 'native'],
      [command, 'build', snapshot, '-o', out, '--engine', 'native'],
      [command, 'verify', snapshot],
      ['run.mjs', snapshot, 'native'],
      ['run.mjs', snapshot, 'ts'],
    ];
    for (const args of calls) {
      const { code, stdout, stderr } = await runIn(place, process.execPath, args);
      say(`${stdout}${stderr}`.trimEnd());
      if (code !== 0) throw new Error(`${args.join(' ')} ended with code ${code}`);
    }
    return 0;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
});
