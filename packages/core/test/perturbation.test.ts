/**
 * Real snapshots made odd, seed by seed: the engines have to agree on every value. More rounds, or one of them
 * again: `POLYFEAT_ROUNDS=500 POLYFEAT_SEED=1200 npx vitest run packages/core/test/perturbation`.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { disagreements } from './support/agree.js';
import { writeTable } from './support/encodings.js';
import { native } from './support/engines.js';
import { mutations } from './support/mutations.js';
import { fromEnvironment, Random } from './support/random.js';
import { randomOptions, randomRules } from './support/random-options.js';
import { excerpt, realSnapshots } from './support/real-rows.js';
import { request, scratch } from './support/snapshot.js';

const folder = await scratch();
const first = fromEnvironment('POLYFEAT_SEED', 1);
const rounds = fromEnvironment('POLYFEAT_ROUNDS', 30);
const seeds = Array.from({ length: rounds }, (_, i) => first + i);

/** Writes the snapshot of a seed; what was done to it. */
async function perturbed(directory: string, random: Random) {
  const real = random.pick(realSnapshots);
  const rows = excerpt(real, random);
  const done = random.shuffled(Object.keys(mutations)).slice(0, random.int(0, 7));
  for (const name of done) mutations[name]?.(rows, random);
  const tsUnit = random.chance(0.2) ? random.pick(['s', 'ms', 'us', 'ns'] as const) : null;
  const written = [await writeTable(directory, 'trades', real.trades, rows.trades, tsUnit, random)];
  if (random.chance(0.95))
    written.push(await writeTable(directory, 'market_trades', real.tape, rows.tape, tsUnit, random));
  return { done, written, tsUnit };
}

describe.skipIf(native === null)('the engines agree on a real snapshot made odd', () => {
  it.each(seeds)('by seed %i', async (seed) => {
    const random = new Random(seed);
    const directory = join(folder, String(seed));
    await mkdir(directory);
    const { tsUnit, ...what } = await perturbed(directory, random);
    const options = random.chance(0.5) ? {} : randomOptions(random);
    const rules = random.chance(0.6) ? { rules: randomRules(random) } : {};
    for (const sum of ['exact', 'notebook'] as const) {
      for (const order of ['token', 'input'] as const) {
        const run = request(directory, { ...options, ...rules, tsUnit, sum, order });
        const found = await disagreements(run, directory);
        const asked = { ...what, options, rules, sum, order };
        expect({ ...asked, found }).toEqual({ ...asked, found: [] });
      }
    }
    await rm(directory, { recursive: true });
  });
});
