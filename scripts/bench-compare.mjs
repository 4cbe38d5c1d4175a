// npm run bench:compare -- BASE: whether this tree builds features more slowly than the commit BASE does. Both are built
// and measured in turn on this machine; the table goes to standard output, in Markdown. Exit code 1: it is slower.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inRoot, root, stateFolder } from './lib/paths.mjs';
import { run, say } from './lib/run.mjs';
import { runMain, setUp } from './lib/setup.mjs';
import { checkOut, commitOf, removeCheckout } from './lib/versions/checkout.mjs';
import { comparisonReport, isSlower } from './lib/versions/report.mjs';

/** @typedef {import('@polyfeat/bench').Arm} Arm */

/** It is there only once the packages are built, which a fresh clone does in the set-up. */
const benchmark = () => import('@polyfeat/bench');

const usage = `Usage: npm run bench:compare -- BASE [options]

  BASE         a commit, a branch or a tag: what this tree is compared with
  --rounds N   runs of each (20)
  --no-set-up  measure this tree as it is built
  --help       this text`;

const SYNTHETIC = ['--trades', '100k', '--prints', '1M', '--tokens', '5k'];

/** @param {string} tree @param {readonly string[]} args */
const command = (tree, args) => [join(tree, 'packages', 'cli', 'bin', 'polyfeat-fast.js'), ...args];

/**
 * The command line of a tree, building a snapshot.
 * @param {'base' | 'head'} id @param {string} tree @param {string} snapshot @param {readonly string[]} options
 * @returns {Arm}
 */
function armOf(id, tree, snapshot, options) {
  const args = (/** @type {string} */ out) => ['build', snapshot, '-o', out, '--json', ...options];
  return {
    ...{ id, title: id, group: 'ours', threads: null, timed: 'process', family: null },
    call: (out) => ({ command: process.execPath, args: command(tree, args(out)) }),
  };
}

/**
 * Runs base and head in turn. Who comes first changes half-way, for the second meets what the first has left.
 * @param {[Arm, Arm]} arms
 * @param {{ snapshot: string, folder: string, rounds: number }} options
 */
async function measured(arms, { snapshot, folder, rounds }) {
  const { parquetFiles, runRounds } = await benchmark();
  const options = { inputs: parquetFiles(snapshot), folder, patience: Number.POSITIVE_INFINITY, say };
  const half = Math.ceil(rounds / 2);
  const results = [
    ...(await runRounds(arms, { ...options, rounds: half })),
    ...(await runRounds([...arms].reverse(), { ...options, rounds: rounds - half })),
  ];
  const failed = results.find(({ unavailable }) => unavailable !== undefined);
  if (failed) throw new Error(`${failed.title} was not measured: ${failed.unavailable}`);
  /** @param {'base' | 'head'} id */
  const runsOf = (id) => results.filter((result) => result.id === id).flatMap(({ runs }) => runs);
  return { base: runsOf('base'), head: runsOf('head') };
}

/** @param {string} base @param {number} rounds */
async function compare(base, rounds) {
  const { comparePairs, median } = await benchmark();
  const commit = commitOf(base);
  mkdirSync(stateFolder, { recursive: true });
  const place = mkdtempSync(join(stateFolder, 'compare-'));
  const tree = join(place, 'base');
  try {
    say(`Building ${base} (${commit.slice(0, 12)}) …`);
    checkOut(commit, tree);
    const synthetic = join(place, 'synthetic');
    const made = command(root, ['bench', 'generate', synthetic, ...SYNTHETIC, '--quiet']);
    if ((await run(process.execPath, made)).code !== 0) throw new Error('no snapshot could be made');
    const bundled = inRoot('test-data', 'snapshots', 'r61276aba-20260227T092000+0000');
    const cases = [
      { title: 'bundled snapshot', snapshot: bundled, options: [] },
      { title: '100k trades × 1M prints', snapshot: synthetic, options: [] },
      { title: 'the same, --order input', snapshot: synthetic, options: ['--order', 'input'] },
    ];
    const rows = [];
    for (const { title, snapshot, options } of cases) {
      say(`${title}:`);
      const runs = await measured(
        [armOf('base', tree, snapshot, options), armOf('head', root, snapshot, options)],
        { snapshot, folder: place, rounds },
      );
      for (const what of /** @type {const} */ (['wall', 'cpu'])) {
        const before = runs.base.map((one) => one[what] ?? 0);
        const after = runs.head.map((one) => one[what] ?? 0);
        // The processor's time is told in hundredths of a second: too coarse for what takes a few of them.
        if (what === 'cpu' && median(before) < 0.3) continue;
        const paired = comparePairs(before, after);
        rows.push({ title, what, base: median(before), head: median(after), paired });
      }
    }
    console.log(comparisonReport(rows, { base, head: 'this tree' }));
    return rows.some(({ paired }) => isSlower(paired)) ? 1 : 0;
  } finally {
    removeCheckout(tree);
    rmSync(place, { recursive: true, force: true });
  }
}

await runMain(async () => {
  const { values, positionals } = parseArgs({
    options: {
      rounds: { type: 'string', default: '20' },
      'no-set-up': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const [base] = positionals;
  if (base === undefined || positionals.length > 1)
    throw new Error('name one commit to compare with; see --help');
  if (!/^[1-9]\d{0,3}$/.test(values.rounds)) throw new Error('--rounds is a whole number from 1 to 9999');
  if (!values['no-set-up']) await setUp();
  return await compare(base, Number(values.rounds));
});
