import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDuration, parseDurations } from '../duration.js';
import type { BuildRequest, SumMode } from '../types.js';
import { createTsEngine } from './index.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const BUNDLED = { data: join(ROOT, 'test-data/snapshots'), golden: join(ROOT, 'test-data/golden') };
const SHARED = { data: join(ROOT, '../shared/data'), golden: join(ROOT, '../shared/golden') };

/** The snapshots of a place that have a golden file, which is what the notebook itself wrote. */
function goldens({ data, golden }: typeof BUNDLED) {
  const suffix = '.features.parquet';
  return readdirSync(golden)
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length))
    .filter((name) => existsSync(join(data, name)))
    .map((name) => ({ name, snapshot: join(data, name), golden: join(golden, name + suffix) }));
}

function request(snapshot: string, out: string, sum: SumMode): BuildRequest {
  return {
    snapshot,
    out,
    order: 'token',
    returns: parseDurations('30s,300s'),
    windows: parseDurations('60s'),
    bucket: parseDuration('10s'),
    sum,
    columns: 'all',
    tsUnit: null,
    compression: 'source',
  };
}

const engine = createTsEngine();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'polyfeat-golden-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const places = [BUNDLED, SHARED].filter(({ data, golden }) => existsSync(data) && existsSync(golden));
if (!places.includes(SHARED))
  console.warn('skipped: the goldens of ../shared, which is not beside the repository');

describe.each(places.flatMap(goldens))('$name', ({ name, snapshot, golden }) => {
  it('is the notebook, bit for bit, with its sums', async () => {
    const out = join(folder, `${name}.notebook.parquet`);
    const report = await engine.build(request(snapshot, out, 'notebook'));
    expect(report.columns).toBe(56);
    const compared = await engine.compare({ a: out, b: golden, rtol: 0, atol: 0, key: [] });
    expect(compared).toMatchObject({
      equal: true,
      order_differs: false,
      columns_compared: 56,
      differences: [],
    });
  });

  it('is the notebook up to its rounding, with exact sums', async () => {
    const out = join(folder, `${name}.exact.parquet`);
    await engine.build(request(snapshot, out, 'exact'));
    const compared = await engine.compare({ a: out, b: golden, rtol: 1e-9, atol: 0, key: [] });
    // The notebook's differences of cumulative sums leave errors that are relative to all that came before.
    const beyond = compared.differences.filter(
      ({ column, max_abs }) => !/^mt_(volume|notional)_/.test(column) || (max_abs ?? 1) > 1e-6,
    );
    expect(beyond).toEqual([]);
  });
});
