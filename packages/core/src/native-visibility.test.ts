import type { ColumnView, FeatureAnswer, OutColumn } from '@polyfeat/native';
import { type Binding, loadBinding, type TapeColumns, type TradeColumns } from '@polyfeat/native';
import {
  computeFeatures,
  DefinitionError,
  type FeatureRow,
  NOTEBOOK_RULES,
  type Print,
  type Rules,
  type Trade,
} from '@polyfeat/reference';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** The native engine's rules of visibility beside the definition, value by value, on dense random tables. */
const binding = await loadBinding().catch(() => null);
if (!binding) console.warn('no native binary: visibility is not compared with the definition');
const native = binding as Binding;

const S = 1_000_000_000n;
const bytes = (a: ArrayBufferView) => new Uint8Array(a.buffer, a.byteOffset, a.byteLength);
const validity = (values: readonly unknown[]) => {
  const bits = new Uint8Array(Math.ceil(values.length / 8));
  values.forEach((v, i) => {
    if (v !== null) bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7));
  });
  return bits;
};
const column = (name: string, type: object, values: readonly unknown[], data: object): ColumnView =>
  ({
    name,
    ...type,
    chunks: [{ length: values.length, validity: validity(values), ...data }],
  }) as unknown as ColumnView;
const longs = (name: string, type: object, values: readonly (bigint | null)[]) =>
  column(name, type, values, { values: bytes(BigInt64Array.from(values, (v) => v ?? 77n)) });
const times = (name: string, values: readonly (bigint | null)[], unit: 'ms' | 'ns') =>
  longs(name, { type: 'timestamp', unit }, unit === 'ns' ? values : values.map((v) => v && v / 1_000_000n));
const doubles = (name: string, values: readonly (number | null)[]) =>
  column(name, { type: 'f64' }, values, { values: bytes(Float64Array.from(values, (v) => v ?? 5)) });
const texts = (name: string, values: readonly (string | null)[]) => {
  const encoded = values.map((v) => Buffer.from(v ?? '?'));
  const offsets = [0];
  for (const text of encoded) offsets.push((offsets.at(-1) ?? 0) + text.length);
  return column(name, { type: 'utf8' }, values, {
    values: new Uint8Array(Buffer.concat(encoded)),
    offsets: bytes(Int32Array.from(offsets)),
  });
};

const half = fc.integer({ min: 0, max: 24 }).map((n) => (BigInt(n) * S) / 2n);
const orNull = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null, freq: 6 });
const cents = fc.integer({ min: 1, max: 99 }).map((n) => n / 100);
const tie = fc.constantFrom(null, 'last' as const, 'first' as const, 'error' as const);
const shared = {
  seq: orNull(fc.integer({ min: 0, max: 3 }).map(BigInt)),
  hash: orNull(fc.constantFrom('x', 'y', 'z')),
};
const trade = fc.record({
  ts: orNull(half),
  tokenId: orNull(fc.constantFrom('A', 'B')),
  marketSlug: fc.constantFrom('m', null),
  side: fc.constantFrom('BUY', 'SELL'),
  outcome: fc.constantFrom('Up', 'Down'),
  size: cents,
  columns: fc.record(shared),
}) as fc.Arbitrary<Trade>;
const print = fc.record({
  ts: orNull(half),
  tokenId: orNull(fc.constantFrom('A', 'C')),
  price: orNull(cents),
  size: orNull(cents),
  columns: fc.record({ ...shared, known: orNull(half) }),
}) as fc.Arbitrary<Print>;
const rules: fc.Arbitrary<Rules> = fc
  .record({
    ties: fc.constantFrom('include' as const, 'exclude' as const, 'sequence' as const),
    resolution: fc.constantFrom(1n, S, 3n * S, S / 2n),
    availability: fc.constantFrom(null, 'known'),
    embargo: fc.constantFrom(0n, 0n, S, S / 4n),
    excludeSelf: fc.constantFrom([], ['hash'], ['hash', 'seq']),
    maxAge: fc.constantFrom(null, 0n, 2n * S),
    tie,
    direction: fc.constantFrom(
      'backward' as const,
      'backward' as const,
      'forward' as const,
      'nearest' as const,
    ),
    closed: fc.constantFrom(null, 'right' as const, 'left' as const, 'both' as const, 'neither' as const),
    unknownToken: fc.constantFrom('null' as const, 'causal' as const, 'zero' as const),
    regime: fc.constantFrom(
      'bucket' as const,
      'bucket-asof' as const,
      'trailing' as const,
      'prev-bucket' as const,
    ),
  })
  .map(({ closed, ...r }) => ({
    ...NOTEBOOK_RULES,
    ...r,
    sequence: r.ties === 'sequence' ? { trades: 'seq', tape: 'seq' } : null,
    closed: closed ?? (r.ties === 'exclude' ? 'left' : 'right'),
  }));

const of = <R extends { columns?: unknown }>(rows: readonly R[], name: string) =>
  rows.map((row) => ((row.columns as Record<string, unknown> | undefined)?.[name] ?? null) as never);
const tradeColumns = (rows: readonly Trade[]): TradeColumns => ({
  token: texts(
    'token_id',
    rows.map((t) => t.tokenId),
  ),
  ts: times(
    'ts',
    rows.map((t) => t.ts),
    'ms',
  ),
  market: texts(
    'market_slug',
    rows.map((t) => t.marketSlug),
  ),
  side: texts(
    'side',
    rows.map((t) => t.side),
  ),
  outcome: texts(
    'outcome',
    rows.map((t) => t.outcome),
  ),
  size: doubles(
    'size',
    rows.map((t) => t.size),
  ),
  sequence: longs('seq', { type: 'i64' }, of(rows, 'seq')),
  self: [],
});
const tapeColumns = (rows: readonly Print[]): TapeColumns => ({
  token: texts(
    'token_id',
    rows.map((p) => p.tokenId),
  ),
  ts: times(
    'ts',
    rows.map((p) => p.ts),
    'ms',
  ),
  price: doubles(
    'price',
    rows.map((p) => p.price),
  ),
  size: doubles(
    'size',
    rows.map((p) => p.size),
  ),
  availability: times('known', of(rows, 'known'), 'ns'),
  sequence: longs('seq', { type: 'i64' }, of(rows, 'seq')),
  self: [],
});
const selfColumns = (rows: readonly (Trade | Print)[], names: readonly string[]) =>
  names.map((name) =>
    name === 'seq' ? longs('seq', { type: 'i64' }, of(rows, name)) : texts(name, of(rows, name)),
  );

const values = (c: OutColumn | undefined): unknown[] =>
  c === undefined
    ? []
    : Array.from({ length: c.type === 'bool' ? c.values.length * 8 : c.values.length }, (_, i) => {
        if (c.validity && !((c.validity[i >> 3] ?? 0) & (1 << (i & 7)))) return null;
        return c.type === 'bool' ? Boolean((c.values[i >> 3] ?? 0) & (1 << (i & 7))) : c.values[i];
      });
const duration = (nanos: bigint) => ({ nanos: String(nanos), label: `${nanos / S}s` });

function check(
  answer: FeatureAnswer | { error: { code: string } },
  wanted: ReturnType<typeof run>,
  rows: number,
) {
  if ('error' in answer || 'code' in wanted) {
    expect('error' in answer ? answer.error.code : 'none').toBe('code' in wanted ? wanted.code : 'none');
    return;
  }
  const { rows: definition } = wanted;
  const got = (name: string) => values(answer.columns.find((c) => c.name === name)).slice(0, rows);
  const want = (pick: (row: FeatureRow) => unknown) => definition.map(pick);
  if (definition[0]?.tape) {
    expect(got('mt_last_price')).toEqual(want((r) => r.tape?.lastPrice));
    expect(got('mt_last_ts')).toEqual(want((r) => r.tape?.lastTs && r.tape.lastTs / 1_000_000n));
    expect(got('mt_last_age_ms')).toEqual(want((r) => r.tape?.lastAgeMs));
    [2n, 5n].forEach((s, i) => {
      expect(got(`mt_return_${s}s`)).toEqual(want((r) => r.tape?.returns[i]));
    });
    [3n, 8n].forEach((s, i) => {
      expect(got(`mt_trades_${s}s`)).toEqual(want((r) => r.tape?.flows[i]?.trades));
      expect(got(`mt_volume_${s}s`)).toEqual(want((r) => r.tape?.flows[i]?.volume));
      expect(got(`mt_notional_${s}s`)).toEqual(want((r) => r.tape?.flows[i]?.notional));
    });
  }
  expect(got('complete_set_flag')).toEqual(want((r) => r.completeSetFlag));
  expect(got('complete_set_shares')).toEqual(want((r) => r.completeSetShares));
}

function run(trades: readonly Trade[], prints: readonly Print[], r: Rules, sum: 'exact' | 'notebook') {
  try {
    return computeFeatures(trades, prints, {
      returns: [2n * S, 5n * S],
      windows: [3n * S, 8n * S],
      bucket: 5n * S,
      sum,
      rules: r,
    });
  } catch (e) {
    if (e instanceof DefinitionError) return { code: e.code };
    throw e;
  }
}

describe.runIf(binding)('visibility on tables', () => {
  it('is the definition, for one call and for a prepared tape', () => {
    const tables = fc.tuple(
      fc.array(trade, { minLength: 1, maxLength: 14 }),
      fc.array(print, { minLength: 1, maxLength: 30 }),
      rules,
      fc.constantFrom('exact' as const, 'exact' as const, 'notebook' as const),
    );
    fc.assert(
      fc.property(tables, ([trades, prints, r, sum]) => {
        const wanted = run(trades, prints, r, sum);
        const json = JSON.stringify({
          returns: [2n, 5n].map((s) => duration(s * S)),
          windows: [3n, 8n].map((s) => duration(s * S)),
          bucket: duration(5n * S),
          sum,
          regime: r.regime,
          threads: 2,
          visibility: {
            ties: r.ties,
            resolution: duration(r.resolution),
            availability: r.availability !== null,
            embargo: duration(r.embargo),
            excludeSelf: r.excludeSelf.length > 0,
            ...(r.maxAge === null ? {} : { maxAge: duration(r.maxAge) }),
            closed: r.closed,
            unknownToken: r.unknownToken,
            ...(r.tie === null ? {} : { tie: r.tie }),
            direction: r.direction,
          },
        });
        const mine = { ...tradeColumns(trades), self: selfColumns(trades, r.excludeSelf) };
        const tape = { ...tapeColumns(prints), self: selfColumns(prints, r.excludeSelf) };
        check(native.features(json, mine, tape), wanted, trades.length);
        const prepared = native.prepareTape('{}', tape);
        if ('error' in prepared) throw new Error(prepared.error.message);
        check(prepared.features(json, mine), wanted, trades.length);
      }),
      { numRuns: Number(process.env['POLYFEAT_ROUNDS'] ?? 30) * 10 },
    );
  });

  it('finds the resolution of both tables by itself: the coarser one', () => {
    const at = (ts: bigint) => ({ ts, tokenId: 'A', marketSlug: 'm', side: 'BUY', outcome: 'Up', size: 1 });
    const trades = tradeColumns([at(5n * S + S / 2n), at(6n * S)]);
    const tape = tapeColumns([4n, 5n, 6n].map((s) => ({ ts: s * S, tokenId: 'A', price: 0.5, size: 1 })));
    const last = (visibility: object) => {
      const plan = { returns: [], windows: [], bucket: duration(S), sum: 'exact', visibility };
      const answer = native.features(JSON.stringify(plan), trades, tape);
      if ('error' in answer) throw new Error(answer.error.message);
      return values(answer.columns.find((c) => c.name === 'mt_last_ts'));
    };
    const exclude = { ties: 'exclude' };
    expect(last({ ...exclude, resolution: 'auto' })).toEqual([4000n, 5000n]);
    expect(last(exclude)).toEqual(last({ ...exclude, resolution: duration(S) }));
    expect(last({ ...exclude, resolution: { nanos: '1000000', label: '1ms' } })).toEqual([5000n, 5000n]);
  });

  it.each([
    ['MISSING_COLUMN', { availability: true }],
    ['MISSING_COLUMN', { excludeSelf: true }],
    ['MISSING_COLUMN', { ties: 'sequence' }],
    ['INVALID_OPTION', { ties: 'sometimes' }],
    ['INVALID_OPTION', { embargo: { nanos: '-1', label: '' } }],
    ['INVALID_OPTION', { ties: 'exclude', resolution: { nanos: '0', label: '' } }],
  ])('answers with %s to %j without what it needs', (code, visibility) => {
    const row = { ts: S, tokenId: 'A', marketSlug: 'm', side: 'BUY', outcome: 'Up', size: 1 };
    const { sequence: _, self: __, ...trades } = tradeColumns([row]);
    const {
      availability: ___,
      sequence: ____,
      ...tape
    } = tapeColumns([{ ts: S, tokenId: 'A', price: 0.5, size: 1 }]);
    const plan = { returns: [], windows: [], bucket: duration(S), sum: 'exact', visibility };
    expect(native.features(JSON.stringify(plan), trades, tape)).toMatchObject({ error: { code } });
  });
});
