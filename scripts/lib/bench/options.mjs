import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { inRoot } from '../paths.mjs';

/**
 * @typedef {object} Options
 * @property {string[]} snapshots empty: one is made
 * @property {number} rounds
 * @property {string} python a Python that has polars and duckdb
 * @property {string} peers folder of the peers' scripts
 * @property {number[]} threads
 * @property {string[]} memory budgets to try
 * @property {string | null} json where the measurements are written as JSON
 * @property {boolean} setUp whether to bring the clone up to date first
 */

export const usage = `Usage: npm run bench -- [SNAPSHOT…] [options]

Measures a build beside its peers on the same files in the same run and prints a table in Markdown.
Without SNAPSHOT a synthetic one of 100,000 trades and 1,000,000 prints is made.

  --rounds N        times that each arm is run (3)
  --threads A,B     numbers of threads; the last one is what everything else is measured with (1,2)
  --memory A,B      budgets for further runs (512M,1G)
  --python PYTHON   a Python that has polars and duckdb (python3)
  --peers DIR       folder of polars_features.py and duckdb_features.py (../shared/bench/peers)
  --json FILE       also write every measurement as JSON
  --no-set-up       measure what is built as it is
  --help            this text`;

/** A path as the caller meant it: npm runs scripts in the repository's folder. @param {string} path */
const fromCaller = (path) => resolve(process.env['INIT_CWD'] ?? '.', path);

/** @param {string} name @param {string} text */
function wholeNumber(name, text) {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new Error(`--${name}: "${text}" is no whole number from 1 to 9999; see --help`);
}

/**
 * Reads the arguments; null when help was asked for.
 * @param {string[]} args
 * @returns {Options | null}
 * @throws {Error} when a value is wrong
 */
export function parseOptions(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    allowNegative: true,
    options: {
      rounds: { type: 'string', default: '3' },
      threads: { type: 'string', default: '1,2' },
      memory: { type: 'string', default: '512M,1G' },
      python: { type: 'string', default: 'python3' },
      peers: { type: 'string', default: inRoot('..', 'shared', 'bench', 'peers') },
      json: { type: 'string' },
      'set-up': { type: 'boolean', default: true },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  return {
    snapshots: positionals.map(fromCaller),
    rounds: wholeNumber('rounds', values.rounds),
    threads: values.threads.split(',').map((text) => wholeNumber('threads', text)),
    memory: values.memory.split(',').filter((text) => text !== ''),
    // A bare name is looked up on the PATH.
    python: /[/\\]/.test(values.python) ? fromCaller(values.python) : values.python,
    peers: fromCaller(values.peers),
    json: values.json === undefined ? null : fromCaller(values.json),
    setUp: values['set-up'],
  };
}
