import { describe, expect, it } from 'vitest';
import type { RowOrder, SumMode } from '../src/types.js';
import { verifySnapshot } from '../src/verify.js';
import { bothEngines, native } from './support/engines.js';
import { goldens } from './support/goldens.js';
import { request } from './support/snapshot.js';

const runs: [SumMode, RowOrder][] = [
  ['exact', 'token'],
  ['notebook', 'input'],
];

describe.skipIf(native === null).each([...goldens])('verify $name', ({ snapshot }) => {
  it.each(runs)('finds the engines equal with %s sums and the order %s', async (sum, order) => {
    const report = await verifySnapshot(request(snapshot, { sum, order }), {}, bothEngines());
    expect(report.comparison.differences).toEqual([]);
    expect(report).toMatchObject({ equal: true, columns: 56, report_differences: [] });
    expect(report.comparison.columns_compared).toBe(56);
  });
});
