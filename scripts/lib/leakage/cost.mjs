import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measure, warm } from '../bench/measure.mjs';
import { filesOf } from '../bench/rounds.mjs';
import { say } from '../run.mjs';
import { cli } from './snapshot.mjs';

/** What is timed: its name in the table, and the options of `build`. @type {readonly (readonly [string, readonly string[]])[]} */
const TIMED = [
  ['notebook', []],
  ['`--ties exclude`', ['--ties', 'exclude']],
  ['`--exclude-self auto`', ['--exclude-self', 'auto']],
  ['`--availability captured_at`', ['--availability', 'captured_at']],
  ['`--embargo 1s`', ['--embargo', '1s']],
  ['`--max-age 60s`', ['--max-age', '60s']],
  ['`--unknown-token causal`', ['--unknown-token', 'causal']],
  ['`--regime bucket-asof`', ['--regime', 'bucket-asof']],
  ['`--preset strict`', ['--preset', 'strict']],
  ['`--preset live`', ['--preset', 'live']],
];

/**
 * The time that a build takes by each rule: the least of all rounds, because what else the machine does only makes
 * a build longer. The rules take turns, so that it disturbs all alike.
 * @param {string} snapshot
 * @param {number} rounds
 * @returns {Promise<import('./page.mjs').Table>}
 */
export async function costTable(snapshot, rounds) {
  const scratch = mkdtempSync(join(tmpdir(), 'polyfeat-leakage-'));
  const best = TIMED.map(() => ({ wall: Number.POSITIVE_INFINITY, cpu: Number.POSITIVE_INFINITY }));
  try {
    await warm(filesOf(snapshot));
    for (let round = 0; round < rounds; round++) {
      for (const [at, [name, options]] of TIMED.entries()) {
        const layout = ['--engine', 'native', '--quiet', '-o', join(scratch, 'features.parquet')];
        const { code, wall, cpu, stderr } = await measure(process.execPath, [
          cli,
          'build',
          snapshot,
          ...options,
          ...layout,
        ]);
        if (code !== 0) throw new Error(`${name} ended with code ${code}: ${stderr}`);
        const least = best[at];
        if (!least) continue;
        least.wall = Math.min(least.wall, wall);
        least.cpu = Math.min(least.cpu, cpu ?? Number.NaN);
        say(`${name}: ${wall.toFixed(2)} s`);
      }
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const base = best[0];
  return {
    name: 'cost',
    head: ['rule', 'wall s', 'of the notebook’s', 'CPU s', 'of the notebook’s'],
    rows: TIMED.map(([name], at) => {
      const { wall, cpu } = best[at] ?? { wall: Number.NaN, cpu: Number.NaN };
      const ratio = (/** @type {number} */ own, /** @type {number} */ other) => (own / other).toFixed(2);
      return [
        name,
        wall.toFixed(2),
        ratio(wall, base?.wall ?? Number.NaN),
        cpu.toFixed(2),
        ratio(cpu, base?.cpu ?? Number.NaN),
      ];
    }),
  };
}
