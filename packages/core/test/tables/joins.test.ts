/** As-of joins and window flows of random tables, against what their definitions say row by row. */
import { exactSum, type Print, type Trade } from '@polyfeat/reference';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asofJoin,
  asofJoinAsync,
  isPolyfeatError,
  parseDuration,
  windowFlow,
  windowFlowAsync,
} from '../../src/index.js';
import { printColumns, tables, tradeColumns, valuesOf, withinReach } from './model.js';
import { textColumn } from './shapes.js';
import { engines } from './support.js';

const joinOptions = fc.record({
  strict: fc.boolean(),
  ties: fc.constantFrom('last' as const, 'first' as const, 'error' as const, undefined),
  maxAge: fc.constantFrom('0s', '1s', '300ms', '7ns', '1d', null),
  direction: fc.constantFrom('backward' as const, 'forward' as const, 'nearest' as const),
  keys: fc.constantFrom(0, 1, 2),
});

const flowOptions = fc.record({
  windows: fc.uniqueArray(fc.constantFrom('1s', '2s', '60s', '500ms', '1ns', '100000d'), {
    minLength: 1,
    maxLength: 3,
  }),
  closed: fc.constantFrom('right' as const, 'left' as const, 'both' as const, 'neither' as const),
  keys: fc.constantFrom(0, 1, 2),
});

const key = (row: Trade | Print, keys: number, second: string | null): string | null => {
  if (keys === 0) return '';
  if (row.tokenId === null || (keys === 2 && second === null)) return null;
  return JSON.stringify(keys === 1 ? [row.tokenId] : [row.tokenId, second]);
};
const nanosOf = (text: string) => (text === '0s' ? 0n : parseDuration(text).nanos);

/** A second key column, made of what is there. */
const flags = (rows: readonly { size: number | null }[]) =>
  rows.map(({ size }, i) => (size === null && i % 3 === 0 ? null : i % 2 === 0 ? 'x' : 'y'));

/** The definition of the as-of join: the row of the right for a left one, -1, or that there are two. */
function matchOf(
  left: { ts: bigint | null; key: string | null },
  right: readonly { ts: bigint | null; key: string | null }[],
  o: {
    strict: boolean;
    ties?: 'last' | 'first' | 'error' | undefined;
    maxAge: string | null;
    direction: string;
  },
): number | 'two' {
  if (left.ts === null || left.key === null) return -1;
  const t = left.ts;
  const side = (isBefore: boolean) => {
    const rows = right.flatMap(({ ts, key: k }, row) => {
      if (ts === null || k !== left.key) return [];
      const distance = isBefore ? t - ts : ts - t;
      return distance > 0n || (distance === 0n && !o.strict) ? [{ row, distance }] : [];
    });
    const least = rows.reduce<bigint | null>(
      (m, { distance }) => (m === null || distance < m ? distance : m),
      null,
    );
    if (least === null || (o.maxAge !== null && least > nanosOf(o.maxAge))) return null;
    return {
      distance: least,
      rows: rows.filter(({ distance }) => distance === least).map(({ row }) => row),
      isBefore,
    };
  };
  const before = o.direction === 'forward' ? null : side(true);
  const after = o.direction === 'backward' ? null : side(false);
  const chosen = before === null || (after !== null && after.distance < before.distance) ? after : before;
  if (chosen === null) return -1;
  if (o.ties === 'error') return chosen.rows.length > 1 ? 'two' : chosen.rows[0]!;
  const ties = o.ties ?? (chosen.isBefore ? 'last' : 'first');
  return ties === 'last' ? chosen.rows.at(-1)! : chosen.rows[0]!;
}

describe.each(engines)('asofJoin by %s', (engine) => {
  it('is its definition, whatever the shape of the tables', async () => {
    await fc.assert(
      fc.asyncProperty(tables(), joinOptions, async ({ clock, trades, prints, shapes }, { keys, ...o }) => {
        const [second, other] = [flags(trades), flags(prints)];
        const left = { ...tradeColumns(trades, clock, shapes), flag: textColumn(second, shapes[3]!) };
        const right = {
          ...printColumns(prints, clock, shapes),
          flag: textColumn(other, shapes[4]!),
          row: Int32Array.from(prints.keys()),
        };
        const expected = trades.map((trade, i) =>
          matchOf(
            { ts: trade.ts, key: key(trade, keys, second[i]!) },
            prints.map((print, j) => ({ ts: print.ts, key: key(print, keys, other[j]!) })),
            o,
          ),
        );
        const by = ['token_id', 'flag'].slice(0, keys);
        const options = {
          ...o,
          by,
          allowLookahead: true,
          engine,
          columns: ['row', 'price', 'token_id', 'ts'],
        };
        if (expected.includes('two')) {
          expect(() => asofJoin(left, right, options)).toThrow(
            expect.objectContaining({ code: 'DUPLICATE_TIME' }),
          );
          await expect(asofJoinAsync(left, right, options)).rejects.toSatisfy(isPolyfeatError);
          return;
        }
        const joined = asofJoin(left, right, options);
        const rows = expected.map((row) => (row === -1 ? null : (row as number)));
        expect(joined.schema.names).toEqual([
          ...Object.keys(left),
          'row',
          'price',
          'token_id_right',
          'ts_right',
        ]);
        expect(valuesOf(joined, 'row')).toEqual(rows);
        const of = <T>(value: (print: Print) => T) =>
          rows.map((row) => (row === null ? null : value(prints[row]!)));
        expect(valuesOf(joined, 'token_id_right')).toEqual(of(({ tokenId }) => tokenId));
        expect(valuesOf(joined, 'ts_right')).toEqual(of(({ ts }) => ts));
        expect(valuesOf(await asofJoinAsync(left, right, options), 'row')).toEqual(rows);
      }),
      { numRuns: 400 },
    );
  });
});

/** The definition of the flow. */
function flowOf(
  left: { ts: bigint | null; key: string | null },
  right: readonly { ts: bigint | null; key: string | null; terms: readonly number[] }[],
  window: string,
  closed: 'right' | 'left' | 'both' | 'neither',
): (number | null)[] {
  if (left.ts === null || left.key === null) return [null, null, null];
  const { nanos } = parseDuration(window);
  const [t, start] = [left.ts, left.ts - nanos];
  const inside = right.filter(({ ts, key: k }) => {
    if (ts === null || k !== left.key) return false;
    const afterStart = closed === 'left' || closed === 'both' ? ts >= start : ts > start;
    const beforeEnd = closed === 'right' || closed === 'both' ? ts <= t : ts < t;
    return afterStart && beforeEnd;
  });
  const sum = (k: number) => {
    const total = exactSum(inside.map(({ terms }) => terms[k]!));
    return Number.isNaN(total) ? null : total;
  };
  return [inside.length, sum(0), sum(1)];
}

describe.each(engines)('windowFlow by %s', (engine) => {
  it('is its definition, whatever the shape of the tables', async () => {
    await fc.assert(
      fc.asyncProperty(tables(), flowOptions, async ({ clock, trades, prints, shapes }, given) => {
        const windows = withinReach(
          given.windows,
          trades.map(({ ts }) => ts),
        );
        const o = { ...given, windows };
        const [second, other] = [flags(trades), flags(prints)];
        const left = { ...tradeColumns(trades, clock, shapes), flag: textColumn(second, shapes[3]!) };
        const right = { ...printColumns(prints, clock, shapes), flag: textColumn(other, shapes[4]!) };
        const options = {
          engine,
          windows: o.windows,
          closed: o.closed,
          by: ['token_id', 'flag'].slice(0, o.keys),
          count: 'prints',
          sums: { volume: 'size', notional: ['price', 'size'] },
        } as const;
        const rows = prints.map((print, j) => {
          const [p, q] = [print.price ?? Number.NaN, print.size ?? Number.NaN];
          return { ts: print.ts, key: key(print, o.keys, other[j]!), terms: [q, p * q] };
        });
        for (const flow of [windowFlow(left, right, options), await windowFlowAsync(left, right, options)]) {
          for (const window of o.windows) {
            const expected = trades.map((trade, i) =>
              flowOf({ ts: trade.ts, key: key(trade, o.keys, second[i]!) }, rows, window, o.closed),
            );
            const { label } = parseDuration(window);
            ['prints', 'volume', 'notional'].forEach((name, k) => {
              expect(valuesOf(flow, `${name}_${label}`)).toEqual(expected.map((values) => values[k]));
            });
          }
        }
      }),
      { numRuns: 400 },
    );
  });
});
