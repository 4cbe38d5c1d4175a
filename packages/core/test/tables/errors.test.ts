/** What goes wrong: each its code, the same from every engine. */
import { Field, Float64, Int64, List, Table, Utf8, type Vector, vectorFromArray } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import {
  asofJoin,
  completeSets,
  computeFeatures,
  computeFeaturesAsync,
  isPolyfeatError,
  type PolyfeatError,
  type Progress,
  prepare,
  prepareAsync,
  regimes,
  windowFlow,
} from '../../src/index.js';
import { engines, golden } from './support.js';

const { trades, tape } = golden;
/** The columns of a table by name. */
const of = <N extends string>(table: Table, names: readonly N[]) =>
  Object.fromEntries(names.map((name) => [name, table.getChild(name)])) as unknown as Record<N, Vector>;
const columns = of(trades as Table, ['ts', 'token_id', 'market_slug', 'side', 'outcome', 'size']);
const prints = of(tape as Table, ['ts', 'token_id', 'price', 'size']);

/** The error of a call. */
function errorOf(call: () => unknown): PolyfeatError {
  try {
    call();
  } catch (error) {
    expect(isPolyfeatError(error)).toBe(true);
    expect((error as Error).message).not.toContain('\n');
    return error as PolyfeatError;
  }
  throw new Error('it did not throw');
}

describe.each(engines)('errors by %s', (engine) => {
  const features = (left: object, right?: object | null, options: object = {}) =>
    computeFeatures(left as never, right as never, { engine, ...options });

  it('missing columns', () => {
    const { side: _, ...without } = columns;
    expect(errorOf(() => features(without, tape))).toMatchObject({ code: 'MISSING_COLUMN', column: 'side' });
    const { price: __, ...silent } = prints;
    expect(errorOf(() => features(trades, silent))).toMatchObject({
      code: 'MISSING_COLUMN',
      column: 'price',
      message: 'marketTrades has no column price; its columns are ts, token_id, size',
    });
    expect(errorOf(() => features(trades, tape, { columns: ['nope'] })).code).toBe('MISSING_COLUMN');
    expect(errorOf(() => asofJoin(trades, tape, { engine, columns: ['nope'] as never })).code).toBe(
      'MISSING_COLUMN',
    );
  });

  it('wrong types', () => {
    const wrong = (changes: object, right: object = {}) =>
      errorOf(() => features({ ...columns, ...changes }, { ...prints, ...right }));
    const ids = wrong({ token_id: vectorFromArray([1n, 2n, 3n, 4n], new Int64()) });
    expect(ids).toMatchObject({ code: 'WRONG_TYPE', column: 'token_id' });
    expect(ids.message).toContain('a number cannot hold a 77-digit token id');
    const times = wrong({ ts: new BigInt64Array(4) });
    expect(times).toMatchObject({ code: 'WRONG_TYPE', column: 'ts' });
    expect(times.message).toContain('say tsUnit');
    expect(wrong({}, { price: vectorFromArray(['a', 'b', 'c', 'd', 'e'], new Utf8()) })).toMatchObject({
      code: 'WRONG_TYPE',
      column: 'price',
    });
    const lists = vectorFromArray([[1], [2], [3], [4]], new List(new Field('item', new Float64())));
    expect(wrong({ size: lists }).code).toBe('WRONG_TYPE');
    expect(errorOf(() => features([], tape)).code).toBe('WRONG_TYPE');
    expect(errorOf(() => features({ ...columns, size: 'x' }, tape)).code).toBe('WRONG_TYPE');
    expect(errorOf(() => features({ ...columns, side: ['BUY', 1, 'BUY', 'BUY'] }, tape))).toMatchObject({
      code: 'WRONG_TYPE',
      row: 1,
    });
    const keys = () =>
      asofJoin(trades, { ...prints, token_id: new Int32Array(5) }, { engine, by: ['token_id'] });
    expect(errorOf(keys)).toMatchObject({ code: 'WRONG_TYPE', column: 'token_id' });
    expect(errorOf(() => asofJoin(trades, tape, { engine, by: ['size'] })).code).toBe('WRONG_TYPE');
  });

  it('columns that differ in length', () => {
    expect(errorOf(() => features({ ...columns, size: new Float64Array(3) }, tape))).toMatchObject({
      code: 'WRONG_LENGTH',
      column: 'size',
      message: 'trades: column size has 3 rows, but ts has 4; all columns of a table need the same',
    });
  });

  it('rows that are not in order, where that was said', () => {
    const shuffled = { ...prints, ts: BigInt64Array.of(5n, 4n, 6n, 7n, 8n) };
    const options = { tsUnit: 's', assumeSorted: true } as const;
    const sorted = { ...columns, ts: BigInt64Array.of(1n, 2n, 3n, 4n) };
    const place = { code: 'NOT_SORTED', row: 1 };
    expect(errorOf(() => features(sorted, shuffled, options))).toMatchObject(place);
    expect(errorOf(() => prepare(shuffled, { engine, ...options }))).toMatchObject(place);
    const keyed = { engine, ...options, by: ['token_id'] } as const;
    expect(errorOf(() => asofJoin(sorted, shuffled, keyed))).toMatchObject(place);
    expect(errorOf(() => windowFlow(sorted, shuffled, { ...keyed, windows: ['1s'] }))).toMatchObject(place);
    expect(features(trades, tape, { assumeSorted: true })).toBeInstanceOf(Table);
  });

  it('rows of equal time, where that matters', () => {
    const join = (right: object) =>
      asofJoin(trades, right as typeof tape, { engine, by: ['token_id'], ties: 'error' });
    expect(errorOf(() => join(tape)).code).toBe('DUPLICATE_TIME');
    const distinct = { ...prints, ts: BigInt64Array.of(1n, 2n, 3n, 4n, 5n) };
    const left = { ...columns, ts: BigInt64Array.of(9n, 9n, 9n, 9n) };
    expect(asofJoin(left, distinct, { engine, by: ['token_id'], ties: 'error', tsUnit: 's' })).toBeInstanceOf(
      Table,
    );
  });

  it('times that do not fit', () => {
    const far = { ...columns, ts: BigInt64Array.of(-(2n ** 63n) + 1n, 0n, 0n, 0n) };
    expect(errorOf(() => features(far, null, { tsUnit: 'ns' })).code).toBe('OVERFLOW');
    expect(errorOf(() => regimes(far, { engine, tsUnit: 'ns' })).code).toBe('OVERFLOW');
    expect(errorOf(() => features(columns, tape, { bucket: '10us' })).code).toBe('BUCKET_UNIT');
    expect(errorOf(() => completeSets(columns, { engine, bucket: '10us' } as never)).code).toBe(
      'BUCKET_UNIT',
    );
  });

  it('an index outside of its dictionary', () => {
    const column = vectorFromArray(['A', 'B', 'A', 'B']);
    (column.data[0]?.values as Int32Array)[2] = 9;
    expect(errorOf(() => features({ ...columns, token_id: column }, tape))).toMatchObject({
      code: 'CORRUPT',
      row: 2,
    });
  });

  it('options that there are not, with what was meant', () => {
    const refused = (options: object) => errorOf(() => features(trades, tape, options));
    expect(refused({ window: ['60s'] })).toMatchObject({
      code: 'INVALID_OPTION',
      message: 'computeFeatures has no option window; did you mean windows?',
    });
    expect(refused({ signal: AbortSignal.abort() }).code).toBe('INVALID_OPTION');
    for (const options of [
      { windows: ['60s', '1m'] },
      { windows: '60s' },
      { returns: ['soon'] },
      { bucket: '0s' },
      { sum: 'fast' },
      { order: 'time' },
      { columns: 'some' },
      { threads: 0 },
      { tsUnit: 'h' },
      { assumeSorted: 1 },
    ]) {
      expect(refused(options).code).toBe('INVALID_OPTION');
    }
    const join = (options: object) => errorOf(() => asofJoin(trades, tape, { engine, ...options }));
    expect(join({ direction: 'forward' }).message).toContain('allowLookahead');
    for (const options of [
      { direction: 'nearest' },
      { direction: 'up', allowLookahead: true },
      { ties: 'any' },
      { maxAge: '-1s' },
      { by: ['token_id', 3] },
      { by: { left: ['token_id'], right: [] } },
      { on: 5 },
      { suffix: '' },
    ]) {
      expect(join(options).code).toBe('INVALID_OPTION');
    }
    const flow = (options: object) =>
      errorOf(() => windowFlow(trades, tape, { engine, windows: ['1s'], ...options } as never));
    for (const options of [
      { sums: { x: [] } },
      { closed: 'open' },
      { sums: { count: 'size' } },
      { windows: null },
    ]) {
      expect(flow(options).code).toBe('INVALID_OPTION');
    }
    expect(errorOf(() => regimes(trades, { engine, sum: 'notebook', regime: 'trailing' })).code).toBe(
      'INVALID_OPTION',
    );
    expect(errorOf(() => regimes(trades, { engine: 'wasm' } as never)).code).toBe('INVALID_OPTION');
  });

  it('a tape that has been disposed', async () => {
    const handle = prepare(tape, { engine });
    const running = handle.computeFeaturesAsync(trades);
    handle.dispose();
    handle[Symbol.dispose]();
    expect([handle.disposed, handle.bytes]).toEqual([true, 0]);
    expect(errorOf(() => handle.computeFeatures(trades)).code).toBe('DISPOSED');
    await expect(handle.computeFeaturesAsync(trades)).rejects.toMatchObject({ code: 'DISPOSED' });
    expect((await running).numRows).toBe(4);
  });

  it('an aborted signal rejects with its own reason, beforehand and in the middle', async () => {
    const reason = new Error('enough');
    const aborted = AbortSignal.abort(reason);
    await expect(computeFeaturesAsync(trades, tape, { engine, signal: aborted })).rejects.toBe(reason);
    await expect(prepareAsync(tape, { engine, signal: aborted })).rejects.toBe(reason);
    const rows = 300_000;
    const large = {
      ts: BigInt64Array.from({ length: rows }, (_, i) => BigInt(rows - i)),
      token_id: Array.from({ length: rows }, (_, i) => `token ${i % 50_000}`),
      price: new Float64Array(rows).fill(0.5),
      size: new Float64Array(rows).fill(2),
    };
    const controller = new AbortController();
    const running = prepareAsync(large, { engine, tsUnit: 's', signal: controller.signal });
    setTimeout(() => controller.abort(reason), 1);
    await running.then(
      (handle) => handle.dispose(),
      (error) => expect(error).toBe(reason),
    );
  });

  it('progress comes in order, and its last event always', async () => {
    const events: Progress[] = [];
    await computeFeaturesAsync(trades, tape, { engine, onProgress: (event) => events.push({ ...event }) });
    const phases = [...new Set(events.map(({ phase }) => phase))];
    expect(phases.length).toBeGreaterThan(0);
    for (const phase of phases) {
      const own = events.filter((event) => event.phase === phase);
      expect(own.at(-1)?.done).toBe(own.at(-1)?.total);
      expect(own.map(({ done }) => done)).toEqual(own.map(({ done }) => done).sort((a, b) => a - b));
      // All of one phase, then all of the next.
      expect(events.slice(events.indexOf(own[0]!), events.indexOf(own[0]!) + own.length)).toEqual(own);
    }
  });

  it('a progress listener that throws fails the call and nothing else', async () => {
    const onProgress = () => {
      throw new Error('no');
    };
    const failed = computeFeaturesAsync(trades, tape, { engine, onProgress });
    await expect(failed).rejects.toMatchObject({ code: 'INTERNAL', cause: new Error('no') });
  });

  it('warnings are told to who asks', () => {
    const told: string[] = [];
    const texts = ['soon', null, '1970-01-01', '1970-01-01', '1970-01-01'];
    const odd = { ...prints, ts: texts, token_id: ['A', 'A', null, 'A', 'A'] };
    features(trades, odd, { onWarning: ({ code }: { code: string }) => told.push(code) });
    expect(told.sort()).toEqual(['market_trades_null_token', 'market_trades_null_ts', 'unparsable_ts']);
  });
});
