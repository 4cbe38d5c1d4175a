import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generateSnapshot, rooflineSnapshot } from './bench.js';
import { buildSnapshot } from './build-snapshot.js';
import { parseDuration, parseDurations } from './duration.js';
import { loadEngine } from './engine.js';
import type { BuildRequest, Progress } from './types.js';

const SNAPSHOT = fileURLToPath(
  new URL('../../../test-data/snapshots/r61276aba-20260227T092000+0000', import.meta.url),
);
const native = await loadEngine('native').catch(() => null);
if (!native) console.warn('no native binary: what measuring needs is not tested');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'polyfeat-measure-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const request = (out: string): BuildRequest => ({
  snapshot: SNAPSHOT,
  out: join(folder, out),
  order: 'token',
  returns: parseDurations('30s'),
  windows: parseDurations('60s'),
  bucket: parseDuration('10s'),
  sum: 'exact',
  columns: 'all',
  tsUnit: null,
  compression: 'source',
});

describe.runIf(native)('generateSnapshot', () => {
  const small = () => ({ out: join(folder, 'made'), trades: 10, prints: 100, tokens: 4 });

  it('tells how far it is, and what it wrote', async () => {
    const events: Progress[] = [];
    const { tables, options } = await generateSnapshot(small(), {
      onProgress: (event) => events.push(event),
    });
    expect(tables).toMatchObject({ trades: { rows: 10 }, market_trades: { rows: 100 }, clob_tob: null });
    expect(options).toMatchObject({ trades: 10, tokens: 4, compression: 'zstd' });
    const phases = [...new Set(events.map(({ phase }) => phase))];
    expect(phases).toEqual(['names', 'trades', 'market_trades']);
  });

  it('refuses what it does not know, and stops when it is told to', async () => {
    const unknown = { ...small(), colour: 'red' };
    await expect(generateSnapshot(unknown)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    const stopped = generateSnapshot(small(), { signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await readdir(folder)).toEqual([]);
  });
});

describe.runIf(native)('rooflineSnapshot', () => {
  it('writes a file of the shape of a build, and tells its times', async () => {
    const { timings_ms } = await rooflineSnapshot(request('roofline.parquet'));
    expect(Object.keys(timings_ms)).toEqual(expect.arrayContaining(['keys', 'tape', 'write', 'total']));
    const { snapshot, ...options } = request('built.parquet');
    await buildSnapshot(snapshot, options);
    const shape = async (name: string) => {
      const { tables } = (await native?.engine.inspect(join(folder, name), null)) ?? { tables: [] };
      return tables.map(({ rows, columns }) => [rows, columns.map((column) => [column.name, column.type])]);
    };
    const place = async (name: string) => {
      await mkdir(join(folder, name));
      await rename(join(folder, `${name}.parquet`), join(folder, name, 'trades.parquet'));
    };
    await Promise.all([place('roofline'), place('built')]);
    expect(await shape('roofline')).toEqual(await shape('built'));
  });
});
