// npm run leakage: measures what the rules of visibility change on a folder of snapshots, and writes the tables of docs/leakage.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { filled } from './lib/leakage/page.mjs';
import { Snapshot, snapshotsIn } from './lib/leakage/snapshot.mjs';
import { TABLES } from './lib/leakage/tables.mjs';
import { inRoot } from './lib/paths.mjs';
import { say } from './lib/run.mjs';
import { runMain } from './lib/setup.mjs';

const usage = `Usage: npm run leakage -- [DATA_DIR] [options]

Measures what each rule of visibility changes on every snapshot in DATA_DIR, with the command line as it is
built now, and writes the tables of docs/leakage.md.

  --time SNAPSHOT  write what each rule costs in time, measured on this snapshot; DATA_DIR may then be left out,
                   and tables that are not measured stay as they are
  --rounds N       times that each build is timed (5)
  --help           this text`;

/** @param {readonly string[]} folders @returns {Promise<import('./lib/leakage/page.mjs').Table[]>} */
async function measured(folders) {
  const tables = TABLES.map(({ name, head }) => ({ name, head, rows: /** @type {string[][]} */ ([]) }));
  for (const folder of folders) {
    const snapshot = new Snapshot(folder);
    say(snapshot.name);
    for (const [at, { row }] of TABLES.entries()) tables[at]?.rows.push(await row(snapshot));
  }
  return tables;
}

await runMain(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      time: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      help: { type: 'boolean', default: false },
    },
  });
  const [folder] = positionals;
  const nothing = folder === undefined && values.time === undefined;
  if (values.help || nothing || positionals.length > 1 || !/^[1-9]\d*$/.test(values.rounds)) {
    say(usage);
    return values.help ? 0 : 2;
  }
  // npm runs scripts in the repository's folder: paths are meant from where npm was called.
  const at = (/** @type {string} */ path) => resolve(process.env['INIT_CWD'] ?? '.', path);
  const tables = folder === undefined ? [] : await measured(snapshotsIn(at(folder)));
  if (values.time !== undefined) {
    const { costTable } = await import('./lib/leakage/cost.mjs');
    tables.push(await costTable(at(values.time), Number(values.rounds)));
  }
  const page = inRoot('docs/leakage.md');
  writeFileSync(page, filled(readFileSync(page, 'utf8'), tables));
  return 0;
});
