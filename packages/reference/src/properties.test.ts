/** What must hold of strict features, whatever the data. Spec section 6. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeFeatures, type FeatureOptions, type FeatureRow } from './features.js';
import { type GivenRules, type PresetName, resolveRules } from './presets.js';
import type { Print, Trade } from './rows.js';
import type { Rules } from './rules.js';
import { bucketOf } from './time.js';

const amount = fc.option(
  fc.integer({ min: -2, max: 50 }).map((n) => n / 8),
  { freq: 12 },
);
const time = fc.option(
  fc.integer({ min: -4, max: 40 }).map((n) => BigInt(n) * 500_000_000n),
  { freq: 12 },
);
const common = {
  ts: time,
  tokenId: fc.option(fc.constantFrom('A', 'B'), { freq: 12 }),
  size: amount,
};
const hash = fc.option(fc.constantFrom('x', 'y', 'z'));
const tradeRow: fc.Arbitrary<Trade> = fc.record({
  ...common,
  marketSlug: fc.option(fc.constantFrom('m', 'n')),
  side: fc.constantFrom('BUY', 'BUY', 'SELL', null),
  outcome: fc.constantFrom('Up', 'Down', 'Yes', null),
  columns: fc.record({ transaction_hash: hash, seq: fc.option(fc.bigInt(0n, 9n)) }),
});
const printRow: fc.Arbitrary<Print> = fc.record({
  ...common,
  price: amount,
  columns: fc.record({
    transaction_hash: hash,
    seq: fc.option(fc.bigInt(0n, 9n)),
    captured_at: time,
  }),
});
const tradeRows = fc.array(tradeRow, { maxLength: 15 });
const printRows = fc.array(printRow, { minLength: 1, maxLength: 40 });

const S = 1_000_000_000n;
const OPTIONS = { returns: [S, 7n * S], windows: [3n * S, 20n * S], bucket: 5n * S, sum: 'exact' } as const;
const rowsOf = (
  trades: readonly Trade[],
  prints: readonly Print[],
  rules: Rules,
  more?: Partial<FeatureOptions>,
) => computeFeatures(trades, prints, { ...OPTIONS, ...more, rules }).rows;
const rulesOf = (preset: PresetName, trades: Trade[], prints: Print[], given: GivenRules = {}) =>
  resolveRules(preset, given, trades, prints).rules;

/** A row as it is when there is nothing yet: without a tape, or with one that tells nothing. */
const asIfTape = (row: FeatureRow): FeatureRow => ({
  ...row,
  tape: row.tape ?? {
    lastPrice: null,
    lastTs: null,
    lastAgeMs: null,
    returns: OPTIONS.returns.map(() => null),
    flows: OPTIONS.windows.map(() => ({ trades: null, volume: null, notional: null })),
    proof: null,
  },
});

describe('features that do not look ahead', () => {
  it.each<[string, PresetName, GivenRules]>([
    ['strict', 'strict', {}],
    ['live', 'live', {}],
    ['strict, trailing sets', 'strict', { regime: 'trailing' }],
    ['strict, sets of the bucket before', 'strict', { regime: 'prev-bucket', unknownToken: 'zero' }],
    ['strict, an embargo', 'strict', { embargo: 700_000_000n, closed: 'neither', maxAge: 3n * S }],
  ])('are the same from the prefix of the data at any cut: %s', (_, preset, given) => {
    fc.assert(
      fc.property(tradeRows, printRows, time, (trades, prints, cut) => {
        const end = cut ?? 0n;
        const upTo = <T extends { ts: bigint | null }>(rows: readonly T[]) =>
          rows.filter(({ ts }) => ts === null || ts <= end);
        const rules = rulesOf(preset, trades, prints, given);
        const full = rowsOf(trades, prints, rules).filter((_row, i) => {
          const ts = trades[i]?.ts ?? null;
          return ts === null || ts <= end;
        });
        // Without any print there are no columns of the tape; unknownToken is then not asked.
        const part = upTo(prints).length === 0 ? [{ ...(prints[0] as Print), ts: null }] : upTo(prints);
        expect(rowsOf(upTo(trades), part, rules).map(asIfTape)).toEqual(full.map(asIfTape));
      }),
      { numRuns: 400 },
    );
  });

  it('would be caught looking: the notebook depends on what comes later', () => {
    const trades: Trade[] = [
      { ts: 0n, tokenId: 'A', marketSlug: 'm', side: 'BUY', outcome: 'Up', size: 1 },
      { ts: S, tokenId: 'A', marketSlug: 'm', side: 'BUY', outcome: 'Down', size: 1 },
    ];
    const prints: Print[] = [{ ts: 9n * S, tokenId: 'A', price: 0.5, size: 1 }];
    const rules = rulesOf('notebook', trades, prints);
    const [full] = rowsOf(trades, prints, rules);
    const [part] = rowsOf(trades.slice(0, 1), [{ ...(prints[0] as Print), ts: null }], rules);
    expect(full?.completeSetFlag).not.toBe(part?.completeSetFlag);
    expect(full?.tape?.flows).not.toEqual(part?.tape?.flows);
  });

  it('use nothing of their own tick or later, and nothing not yet recorded', () => {
    fc.assert(
      fc.property(tradeRows, printRows, (trades, prints) => {
        const rules = rulesOf('live', trades, prints);
        rowsOf(trades, prints, rules, { proof: true }).forEach(({ tape }, i) => {
          const ts = trades[i]?.ts;
          if (tape?.proof == null || ts == null) return;
          const { newestEvent, newestAvailability } = tape.proof;
          if (newestEvent !== null) expect(newestEvent < bucketOf(ts, rules.resolution)).toBe(true);
          if (newestAvailability !== null) expect(newestAvailability <= ts).toBe(true);
        });
      }),
    );
  });
});

describe('what does not matter', () => {
  const shuffled = <T>(rows: readonly T[], keys: readonly number[]) =>
    rows
      .map((row, i) => ({ row, key: keys[i % keys.length] as number }))
      .sort((a, b) => a.key - b.key)
      .map(({ row }) => row);
  const keys = fc.array(fc.nat(), { minLength: 40, maxLength: 40 });

  it('is the order of the tape where time and sequence tell prints apart', () => {
    const unique = fc.uniqueArray(printRow, {
      selector: ({ tokenId, ts, columns }) => `${tokenId}/${ts}/${columns?.['seq']}`,
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(tradeRows, unique, keys, (trades, prints, order) => {
        const rules = rulesOf('strict', trades, prints, { sequence: { trades: 'seq', tape: 'seq' } });
        expect(rowsOf(trades, shuffled(prints, order), rules)).toEqual(rowsOf(trades, prints, rules));
      }),
    );
  });

  it('is the order of the trades where no two share a stamp', () => {
    const unique = fc.uniqueArray(tradeRow, { selector: ({ ts }) => ts, maxLength: 15 });
    fc.assert(
      fc.property(unique, printRows, (trades, prints) => {
        const rules = rulesOf('strict', trades, prints);
        const backward = rowsOf([...trades].reverse(), prints, rules);
        expect([...backward].reverse()).toEqual(rowsOf(trades, prints, rules));
      }),
    );
  });

  it('is a print of another token', () => {
    fc.assert(
      fc.property(tradeRows, printRows, (trades, prints) => {
        const rules = rulesOf('live', trades, prints);
        const other: Print = {
          ts: 0n,
          tokenId: 'other',
          price: 1,
          size: 1e300,
          columns: { captured_at: 0n },
        };
        expect(rowsOf(trades, [other, ...prints], rules)).toEqual(rowsOf(trades, prints, rules));
      }),
    );
  });

  it('is the unit of the stamps', () => {
    const scale = <T extends Trade | Print>(row: T): T => {
      const times = (value: unknown) => (typeof value === 'bigint' ? value * 1000n : value);
      const columns = { ...row.columns, captured_at: times(row.columns?.['captured_at'] ?? null) };
      return { ...row, ts: times(row.ts), columns } as T;
    };
    fc.assert(
      fc.property(tradeRows, printRows, (trades, prints) => {
        const rules = rulesOf('live', trades, prints);
        const coarse = rowsOf(trades, prints, rules);
        const fine = rowsOf(
          trades.map(scale),
          prints.map(scale),
          { ...rules, resolution: rules.resolution * 1000n },
          {
            returns: OPTIONS.returns.map((lag) => lag * 1000n),
            windows: OPTIONS.windows.map((length) => length * 1000n),
            bucket: OPTIONS.bucket * 1000n,
          },
        );
        const values = (rows: readonly FeatureRow[]) =>
          rows.map(({ tape, completeSetFlag, completeSetShares, regime }) => [
            [tape?.lastPrice, tape?.returns, tape?.flows],
            [completeSetFlag, completeSetShares, regime],
          ]);
        expect(values(fine)).toEqual(values(coarse));
      }),
    );
  });
});
