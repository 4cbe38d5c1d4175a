/** The as-of join beside `pandas.merge_asof`: what pandas gave, as scripts/fixtures/merge_asof.py recorded it. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type AsofJoinOptions, asofJoin, asofJoinAsync } from '../../src/index.js';
import { textColumn, timeColumn } from './shapes.js';
import { engines } from './support.js';

interface Side {
  readonly ts: readonly (number | null)[];
  readonly a: readonly string[];
  readonly b: readonly string[];
}

interface Case {
  readonly options: Pick<AsofJoinOptions, 'strict' | 'direction'> & {
    readonly by: readonly string[];
    readonly maxAge: number | null;
  };
  readonly left: Side;
  readonly right: Side;
  readonly rows: readonly number[];
}

const file = new URL('../../../../test-data/fixtures/merge-asof.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: readonly Case[] };

/** A side as columns: in units and chunks that differ from case to case. */
function columns({ ts, a, b }: Side, which: number) {
  const form = { type: which, cuts: which % 2 === 0 ? [] : [3, 3, 9], before: which % 3, after: which % 2 };
  const unit = (['s', 'ms', 'us', 'ns'] as const)[which % 4]!;
  return {
    ts: timeColumn(
      ts.map((seconds) => (seconds === null ? null : BigInt(seconds) * 1_000_000_000n)),
      unit,
      form,
    ),
    a: textColumn(a, form),
    b: textColumn(b, { ...form, type: which + 1 }),
    row: Int32Array.from(ts.keys()),
  };
}

describe.each(engines)('by %s', (engine) => {
  it('matches the rows that pandas matches', async () => {
    for (const [i, { options, left, right, rows }] of cases.entries()) {
      const { maxAge, ...others } = options;
      const chosen = {
        ...others,
        engine,
        allowLookahead: true,
        maxAge: maxAge === null ? null : `${maxAge}s`,
        columns: ['row'],
      } as const;
      const expected = rows.map((row) => (row === -1 ? null : row));
      const tables = [columns(left, i), columns(right, i + 1)] as const;
      for (const joined of [asofJoin(...tables, chosen), await asofJoinAsync(...tables, chosen)]) {
        expect([i, options, [...joined.getChild('row_right')!]]).toEqual([i, options, expected]);
      }
    }
  });

  it('by cases of every kind', () => {
    const kinds = cases.map(({ options: { by, strict, direction, maxAge } }) =>
      JSON.stringify([by.length, strict, direction, maxAge === null]),
    );
    expect(new Set(kinds).size).toBe(3 * 2 * 3 * 2);
    const matched = cases.flatMap(({ rows }) => rows).filter((row) => row !== -1).length;
    expect(matched).toBeGreaterThan(400);
  });
});
