import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { inRoot } from '../paths.mjs';
import { run } from '../run.mjs';
import { RULES } from './rules.mjs';

/** @typedef {import('./rules.mjs').Rule} Rule */
/** @typedef {import('./statistics.mjs').Value} Value */
/** @typedef {Record<string, Value[]>} Columns */
/** @typedef {import('@polyfeat/core').AuditReport} AuditReport */

/** The command line as it is built. */
export const cli = inRoot('packages/cli/bin/polyfeat-fast.js');

/**
 * The snapshots in a folder that have trades and a tape, by name.
 * @param {string} folder
 * @returns {string[]} their folders
 * @throws {Error} when there are none
 */
export function snapshotsIn(folder) {
  const found = readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .filter((path) =>
      ['trades', 'market_trades'].every((table) => existsSync(join(path, `${table}.parquet`))),
    );
  if (found.length === 0) throw new Error(`${folder} holds no snapshot with trades and market_trades.`);
  return found;
}

/** A snapshot, and what has been made of it. Every result is made once. */
export class Snapshot {
  /** @type {Map<string, Promise<unknown>>} */
  #made = new Map();

  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
    this.name = basename(folder);
  }

  /**
   * The columns that `build` makes by these rules, and the price of the trade; rows as in trades.parquet.
   * @param {Rule} rule
   * @returns {Promise<Columns>}
   */
  features(rule) {
    return this.#once(`features ${rule}`, async () => {
      const scratch = mkdtempSync(join(tmpdir(), 'polyfeat-leakage-'));
      try {
        const file = join(scratch, 'features.parquet');
        const layout = ['--order', 'input', '--columns', 'ts,token_id,price', '-o', file];
        await this.#json(['build', this.folder, ...RULES[rule], ...layout]);
        return await columnsOf(file);
      } finally {
        rmSync(scratch, { recursive: true, force: true });
      }
    });
  }

  /**
   * What `audit --json` reports.
   * @param {Rule} rule
   * @param {readonly string[]} [options] more options
   * @returns {Promise<AuditReport>}
   */
  audit(rule, options = []) {
    const args = ['audit', this.folder, ...RULES[rule], ...options];
    return this.#once(args.join(' '), () => this.#json(args));
  }

  /**
   * Columns of an input file.
   * @param {'trades' | 'market_trades'} table
   * @param {string[]} columns
   * @returns {Promise<Columns>}
   */
  input(table, columns) {
    return this.#once(`${table} ${columns}`, () => columnsOf(join(this.folder, `${table}.parquet`), columns));
  }

  /**
   * @template T
   * @param {string} key
   * @param {() => Promise<T>} make
   * @returns {Promise<T>}
   */
  #once(key, make) {
    const made = this.#made.get(key) ?? make();
    this.#made.set(key, made);
    return /** @type {Promise<T>} */ (made);
  }

  /** What the command line prints with `--json`. @param {readonly string[]} args @returns {Promise<any>} */
  async #json(args) {
    const { code, stdout } = await run(process.execPath, [cli, ...args, '--json', '--quiet'], {
      stdout: 'collect',
    });
    if (code !== 0) throw new Error(`polyfeat-fast ${args.join(' ')} ended with code ${code}: ${stdout}`);
    return JSON.parse(stdout);
  }
}

/**
 * A Parquet file by columns; times are milliseconds.
 * @param {string} path
 * @param {string[]} [columns]
 * @returns {Promise<Columns>}
 */
async function columnsOf(path, columns) {
  const file = await asyncBufferFromFile(path);
  const rows = await parquetReadObjects({ file, compressors, ...(columns && { columns }) });
  const names = columns ?? Object.keys(rows[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, rows.map((row) => plain(row[name]))]));
}

/** @param {unknown} value @returns {Value} */
function plain(value) {
  if (value instanceof Date) return value.getTime();
  return /** @type {Value} */ (value ?? null);
}
