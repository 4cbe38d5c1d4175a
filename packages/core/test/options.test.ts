/** Options drawn at random: the engines have to agree on values, columns, warnings and reports, and on the codec. */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openParquet } from '@polyfeat/parquet';
import { Int64, type Vector } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { parseDuration } from '../src/duration.js';
import type { BuildRequest } from '../src/types.js';
import { disagreements } from './support/agree.js';
import { raw64 } from './support/columns.js';
import { bothEngines, native } from './support/engines.js';
import { fromEnvironment, Random } from './support/random.js';
import { randomOptions } from './support/random-options.js';
import { goldenTape, goldenTrades, request, scratch, writeSnapshot } from './support/snapshot.js';

const folder = await scratch();
const first = fromEnvironment('POLYFEAT_SEED', 1);
const seeds = Array.from({ length: fromEnvironment('POLYFEAT_ROUNDS', 20) }, (_, i) => first + i);

/** The golden vectors, with whole seconds as integers in place of times where a unit is to be given. */
async function snapshot(directory: string, integers: boolean, tape: boolean): Promise<void> {
  const whole = (time: Vector) =>
    raw64(
      new Int64(),
      time.data.flatMap(({ values }) => Array.from(values as BigInt64Array, (ms) => ms / 1000n)),
    );
  const [trades, prints] = [goldenTrades(), goldenTape()].map((columns) =>
    integers ? { ...columns, ts: whole(columns['ts'] as Vector) } : columns,
  ) as [ReturnType<typeof goldenTrades>, ReturnType<typeof goldenTape>];
  await writeSnapshot(directory, { trades, ...(tape && { market_trades: prints }) }, { codec: 'gzip' });
}

/** Name, type and codec of every column of a file. */
async function layout(path: string): Promise<string[]> {
  const { info } = await openParquet(await readFile(path));
  return info.schema.names.map((name) => `${String(name)}: ${info.codecs.get(String(name))}`);
}

describe.skipIf(native === null)('the engines agree', () => {
  it.each(seeds)('on the options of seed %i', async (seed) => {
    const random = new Random(seed);
    const directory = join(folder, String(seed));
    await mkdir(directory);
    const integers = random.chance(0.3);
    await snapshot(directory, integers, random.chance(0.8));
    const changes: Partial<BuildRequest> = {
      ...randomOptions(random),
      order: random.pick(['token', 'input'] as const),
      sum: random.pick(['exact', 'notebook'] as const),
      tsUnit: integers || random.chance(0.2) ? random.pick(['s', 'ms', 'us', 'ns'] as const) : null,
    };
    const found = await disagreements(request(directory, changes), directory);
    expect({ changes, found }).toEqual({ changes, found: [] });
    await rm(directory, { recursive: true });
  });

  it.each(['source', 'zstd', 'snappy', 'none'] as const)(
    'on the codec with compression %s',
    async (compression) => {
      const directory = join(folder, compression);
      await mkdir(directory);
      await snapshot(directory, false, true);
      const { native, ts } = bothEngines();
      const [a, b] = [join(directory, 'a'), join(directory, 'b')];
      const run = request(directory, { compression, windows: [parseDuration('1500us')] });
      await native.build({ ...run, out: a });
      await ts.build({ ...run, out: b });
      expect(await layout(a)).toEqual(await layout(b));
      expect(await layout(a)).toContain(
        `mt_volume_1500us: ${compression === 'source' ? 'gzip' : compression}`,
      );
    },
  );
});
