/** Features of random tables: the definition, the TypeScript engine and the native one give the same bits. */
import { bucketOf, computeFeatures as define, fitsTime, regimeOf, tokenOrder } from '@polyfeat/reference';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeFeatures, computeFeaturesAsync, parseDurations, prepare, regimes } from '../../src/index.js';
import { printColumns, tables, tradeColumns, valuesOf, withinReach } from './model.js';
import { PLAIN } from './shapes.js';
import { engines } from './support.js';

const options = fc.record({
  returns: fc.uniqueArray(fc.constantFrom('1s', '30s', '300s', '250ms', '7ns', '106751d'), { maxLength: 3 }),
  windows: fc.uniqueArray(fc.constantFrom('1s', '2s', '60s', '500ms', '3us', '100000d'), { maxLength: 3 }),
  bucket: fc.constantFrom('10s', '1s', '86400s'),
  sum: fc.constantFrom('exact' as const, 'notebook' as const),
});

const durations = (list: readonly string[]) => (list.length === 0 ? [] : parseDurations(list.join(',')));

/** What the definition says, column by column, in the order of the rows. */
function defined(
  trades: Parameters<typeof define>[0],
  prints: Parameters<typeof define>[1],
  chosen: {
    returns: readonly string[];
    windows: readonly string[];
    bucket: string;
    sum: 'exact' | 'notebook';
  },
) {
  const [returns, windows, bucket] = [
    durations(chosen.returns),
    durations(chosen.windows),
    durations([chosen.bucket])[0]!,
  ];
  const { rows } = define(trades, prints, {
    returns: returns.map(({ nanos }) => nanos),
    windows: windows.map(({ nanos }) => nanos),
    bucket: bucket.nanos,
    sum: chosen.sum,
  });
  const columns: Record<string, unknown[]> = {
    mt_last_price: rows.map(({ tape }) => tape!.lastPrice),
    mt_last_ts: rows.map(({ tape }) => tape!.lastTs),
    mt_last_age_ms: rows.map(({ tape }) => tape!.lastAgeMs),
  };
  returns.forEach(({ label }, k) => {
    columns[`mt_return_${label}`] = rows.map(({ tape }) => tape!.returns[k] ?? null);
  });
  windows.forEach(({ label }, k) => {
    for (const kind of ['trades', 'volume', 'notional'] as const)
      columns[`mt_${kind}_${label}`] = rows.map(({ tape }) => tape!.flows[k]![kind]);
  });
  columns['bucket'] = rows.map((row) => row.bucket);
  columns['complete_set_flag'] = rows.map((row) => row.completeSetFlag);
  columns['complete_set_shares'] = rows.map((row) => row.completeSetShares);
  columns['regime'] = rows.map((row) => row.regime);
  return columns;
}

describe.each(engines)('features by %s', (engine) => {
  it('are those of the definition, whatever the shape of the tables', () => {
    fc.assert(
      fc.property(tables(), options, ({ clock, trades, prints, shapes }, given) => {
        const times = [...trades, ...prints].flatMap(({ ts }) => (ts === null ? [] : [ts]));
        fc.pre(times.every((ts) => fitsTime(ts) && fitsTime(bucketOf(ts, 86_400_000_000_000n))));
        const chosen = {
          ...given,
          returns: withinReach(given.returns, times),
          windows: withinReach(given.windows, times),
        };
        const expected = defined(trades, prints, chosen);
        const result = computeFeatures(
          tradeColumns(trades, clock, shapes),
          printColumns(prints, clock, shapes),
          { ...chosen, engine },
        );
        expect(result.numRows).toBe(trades.length);
        for (const [name, values] of Object.entries(expected))
          expect([name, valuesOf(result, name)]).toEqual([name, values]);
      }),
      { numRuns: 400 },
    );
  });

  it('are the same prepared, beside the event loop, and in the order of tokens', async () => {
    await fc.assert(
      fc.asyncProperty(tables(), options, async ({ clock, trades, prints, shapes }, given) => {
        const times = trades.map(({ ts }) => ts);
        fc.pre(times.every((ts) => ts === null || fitsTime(bucketOf(ts, 86_400_000_000_000n))));
        const chosen = {
          ...given,
          returns: withinReach(given.returns, times),
          windows: withinReach(given.windows, times),
        };
        const left = tradeColumns(trades, clock, shapes);
        const right = printColumns(prints, clock, shapes);
        const plain = computeFeatures(left, right, { ...chosen, engine });
        using tape = prepare(right, { engine });
        const others = [
          tape.computeFeatures(left, chosen),
          await tape.computeFeaturesAsync(left, chosen),
          await computeFeaturesAsync(left, right, { ...chosen, engine }),
        ];
        const names = plain.schema.names.map(String);
        for (const other of others) {
          for (const name of names)
            expect([name, valuesOf(other, name)]).toEqual([name, valuesOf(plain, name)]);
        }
        const sorted = computeFeatures(left, right, { ...chosen, engine, order: 'token' });
        const order = tokenOrder(trades);
        for (const name of names) {
          const values = valuesOf(plain, name);
          expect([name, valuesOf(sorted, name)]).toEqual([name, order.map((row) => values[row])]);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('without a tape has no columns of one; regimes are the same', () => {
    fc.assert(
      fc.property(tables(), ({ clock, trades, shapes }) => {
        const left = tradeColumns(trades, clock, shapes);
        const none = computeFeatures(left, undefined, { engine });
        const empty = computeFeatures(
          left,
          printColumns(
            [],
            clock,
            shapes.map(() => PLAIN),
          ),
          { engine },
        );
        const only = regimes(left, { engine });
        const names = [...Object.keys(left), 'bucket', 'complete_set_flag', 'complete_set_shares', 'regime'];
        for (const table of [none, empty, only]) {
          expect(table.schema.names).toEqual(names);
          for (const name of names) expect(valuesOf(table, name)).toEqual(valuesOf(none, name));
        }
        const flags = valuesOf(none, 'complete_set_flag');
        expect(valuesOf(none, 'regime')).toEqual(
          trades.map((trade, i) => regimeOf(trade, flags[i] === true)),
        );
      }),
      { numRuns: 100 },
    );
  });
});
