import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Engine, SumMode } from '../src/types.js';
import { engines, ts } from './support/engines.js';
import { type Golden, goldens } from './support/goldens.js';
import { request, scratch } from './support/snapshot.js';

const folder = await scratch();
const cases = goldens.flatMap((golden) => engines.map((engine) => ({ ...golden, engine, by: engine.name })));

const build = async (engine: Engine, { name, snapshot }: Golden, sum: SumMode) => {
  const out = join(folder, `${name}.${engine.name}.${sum}.parquet`);
  return engine.build(request(snapshot, { out, sum }));
};

describe.each(cases)('$name by $by', ({ engine, ...snapshot }) => {
  it('is the notebook, bit for bit, with its sums', async () => {
    const { out, columns } = await build(engine, snapshot, 'notebook');
    expect(columns).toBe(56);
    // The TypeScript engine judges both: what the native engine wrote is not read by itself.
    expect(await ts.compare({ a: out, b: snapshot.golden, rtol: 0, atol: 0, key: [] })).toMatchObject({
      equal: true,
      order_differs: false,
      columns_compared: 56,
      differences: [],
    });
  });
});

// With exact sums the engines are compared to each other, value by value: by verify.
describe.each([...goldens])('$name', (snapshot) => {
  it('is the notebook up to its rounding, with exact sums', async () => {
    const { out } = await build(ts, snapshot, 'exact');
    const compared = await ts.compare({ a: out, b: snapshot.golden, rtol: 1e-9, atol: 0, key: [] });
    expect(compared).toMatchObject({ order_differs: false, columns_compared: 56 });
    // The notebook's differences of cumulative sums leave errors that are relative to all that came before.
    const beyond = compared.differences.filter(
      ({ column, max_abs }) => !/^mt_(volume|notional)_/.test(column) || (max_abs ?? 1) > 1e-6,
    );
    expect(beyond).toEqual([]);
  });
});
