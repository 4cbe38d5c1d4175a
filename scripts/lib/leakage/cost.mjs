import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measure, method, parquetFiles, warm } from '@polyfeat/bench';
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
 * The processor time that a build takes by each rule, of all threads: the least of all rounds, because what else the
 * machine does only makes it longer. The rules take turns, so that it disturbs all alike.
 * @param {string} snapshot
 * @param {number} rounds
 * @returns {Promise<import('./page.mjs').Table>}
 * @throws {Error} when a build fails, or where processor time cannot be measured
 */
export async function costTable(snapshot, rounds) {
  const scratch = mkdtempSync(join(tmpdir(), 'polyfeat-leakage-'));
  const best = TIMED.map(() => Number.POSITIVE_INFINITY);
  try {
    await warm(parquetFiles(snapshot));
    for (let round = 0; round < rounds; round++) {
      for (const [at, [name, options]] of TIMED.entries()) {
        const layout = ['--engine', 'native', '--quiet', '-o', join(scratch, 'features.parquet')];
        const args = [cli, 'build', snapshot, ...options, ...layout];
        const { code, cpu, stderr } = await measure({ command: process.execPath, args });
        if (code !== 0) throw new Error(`${name} ended with code ${code}: ${stderr}`);
        if (cpu === null) throw new Error(`processor time is ${method}.`);
        best[at] = Math.min(best[at] ?? cpu, cpu);
        say(`${name}: ${cpu.toFixed(2)} s`);
      }
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const base = best[0] ?? Number.NaN;
  return {
    name: 'cost',
    head: ['rule', 'CPU s', 'of the notebook’s'],
    rows: TIMED.map(([name], at) => {
      const cpu = best[at] ?? Number.NaN;
      return [name, cpu.toFixed(2), (cpu / base).toFixed(2)];
    }),
  };
}
