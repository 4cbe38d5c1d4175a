// npm run bench: measures builds beside their peers and prints a table in Markdown. See --help.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { basename, join } from 'node:path';
import { armsOf, findPeers, ours } from './lib/bench/arms.mjs';
import { measure, method } from './lib/bench/measure.mjs';
import { parseOptions, usage } from './lib/bench/options.mjs';
import { median, ratiosOf, snapshotReport, startUpReport } from './lib/bench/report.mjs';
import { runRounds } from './lib/bench/rounds.mjs';
import { defaultSnapshot, nativeLoads } from './lib/bench/tools.mjs';
import { inRoot, stateFolder } from './lib/paths.mjs';
import { run, say } from './lib/run.mjs';
import { runMain, setUp } from './lib/setup.mjs';

const bundled = inRoot('test-data', 'snapshots', 'r61276aba-20260227T092000+0000');

/** What the machine is and what runs on it. @param {import('./lib/bench/arms.mjs').Peers} peers */
async function surroundings(peers) {
  const rust = await run('rustc', ['--version'], { stdout: 'collect', silent: true });
  const version = (/** @type {'polars' | 'duckdb'} */ name) =>
    'version' in peers[name] ? { [name]: peers[name].version } : {};
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memory_gb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    versions: { node: process.version, rust: rust.stdout.trim(), ...version('polars'), ...version('duckdb') },
    measured_by: method,
  };
}

/** Whole processes, where starting them is most of the work. @param {string} folder @param {number} rounds */
async function startUp(folder, rounds) {
  /** @type {{ node: number[], build: number[] }} */
  const walls = { node: [], build: [] };
  const out = join(folder, 'small.parquet');
  for (let round = 0; round < 5 * rounds; round++) {
    walls.node.push((await measure(process.execPath, ['-e', '0'])).wall);
    const build = await measure(...ours('build', bundled, '-o', out, '--quiet'));
    if (build.code !== 0) throw new Error(`the bundled snapshot could not be built: ${build.stderr}`);
    walls.build.push(build.wall);
  }
  return { node: median(walls.node), build: median(walls.build) };
}

/** @param {import('./lib/bench/options.mjs').Options} options */
async function bench(options) {
  if (options.setUp) await setUp();
  const native = await nativeLoads();
  if (!native) say('Warning: without a native binary there is no roofline, and no snapshot can be made.');
  const snapshots = [...options.snapshots];
  if (snapshots.length === 0 && !native) throw new Error('name a snapshot to measure; see --help');
  if (snapshots.length === 0) snapshots.push(await defaultSnapshot());
  const peers = await findPeers(options);
  const about = await surroundings(peers);
  const { cpu, cores, memory_gb, system, versions } = about;
  const names = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  console.log(`# Measured on ${cores} × ${cpu}, ${memory_gb} GB, ${system}\n`);
  console.log(`${names.join(', ')}. Warm page cache, arms in turn; CPU and memory by ${method}.\n`);

  mkdirSync(join(stateFolder, 'bench'), { recursive: true });
  const folder = mkdtempSync(join(stateFolder, 'bench', 'out-'));
  try {
    const small = await startUp(folder, options.rounds);
    console.log(`${startUpReport(small)}\n`);
    const measured = [];
    for (const snapshot of snapshots) {
      say(`${basename(snapshot)}:`);
      const arms = armsOf(snapshot, options, { roofline: native, peers });
      const results = await runRounds(arms, snapshot, folder, options.rounds);
      console.log(`${snapshotReport(basename(snapshot), results, options)}\n`);
      measured.push({
        snapshot: basename(snapshot),
        ratios: ratiosOf(results, options),
        arms: results.map(({ arm: { id, title, codec }, runs, unavailable }) => ({
          ...{ id, title, codec, runs },
          ...(unavailable !== undefined && { unavailable }),
        })),
      });
    }
    if (options.json !== null) {
      writeFileSync(options.json, `${JSON.stringify({ ...about, start_up: small, measured }, null, 1)}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await runMain(async () => {
  const options = parseOptions(process.argv.slice(2));
  if (options === null) console.log(usage);
  else await bench(options);
  return 0;
});
