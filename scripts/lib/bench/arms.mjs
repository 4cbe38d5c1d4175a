import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inRoot } from '../paths.mjs';
import { run } from '../run.mjs';

/**
 * Something to measure: a program that writes a file.
 * @typedef {object} Arm
 * @property {string} id by which ratios name it
 * @property {string} title
 * @property {string} codec of the output
 * @property {string} [unavailable] why it cannot be run here
 * @property {(out: string) => [command: string, args: string[]]} call
 * @property {boolean} [checked] whether its output has to be that of the arm `token`
 *
 * @typedef {import('./options.mjs').Options} Options
 */

const cli = inRoot('packages', 'cli', 'bin', 'polyfeat-fast.js');

/**
 * The command line as a call.
 * @param {readonly string[]} args
 * @returns {[string, string[]]}
 */
export const ours = (...args) => [process.execPath, [cli, ...args]];

/**
 * Everything that is measured on a snapshot, in the order in which it is run.
 * @param {string} snapshot
 * @param {Options} options
 * @param {{ roofline: boolean, peers: Peers }} tools
 * @returns {Arm[]}
 */
export function armsOf(snapshot, options, { roofline, peers }) {
  const most = String(options.threads.at(-1));
  /** @param {string} id @param {string} title @param {string[]} args @returns {Arm} */
  const build = (id, title, args, codec = 'source', checked = true) => ({
    id,
    title: `build, ${title}`,
    codec,
    checked,
    call: (out) =>
      ours('build', snapshot, '-o', out, '--engine', 'native', '--json', '--progress', 'never', ...args),
  });
  const threads = ['--threads', most];
  const by = (/** @type {string} */ n) => (n === '1' ? '1 thread' : `${n} threads`);
  const arms = [
    build('token', `token order, ${by(most)}`, threads),
    build('input', `input order, ${by(most)}`, [...threads, '--order', 'input'], 'source', false),
    build('token-notebook', 'token order, notebook sums', [...threads, '--sum', 'notebook']),
    build('token-snappy', 'token order, snappy', [...threads, '--compression', 'snappy'], 'snappy'),
  ];
  for (const n of options.threads.slice(0, -1).map(String)) {
    arms.push(
      build(`token-${n}`, `token order, ${by(n)}`, ['--threads', n]),
      build(`input-${n}`, `input order, ${by(n)}`, ['--threads', n, '--order', 'input'], 'source', false),
    );
  }
  for (const memory of options.memory) {
    const title = `token order, --memory ${memory}`;
    arms.push(build(`token-${memory}`, title, [...threads, '--memory', memory]));
  }
  for (const order of ['token', 'input']) {
    arms.push({
      id: `roofline-${order}`,
      title: `roofline, ${order} order`,
      codec: 'source',
      ...(!roofline && { unavailable: 'no native binary loads' }),
      call: (out) => [process.execPath, [script('roofline.mjs'), snapshot, out, order, most]],
    });
  }
  const trades = join(snapshot, 'trades.parquet');
  arms.push({
    id: 'copy',
    title: 'plain copy of trades.parquet',
    codec: 'source',
    ...(!isFile(trades) && { unavailable: 'trades are in parts' }),
    call: (out) => [process.execPath, [script('copy.mjs'), trades, out]],
  });
  return [...arms, ...peerArms(snapshot, options, peers)];
}

/** A script beside this one. @param {string} name */
const script = (name) => fileURLToPath(new URL(name, import.meta.url));

/** @param {string} path */
const isFile = (path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/**
 * The versions of the peers' libraries, or why there is none.
 * @typedef {Record<'polars' | 'duckdb', { version: string } | { missing: string }>} Peers
 */

/**
 * Asks the Python for its libraries.
 * @param {Options} options
 * @returns {Promise<Peers>}
 */
export async function findPeers({ python, peers }) {
  /** @param {string} name @returns {Promise<{ version: string } | { missing: string }>} */
  const find = async (name) => {
    const script = join(peers, `${name}_features.py`);
    if (!existsSync(script)) return { missing: `there is no ${name}_features.py in the folder of --peers` };
    const ask = ['-c', `import ${name}; print(${name}.__version__)`];
    const { code, stdout } = await run(python, ask, { stdout: 'collect', silent: true });
    return code === 0
      ? { version: stdout.trim() }
      : { missing: `no Python with ${name}: name one by --python` };
  };
  return { polars: await find('polars'), duckdb: await find('duckdb') };
}

/**
 * @param {string} snapshot
 * @param {Options} options
 * @param {Peers} found
 * @returns {Arm[]}
 */
function peerArms(snapshot, options, found) {
  /**
   * @param {'polars' | 'duckdb'} name @param {string} id @param {string} title @param {string[]} args
   * @returns {Arm}
   */
  const peer = (name, id, title, args) => {
    const library = found[name];
    return {
      id,
      title,
      codec: 'snappy',
      checked: true,
      ...('missing' in library && { unavailable: library.missing }),
      call: (out) => [options.python, [join(options.peers, `${name}_features.py`), snapshot, out, ...args]],
    };
  };
  return [
    peer('polars', 'polars-memory', 'Polars, Categorical, in memory', ['--cat']),
    peer('polars', 'polars-streaming', 'Polars, Categorical, streaming', ['--cat', '--engine', 'streaming']),
    peer('duckdb', 'duckdb-code', 'DuckDB, integer keys', ['--code']),
  ];
}
