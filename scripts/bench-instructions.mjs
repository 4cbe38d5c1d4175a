// npm run bench:instructions: counts the instructions of every kernel and compares them with the file in the repository.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { buildCounted, countAll, surroundings } from './lib/instructions/count.mjs';
import { compareCounts, MOST_GROWTH, tableOf } from './lib/instructions/table.mjs';
import { inRoot } from './lib/paths.mjs';
import { say } from './lib/run.mjs';
import { runMain } from './lib/setup.mjs';

const file = inRoot('crates', 'polyfeat', 'benches', 'instructions.json');

const usage = `Usage: npm run bench:instructions -- [options]

Runs every kernel under valgrind's callgrind and compares the instructions with those in
crates/polyfeat/benches/instructions.json. Exit code 1 when one takes over ${MOST_GROWTH} % more.

  --update   write the counts of this run into that file
  --help     this text`;

await runMain(async () => {
  const { values } = parseArgs({
    options: { update: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const madeWith = await surroundings();
  const counts = await countAll(await buildCounted());
  if (values.update) {
    writeFileSync(file, `${JSON.stringify({ made_with: madeWith, instructions: counts }, null, 2)}\n`);
    say(`Written: ${file}`);
    return 0;
  }
  const kept = JSON.parse(readFileSync(file, 'utf8'));
  for (const [what, value] of Object.entries(madeWith)) {
    if (kept.made_with[what] !== value)
      say(`Warning: the counts in the repository are of ${what} ${kept.made_with[what]}, these of ${value}.`);
  }
  const rows = compareCounts(kept.instructions, counts);
  console.log(tableOf(rows));
  const worse = rows.filter(({ failed }) => failed);
  if (worse.length === 0) return 0;
  say(
    `${worse.map(({ name }) => name).join(', ')}: see the table; with a good reason, -- --update keeps the new counts.`,
  );
  return 1;
});
