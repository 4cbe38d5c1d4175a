/**
 * What strangers give by mistake: whatever stands in whatever place, the answer is a PolyfeatError that says what was
 * given and what was expected, or a result; never a TypeError of the library's own, and never the end of the process.
 */
import { Table, vectorFromArray } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import * as core from '../../src/index.js';
import { engines } from './support.js';

const trades = {
  ts: BigInt64Array.of(1n, 2n, 3n, 4n),
  token_id: ['A', 'A', 'B', null],
  market_slug: ['m', 'm', 'm', 'm'],
  side: ['BUY', 'BUY', 'SELL', 'BUY'],
  outcome: ['Up', 'Down', 'Up', 'Up'],
  size: [1, 2, 3, 4],
};
const tape = {
  ts: BigInt64Array.of(1n, 2n, 3n),
  token_id: ['A', 'B', 'A'],
  price: [0.1, 0.2, 0.3],
  size: [1, 1, 1],
};

/** Values that are nothing in particular, by the name they have in a failure of this test. */
const GARBAGE: Readonly<Record<string, unknown>> = {
  null: null,
  undefined: undefined,
  zero: 0,
  one: 1,
  nan: Number.NaN,
  bigint: 10n,
  text: 'x',
  'empty text': '',
  true: true,
  symbol: Symbol('s'),
  function: () => 1,
  promise: Promise.resolve(1),
  date: new Date(0),
  regexp: /x/,
  'empty list': [],
  list: [1],
  'list of null': [null],
  object: { ts: 1 },
  'object of null': { ts: null },
  'object without a prototype': Object.create(null),
  map: new Map(),
  set: new Set([1]),
  doubles: new Float64Array(3),
  'data view': new DataView(new ArrayBuffer(8)),
  memory: new ArrayBuffer(8),
  'shared memory': new SharedArrayBuffer(8),
  'empty table': new Table({}),
  vector: vectorFromArray([1, 2]),
};

type Call = (...given: never[]) => unknown;
type Place = [what: string, call: (value: unknown) => unknown];

/** A function with each of its arguments, columns and options in turn replaced. */
function places(fn: Call, args: readonly object[], options: object, more: string[]): Place[] {
  const { name } = fn;
  const run = (...given: unknown[]) => fn(...(given as never[]));
  const replaced = (at: number, value: unknown) => args.map((arg, i) => (i === at ? value : arg));
  return [
    ...args.flatMap((arg, at): Place[] => [
      [`${name}, table ${at}`, (value) => run(...replaced(at, value), options)],
      ...Object.keys(arg).map(
        (column): Place => [
          `${name}, ${column} of table ${at}`,
          (value) => run(...replaced(at, { ...arg, [column]: value }), options),
        ],
      ),
    ]),
    [`${name}, options`, (value) => run(...args, value)],
    ...['engine', 'tsUnit', 'threads', 'onWarning', 'signal', 'onProgress', ...more].flatMap(
      (option): Place[] => [
        [`${name}, ${option}`, (value) => run(...args, { ...options, [option]: value })],
        [`${name}, [${option}]`, (value) => run(...args, { ...options, [option]: [value] })],
      ],
    ),
  ];
}

const FEATURES = ['returns', 'windows', 'bucket', 'sum', 'order', 'columns', 'assumeSorted'];
const JOIN = ['on', 'by', 'strict', 'ties', 'maxAge', 'direction', 'allowLookahead', 'columns', 'suffix'];
const FLOW = ['on', 'by', 'windows', 'sums', 'count', 'closed', 'sum', 'assumeSorted'];
const SETS = ['bucket', 'mode', 'sum', 'columns'];
const FILES = [...FEATURES, 'out', 'compression', 'memory'];

function everyPlace(engine: string): Place[] {
  const options = { engine, tsUnit: 's' };
  const flow = { ...options, windows: ['1s'] };
  const sets = [core.completeSets, core.completeSetsAsync, core.regimes, core.regimesAsync];
  const of = (fns: readonly unknown[], args: readonly object[], given: object, more: string[]) =>
    fns.flatMap((fn) => places(fn as Call, args, given, more));
  return [
    ...of([core.computeFeatures, core.computeFeaturesAsync], [trades, tape], options, FEATURES),
    ...of([core.prepare, core.prepareAsync], [tape], options, ['assumeSorted']),
    ...of([core.asofJoin, core.asofJoinAsync], [trades, tape], options, JOIN),
    ...of([core.windowFlow, core.windowFlowAsync], [trades, tape], flow, FLOW),
    ...of(sets, [trades], options, SETS),
    [
      'a key of the left',
      (left) => core.asofJoin(trades, tape, { ...options, by: { left, right: ['token_id'] } } as never),
    ],
    [
      'the time of the right',
      (right) => core.asofJoin(trades, tape, { ...options, on: { left: 'ts', right } } as never),
    ],
    ['a sum', (x) => core.windowFlow(trades, tape, { ...flow, sums: { x } } as never)],
    ['a factor of a sum', (x) => core.windowFlow(trades, tape, { ...flow, sums: { x: [x] } } as never)],
    ['a snapshot', (path) => core.buildSnapshot(path as never, { engine } as never)],
    ...FILES.map(
      (option): Place => [
        `buildSnapshot, ${option}`,
        (value) => core.buildSnapshot('no/such/snapshot', { engine, [option]: value } as never),
      ],
    ),
  ];
}

describe.each(engines)('by %s', (engine) => {
  it('whatever is given in whatever place', async () => {
    const odd: string[] = [];
    let refused = 0;
    for (const [what, call] of everyPlace(engine)) {
      for (const [name, value] of Object.entries(GARBAGE)) {
        try {
          const result = await call(value);
          if (result instanceof core.PreparedTape) result.dispose();
        } catch (error) {
          refused++;
          const ours = error instanceof core.PolyfeatError && error.code !== 'INTERNAL';
          // Nothing that was not said in words: neither as JavaScript spells objects nor on two lines.
          if (ours && !/\n|\[object/.test(error.message)) continue;
          odd.push(`${what} = ${name}: ${String(error)}`);
        }
      }
    }
    expect(odd).toEqual([]);
    expect(refused).toBeGreaterThan(1000);
  });

  it('a promise in place of a table or of options says what was forgotten', () => {
    const later = Promise.resolve(trades) as never;
    const message = (call: () => unknown) => expect(call).toThrow(/await it first/);
    message(() => core.computeFeatures(later, tape, { engine }));
    message(() => core.computeFeatures(trades, later, { engine }));
    message(() => core.asofJoin(trades, tape, Promise.resolve({}) as never));
    message(() => core.regimes({ ...trades, ts: Promise.resolve() } as never, { engine }));
  });

  it('exceptions of what is given stay what they are', async () => {
    const mine = new Error('mine');
    const table = {
      get schema(): never {
        throw mine;
      },
    };
    expect(() => core.computeFeatures(table as never, tape, { engine })).toThrow(mine);
    await expect(core.computeFeaturesAsync(table as never, tape, { engine })).rejects.toBe(mine);
  });
});
