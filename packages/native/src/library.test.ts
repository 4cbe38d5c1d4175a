import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { type Binding, loadBinding } from './index.js';
import type {
  ChunkView,
  ColumnView,
  Failure,
  FeatureAnswer,
  OutColumn,
  TapeColumns,
  TradeColumns,
} from './library.js';

const binding = await loadBinding().catch(() => null);
if (!binding) console.warn('no native binary: the tests of the library are skipped');
const native = binding as Binding;

const bytes = (a: ArrayBufferView) => new Uint8Array(a.buffer, a.byteOffset, a.byteLength);
const column = (name: string, type: Partial<ColumnView>, ...chunks: ChunkView[]): ColumnView =>
  ({ name, ...type, chunks }) as ColumnView;
const doubles = (name: string, values: number[]) =>
  column(name, { type: 'f64' }, { length: values.length, values: bytes(Float64Array.from(values)) });
const seconds = (values: number[]) =>
  column(
    'ts',
    { type: 'timestamp', unit: 's' },
    { length: values.length, values: bytes(BigInt64Array.from(values.map(BigInt))) },
  );
const texts = (name: string, values: string[]) => {
  const encoded = values.map((v) => Buffer.from(v));
  const offsets = [0];
  for (const text of encoded) offsets.push((offsets.at(-1) ?? 0) + text.length);
  return column(
    name,
    { type: 'utf8' },
    {
      length: values.length,
      values: new Uint8Array(Buffer.concat(encoded)),
      offsets: bytes(Int32Array.from(offsets)),
    },
  );
};
const span = (s: number) => ({ nanos: `${s}000000000`, label: `${s}s` });
const options = (more: object = {}) =>
  JSON.stringify({
    returns: [span(30), span(300)],
    windows: [span(60)],
    bucket: span(10),
    sum: 'exact',
    ...more,
  });

/** SPEC §5. */
const tape = (): TapeColumns => ({
  token: texts('token_id', ['A', 'A', 'A', 'A', 'A']),
  ts: seconds([40, 41, 70, 100, 100]),
  price: doubles('price', [0.4, 0.41, 0.45, 0.5, 0.52]),
  size: doubles('size', [1, 2, 16, 4, 8]),
});
const trades = (): TradeColumns => ({
  token: texts('token_id', ['A', 'A', 'A', 'B']),
  ts: seconds([100, 400, 5, 100]),
  market: texts('market_slug', ['m', 'm', 'm', 'm']),
  side: texts('side', ['BUY', 'BUY', 'BUY', 'SELL']),
  outcome: texts('outcome', ['Up', 'Down', 'Up', 'Up']),
  size: doubles('size', [1, 1, 1, 1]),
});

const got = <T extends object>(answer: T): Exclude<T, Failure> => {
  if ('error' in answer) throw new Error(JSON.stringify(answer.error));
  return answer as Exclude<T, Failure>;
};
const values = (c: OutColumn) =>
  Array.from({ length: c.values.length }, (_, i) =>
    c.validity && !((c.validity[i >> 3] ?? 0) & (1 << (i & 7))) ? null : c.values[i],
  );
const named = (answer: FeatureAnswer) =>
  Object.fromEntries(answer.columns.map((c) => [c.name, values(c)] as const));
const collect = async () => {
  for (let i = 0; i < 3; i++) {
    global.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
};

const expected = {
  mt_last_price: [0.52, 0.52, null, null],
  mt_last_ts: [100n, 100n, null, null],
  mt_last_age_ms: [0, 300000, null, null],
  mt_return_30s: [0.52 - 0.45, 0, null, null],
  mt_return_300s: [null, 0, null, null],
  mt_trades_60s: [4, 0, 0, null],
  mt_volume_60s: [30, 0, 0, null],
  mt_notional_60s: [14.18, 0, 0, null],
  bucket: [100n, 400n, 0n, 100n],
  regime: [1, 1, 1, 2],
};

describe.runIf(binding)('the library', () => {
  it('gives the worked example through every entry', async () => {
    const prepared = got(native.prepareTape('{}', tape()));
    const later = got(await native.prepareTapeAsync('{}', tape(), new native.CancelToken()));
    const answers = [
      native.features(options(), trades(), tape()),
      await native.featuresAsync(options({ threads: 2 }), trades(), tape(), new native.CancelToken()),
      prepared.features(options(), trades()),
      await prepared.featuresAsync(options(), trades(), new native.CancelToken()),
      later.features(options({ threads: 3 }), trades()),
    ];
    for (const answer of answers) expect(named(got(answer))).toMatchObject(expected);
    expect(native.regimeNames()[1]).toBe('DIRECTIONAL');
  });

  it('leaves out what a tape makes when there is none, or one without rows', () => {
    const none = got(native.features(options(), trades(), null));
    const names = ['bucket', 'complete_set_flag', 'complete_set_shares', 'regime'];
    expect(none.columns.map((c) => c.name)).toEqual(names);
    const empty = Object.fromEntries(
      Object.entries(tape()).map(([role, view]) => [role, { ...view, chunks: [] }]),
    ) as unknown as TapeColumns;
    expect(got(native.features(options(), trades(), empty)).columns.map((c) => c.name)).toEqual(names);
  });

  it('gives rows in the order of tokens, and that order', () => {
    const answer = got(native.features(options({ order: 'token', time: true }), trades(), tape()));
    expect([...(answer.order ?? [])]).toEqual([2, 0, 1, 3]);
    expect(named(answer)).toMatchObject({ ts: [5n, 100n, 400n, 100n], mt_trades_60s: [0, 4, 0, null] });
  });

  it('reads sliced and misaligned buffers, and no garbage in null rows', () => {
    const raw = new Uint8Array(8 * 5 + 3);
    raw.set(bytes(Float64Array.from([7, 1, 99, 16, 4])), 3);
    const size = column(
      'size',
      { type: 'f64' },
      { length: 2, values: raw.subarray(3 + 8), validity: Uint8Array.of(0b1010_0000), bitOffset: 5 },
      { length: 0, values: new Uint8Array(0) },
      { length: 3, values: bytes(Float64Array.from([16, 4, 8])), validity: new Uint8Array(0) },
    );
    const answer = got(native.features(options(), trades(), { ...tape(), size }));
    expect(named(answer)).toMatchObject({
      mt_volume_60s: [null, 0, 0, null],
      mt_trades_60s: [4, 0, 0, null],
    });
  });

  it.each([
    ['INVALID_OPTION', () => native.features('{', trades(), tape())],
    ['INVALID_OPTION', () => native.features(options({ lags: [] }), trades(), tape())],
    ['INVALID_OPTION', () => native.features(options({ windows: [span(1), span(1)] }), trades(), tape())],
    ['INVALID_OPTION', () => native.features(options({ threads: 0 }), trades(), tape())],
    ['BUCKET_UNIT', () => native.features(options({ bucket: { nanos: '1', label: '' } }), trades(), tape())],
    [
      'MISSING_COLUMN',
      () => native.prepareTape('{}', { ...tape(), ts: undefined } as unknown as TapeColumns),
    ],
    [
      'WRONG_TYPE',
      () => native.prepareTape('{}', { ...tape(), token: doubles('token_id', [1, 2, 3, 4, 5]) }),
    ],
    ['WRONG_LENGTH', () => native.prepareTape('{}', { ...tape(), size: doubles('size', [1]) })],
    [
      'WRONG_LENGTH',
      () =>
        native.prepareTape('{}', {
          ...tape(),
          size: column('size', { type: 'f64' }, { length: 5, values: new Uint8Array(39) }),
        }),
    ],
    [
      'NOT_SORTED',
      () => native.prepareTape('{"assumeSorted":true}', { ...tape(), ts: seconds([1, 2, 3, 5, 4]) }),
    ],
    [
      'DUPLICATE_TIME',
      () => native.asofIndices('{"ties":"error"}', { ts: seconds([100]), by: [] }, { ts: tape().ts, by: [] }),
    ],
  ])('answers with %s', (code, call) => {
    expect(call()).toEqual({ error: expect.objectContaining({ code, message: expect.any(String) }) });
  });

  it('throws for what is no view at all', () => {
    const bad = { ...trades(), size: 3 } as unknown as TradeColumns;
    expect(() => native.features(options(), bad, null)).toThrow(/no column view/);
    const floats = { ...tape(), size: column('size', { type: 'f64' }, { length: 5, values: [] as never }) };
    expect(() => native.prepareTape('{}', floats)).toThrow(/Uint8Array/);
  });

  it('lives on after a panic', async () => {
    const panic = options({ panicForTest: true });
    const internal = { error: expect.objectContaining({ code: 'INTERNAL' }) };
    expect(native.features(panic, trades(), tape())).toEqual(internal);
    const token = new native.CancelToken();
    expect(await native.featuresAsync(panic, trades(), tape(), token)).toEqual(internal);
    expect(await native.timesAsync('{"panicForTest":true}', tape().ts, token)).toEqual(internal);
    expect(named(got(native.features(options(), trades(), tape())))).toMatchObject(expected);
  });

  it('stops when its token is cancelled, before and in the middle', async () => {
    const before = new native.CancelToken();
    before.cancel();
    const cancelled = { error: expect.objectContaining({ code: 'CANCELLED' }) };
    expect(await native.featuresAsync(options(), trades(), tape(), before)).toEqual(cancelled);
    const n = 2_000_000;
    const many = texts('token_id', ['A']);
    const long = column(
      'token_id',
      { type: 'dictionary', indexType: 'i8' },
      {
        length: n,
        values: new Uint8Array(n),
        dictionary: many,
      },
    );
    const big: TapeColumns = {
      token: long,
      ts: column('ts', { type: 'timestamp', unit: 's' }, { length: n, values: new Uint8Array(8 * n) }),
      price: column('price', { type: 'f64' }, { length: n, values: new Uint8Array(8 * n) }),
      size: column('size', { type: 'f64' }, { length: n, values: new Uint8Array(8 * n) }),
    };
    const token = new native.CancelToken();
    const answer = await native.prepareTapeAsync('{}', big, token, () => token.cancel());
    // The first event comes before any work; by the time it is heard the job may have ended.
    if ('error' in answer) expect(answer).toEqual(cancelled);
    else expect(answer.rows).toBe(n);
  });

  it('tells of progress in order, and of the end of each phase', async () => {
    const events: { phase: string; done: number; total: number }[] = [];
    const listen = (json: string) => events.push(JSON.parse(json));
    got(await native.featuresAsync(options(), trades(), tape(), new native.CancelToken(), listen));
    await new Promise((resolve) => setImmediate(resolve));
    const phases = [...new Set(events.map((e) => e.phase))];
    expect(phases).toEqual(['keys', 'tape', 'group', 'sets', 'features']);
    for (const phase of phases) {
      const done = events.filter((e) => e.phase === phase).map((e) => e.done / Math.max(e.total, 1));
      expect(done).toEqual([...done].sort((a, b) => a - b));
      expect(done.at(-1)).toBe(1);
    }
  });

  it('is freed by dispose, which may be called again, and by the collector', async () => {
    const prepared = got(native.prepareTape('{}', tape()));
    expect(prepared).toMatchObject({ rows: 5, tokens: 1, unit: 's', disposed: false });
    expect(prepared.bytes).toBeGreaterThan(5 * 24);
    const running = prepared.featuresAsync(options(), trades(), new native.CancelToken());
    prepared.dispose();
    prepared.dispose();
    expect(prepared).toMatchObject({ bytes: 0, disposed: true });
    expect(named(got(await running))).toMatchObject(expected);
    const disposed = { error: expect.objectContaining({ code: 'DISPOSED' }) };
    expect(prepared.features(options(), trades())).toEqual(disposed);
    expect(await prepared.featuresAsync(options(), trades(), new native.CancelToken())).toEqual(disposed);
  });

  it('copies what an asynchronous call needs before it returns', async () => {
    const mine = trades();
    const running = native.featuresAsync(options(), mine, tape(), new native.CancelToken());
    for (const view of Object.values(mine)) for (const chunk of view.chunks) chunk.values.fill(255);
    expect(named(got(await running))).toMatchObject(expected);
  });

  it('joins, counts and orders other tables', () => {
    const left = { ts: seconds([100, 400, 5, 100]), by: [texts('k', ['A', 'A', 'A', 'B'])] };
    const right = { ts: tape().ts, by: [tape().token] };
    expect([...got(native.asofIndices('{"strict":true}', left, right)).indices]).toEqual([2, 4, -1, -1]);
    const windows = JSON.stringify({ windows: [span(60)] });
    const flow = got(native.windowFlow(windows, left, right, [[tape().price, tape().size], [tape().size]]));
    expect(flow.counts.map(values)).toEqual([[4, 0, 0, 0]]);
    expect(flow.sums.map((all) => all.map(values))).toEqual([
      [
        [14.18, 0, 0, 0],
        [30, 0, 0, 0],
      ],
    ]);
    const order = got(
      native.tokenOrder('{}', { token: texts('t', ['b', 'a', 'b']), ts: seconds([5, 4, 1]) }),
    );
    expect([...order.order]).toEqual([1, 2, 0]);
    const [time] = got(native.times('{}', texts('t', ['1970-01-01T00:00:01Z', 'no']))).columns;
    expect(time && [time.type, values(time)]).toEqual(['timestamp', [1_000_000_000n, null]]);
  });

  it.each([
    ['bucket', [3, 3, 3, 0]],
    ['bucket-asof', [0, 3, 3, 0]],
    ['trailing', [0, 3, 3, 1]],
    ['prev-bucket', [0, 0, 0, 3]],
  ])('sums complete sets by %s', (mode, shares) => {
    const columns = {
      ts: seconds([0, 3, 9, 10]),
      market: texts('market_slug', ['m', 'm', 'm', 'm']),
      side: texts('side', ['BUY', 'BUY', 'BUY', 'BUY']),
      outcome: texts('outcome', ['Up', 'Down', 'Up', 'Down']),
      size: doubles('size', [5, 3, 1, 2]),
    };
    const answer = got(native.completeSets(JSON.stringify({ bucket: span(10), mode }), columns));
    expect(answer.columns.map((c) => c.name)).toEqual(['bucket', 'complete_set_flag', 'complete_set_shares']);
    expect(answer.columns[2] && values(answer.columns[2])).toEqual(shares);
    expect(got(native.regimes(JSON.stringify({ bucket: span(10), mode }), columns)).columns).toHaveLength(4);
  });

  it('keeps native memory flat over many calls', async () => {
    const prepared = got(native.prepareTape('{}', tape()));
    const round = async () => {
      for (let i = 0; i < 500; i++) {
        got(native.features(options(), trades(), tape()));
        got(prepared.features(options(), trades()));
        got(native.prepareTape('{}', tape()));
        native.features(options({ panicForTest: i === 0 }), trades(), null);
        if (i % 10 === 0) {
          got(await prepared.featuresAsync(options(), trades(), new native.CancelToken()));
          await collect();
        }
      }
      await collect();
      return process.memoryUsage().rss;
    };
    const first = await round();
    const second = await round();
    expect(second - first).toBeLessThan(48 << 20);
  });

  it('works in four threads at once, and one of them may end in the middle', async () => {
    const url = fileURLToPath(new URL('../binding.js', import.meta.url));
    const code = `
      const { parentPort } = require('node:worker_threads');
      import(${JSON.stringify(url)}).then(async (native) => {
        const n = 300000;
        const zeros = () => new Uint8Array(8 * n);
        const f64 = (name) => ({ name, type: 'f64', chunks: [{ length: n, values: zeros() }] });
        const token = { name: 't', type: 'utf8', chunks: [{ length: n, values: new Uint8Array(0), offsets: new Uint8Array(4 * n + 4) }] };
        const ts = { name: 'ts', type: 'timestamp', unit: 's', chunks: [{ length: n, values: zeros() }] };
        parentPort.postMessage('begun');
        const tape = await native.prepareTapeAsync('{}', { token, ts, price: f64('p'), size: f64('s') }, new native.CancelToken(), () => {});
        parentPort.postMessage(tape.rows);
      });`;
    const start = () => new Worker(code, { eval: true });
    const workers = [start(), start(), start(), start()];
    const ended = workers.map(
      (worker, i) =>
        new Promise((resolve, reject) => {
          worker.on('error', reject);
          worker.on('message', (message) => {
            if (message === 'begun' && i === 0) resolve(worker.terminate().then(() => 'terminated'));
            else if (message !== 'begun') resolve(message);
          });
        }),
    );
    expect(await Promise.all(ended)).toEqual(['terminated', 300000, 300000, 300000]);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }, 60_000);
});
