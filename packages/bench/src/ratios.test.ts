import { describe, expect, it } from 'vitest';
import { arm, snapshot } from '../test/support/sample.js';
import { ratiosOf, winners } from './ratios.js';

const peer = { group: 'peer' } as const;

describe('ratios', () => {
  it('take the best arm of a library that gives the right rows', () => {
    const wrong = { ...peer, check: { rows: 4, wrong_rows: 1, columns: ['mt_last_price'] } };
    const arms = [
      ...[arm('token', [2, 2]), arm('input', [1, 1])],
      ...[arm('duckdb', [10, 10], peer), arm('duckdb-node', [8, 8], peer), arm('duckdb-any', [4, 4], wrong)],
    ];
    expect(ratiosOf(snapshot(arms)).map(({ what, ratio }) => [what, ratio])).toEqual([
      ['best of DuckDB (the duckdb-node) ÷ native, token order', 4],
      ['best of DuckDB (the duckdb-node) ÷ native, input order', 8],
    ]);
  });

  it('leave out what was not run, and set threads, memory, limit and languages beside each other', () => {
    const arms = [
      ...[arm('token', [2]), arm('token-1', [3]), arm('roofline-token', [1.6]), arm('typed-arrays', [20])],
      ...[arm('memory-1G', [2.5], { title: 'native, token order, at most 1G' }), arm('row-objects', [])],
      ...[arm('compute-native', [0.5]), arm('compute-ts', [2]), arm('compute-rows', [20])],
    ];
    const found = Object.fromEntries(ratiosOf(snapshot(arms)).map(({ what, ratio }) => [what, ratio]));
    expect(found).toEqual({
      'typed arrays ÷ native, files': 10,
      'typed arrays ÷ native, in memory': 4,
      'row objects ÷ native, in memory': 40,
      'native ÷ roofline, token order': 1.25,
      '1 ÷ 2 threads, token order': 1.5,
      'at most 1G ÷ no bound': 1.25,
    });
  });

  it('tell where a peer wins', () => {
    const arms = [arm('token', [2]), arm('polars', [1], peer), arm('duckdb', [3], peer)];
    expect(winners(snapshot(arms))).toMatchObject([{ title: 'the polars', ratio: { ratio: 0.5 } }]);
  });
});
