// npm run bench: brings the clone up to date and calls `polyfeat-fast bench`; --write-docs writes docs/benchmarks.md
// from the results in packages/bench/results. See --help.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { inRoot, stateFolder } from './lib/paths.mjs';
import { runMain, setUp } from './lib/setup.mjs';

const launcher = inRoot('packages', 'cli', 'bin', 'polyfeat-fast.js');
const bundled = inRoot('test-data', 'snapshots', 'r61276aba-20260227T092000+0000');

/** @param {readonly string[]} args */
function polyfeat(args) {
  // Ctrl-C reaches the command by itself, which cleans up.
  process.on('SIGINT', () => {});
  return new Promise((resolve, reject) => {
    // npm runs scripts in the repository's folder: paths are meant from where npm was called.
    const child = spawn(process.execPath, [launcher, ...args], {
      cwd: process.env['INIT_CWD'] ?? process.cwd(),
      stdio: 'inherit',
    });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

await runMain(async () => {
  const given = process.argv.slice(2);
  const [args, own] = [given.filter((arg) => !/^--(write-docs|no-set-up)$/.test(arg)), new Set(given)];
  if (!own.has('--no-set-up')) await setUp();
  if (own.has('--write-docs')) {
    const { writePage } = await import('./lib/bench-page.mjs');
    await writePage();
    return 0;
  }
  const has = (/** @type {string} */ name) => args.some((arg) => arg === name || arg.startsWith(`${name}=`));
  const measures = !has('--phases') && !has('--scaling') && !has('--boundary') && !has('--start-up');
  return await polyfeat([
    'bench',
    ...args,
    ...(has('--data') ? [] : ['--data', join(stateFolder, 'bench')]),
    ...(measures ? ['--start-up', bundled] : []),
  ]);
});
