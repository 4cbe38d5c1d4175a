import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { say } from '../run.mjs';
import { ours } from './arms.mjs';
import { measure, warm } from './measure.mjs';

/**
 * @typedef {object} Run
 * @property {number} wall seconds
 * @property {number | null} cpu
 * @property {number | null} rss
 * @property {number} bytes of the output
 * @property {Record<string, number>} phases milliseconds
 * @property {[number, number]} [rows] trades and prints, where the program says so
 *
 * @typedef {object} Result
 * @property {import('./arms.mjs').Arm} arm
 * @property {Run[]} runs
 * @property {string} [unavailable] why there are none
 */

/** The files of a snapshot. @param {string} folder @returns {string[]} */
export function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.parquet'))
    .map((entry) => join(entry.parentPath, entry.name));
}

/**
 * Runs all arms one after another, `rounds` times over: what disturbs the machine for a while then disturbs
 * all alike. In the first round outputs that have to be equal are compared, after they were timed.
 * @param {readonly import('./arms.mjs').Arm[]} arms
 * @param {string} snapshot
 * @param {string} folder where outputs go
 * @param {number} rounds
 * @returns {Promise<Result[]>}
 */
export async function runRounds(arms, snapshot, folder, rounds) {
  /** @type {Result[]} */
  const results = arms.map((arm) => ({
    arm,
    runs: [],
    ...(arm.unavailable !== undefined && { unavailable: arm.unavailable }),
  }));
  const inputs = filesOf(snapshot);
  const reference = join(folder, 'reference.parquet');
  for (let round = 0; round < rounds; round++) {
    for (const result of results) {
      if (result.unavailable !== undefined) continue;
      const { arm } = result;
      const isReference = round === 0 && arm.id === 'token';
      const out = isReference ? reference : join(folder, `${arm.id}.parquet`);
      await warm(inputs);
      const [command, args] = arm.call(out);
      const measured = await measure(command, args);
      say(`  ${round + 1}/${rounds} ${arm.title}: ${measured.wall.toFixed(2)} s`);
      if (measured.code !== 0) result.unavailable = failure(measured);
      else if (round === 0 && arm.checked && !isReference) {
        const difference = await compared(reference, out);
        if (difference !== null) result.unavailable = difference;
      }
      if (result.unavailable === undefined) result.runs.push(runOf(measured, out));
      else result.runs = [];
      if (!isReference) remove(out);
    }
    // Further rounds need the memory that a large file takes in the page cache.
    remove(reference);
  }
  return results;
}

/** @param {import('./measure.mjs').Measured} measured @returns {string} the line that says why */
function failure({ code, stderr }) {
  const line = stderr.trim().split('\n').at(-1) ?? '';
  const message = /"message":\s*"((?:[^"\\]|\\.)*)"/.exec(stderr)?.[1];
  return `it failed (${code}): ${message ?? line}`;
}

/**
 * Why a peer's file is not ours; null when it is. Peers add sizes up in another order, so sums may differ in
 * their last digits: at most by 1e-9 of the sum, or by what running totals of 1e8 lose.
 * @param {string} reference @param {string} out
 */
async function compared(reference, out) {
  const args = [
    'compare',
    reference,
    out,
    '--rtol',
    '1e-9',
    '--atol',
    '1e-6',
    '--engine',
    'native',
    '--json',
  ];
  const { code, stdout, stderr } = await measure(...ours(...args));
  if (code === 0) return null;
  if (code !== 1 || stdout === '') return `its output cannot be compared: ${stderr.trim()}`;
  const report = JSON.parse(stdout);
  const columns = report.differences.map((/** @type {{ column: string }} */ d) => d.column);
  const all = [...columns, ...report.only_in_a, ...report.only_in_b];
  return `its output differs in ${all.length > 0 ? all.join(', ') : 'the number of rows'}`;
}

/** @param {import('./measure.mjs').Measured} measured @param {string} out @returns {Run} */
function runOf({ wall, cpu, rss, stdout }, out) {
  const text = stdout.trim();
  const report = text.startsWith('{') ? JSON.parse(text) : {};
  const phases = report.timings_ms ?? report;
  const { trades, market_trades: prints } = report.tables ?? {};
  return {
    wall,
    cpu,
    rss,
    bytes: existsSync(out) ? statSync(out).size : 0,
    phases,
    ...(trades && { rows: [trades[0], prints?.[0] ?? 0] }),
  };
}

/** Removes an output and what a peer may have left beside it. @param {string} out */
function remove(out) {
  for (const path of [out, `${out}.tmp`]) rmSync(path, { recursive: true, force: true });
}
