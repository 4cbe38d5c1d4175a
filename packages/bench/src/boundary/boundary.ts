import { performance } from 'node:perf_hooks';
import {
  asofJoin,
  completeSets,
  computeFeatures,
  computeFeaturesAsync,
  prepare,
  regimes,
  windowFlow,
} from '@polyfeat/core';
import { tableOf } from '../report/table.js';
import { bytesOf, makeTables, type TableSizes } from '../tables.js';
import { withTimer } from './lag.js';
import { type NativeWatch, watchNative } from './native.js';

const MB = 1e6;
const TRADES = ['ts', 'token_id', 'market_slug', 'side', 'outcome', 'size'];
const TAPE = ['ts', 'token_id', 'price', 'size'];
const SETS = TRADES.filter((name) => name !== 'token_id');

type Tables = ReturnType<typeof makeTables>;

/**
 * What a call from JavaScript costs beside the computing: two tables in Markdown, of the synchronous functions on
 * tables and of the asynchronous ones, with the native engine.
 *
 * @throws Error where the native engine does not load.
 */
export async function measureBoundary(
  sizes: TableSizes,
  rounds: number,
  say: (line: string) => void,
): Promise<string> {
  const large = makeTables(sizes);
  const small = makeTables({ trades: 1, prints: 1, tokens: 1 });
  const sync = await measureSync(small, large, rounds, say);
  return `${sync}\n\n${await measureAsync(large, rounds, say)}`;
}

/** A synchronous call that is measured, and the bytes that it reads. */
interface Measurable {
  readonly name: string;
  readonly call: () => unknown;
  readonly reads: number;
}

function callsOf({ trades, tape }: Tables): Measurable[] {
  const handle = prepare(tape);
  const engine = 'native' as const;
  const both = bytesOf(trades, TRADES) + bytesOf(tape, TAPE);
  const keyed = bytesOf(trades, ['ts', 'token_id']);
  const by = ['token_id'] as const;
  const windows = ['60s'];
  const sums = { volume: 'size' };
  return [
    { name: 'computeFeatures', call: () => computeFeatures(trades, tape, { engine }), reads: both },
    {
      name: 'prepare',
      call: () => prepare(tape, { engine }).dispose(),
      reads: bytesOf(tape, TAPE),
    },
    {
      name: 'tape.computeFeatures',
      call: () => handle.computeFeatures(trades),
      reads: bytesOf(trades, TRADES),
    },
    {
      name: 'asofJoin, one column added',
      call: () => asofJoin(trades, tape, { engine, by, columns: ['price'], suffix: '_last' }),
      reads: keyed + bytesOf(tape, ['ts', 'token_id']),
    },
    {
      name: 'windowFlow, one window and sum',
      call: () => windowFlow(trades, tape, { engine, by, windows, sums }),
      reads: keyed + bytesOf(tape, ['ts', 'token_id', 'size']),
    },
    { name: 'completeSets', call: () => completeSets(trades, { engine }), reads: bytesOf(trades, SETS) },
    { name: 'regimes', call: () => regimes(trades, { engine }), reads: bytesOf(trades, SETS) },
  ];
}

/**
 * The shortest milliseconds of a call: in all, inside of the native module, and outside of it. What else the machine
 * does only makes a call longer.
 */
async function timesOf(call: () => unknown, rounds: number, native: NativeWatch) {
  const best = {
    wall: Number.POSITIVE_INFINITY,
    inside: Number.POSITIVE_INFINITY,
    outside: Number.POSITIVE_INFINITY,
  };
  for (let round = 0; round < rounds; round++) {
    // Finalizers of the last round's results get their turn.
    await new Promise((resolve) => setImmediate(resolve));
    native.reset();
    const start = performance.now();
    call();
    const wall = performance.now() - start;
    const inside = native.ms();
    best.wall = Math.min(best.wall, wall);
    best.inside = Math.min(best.inside, inside);
    best.outside = Math.min(best.outside, wall - inside);
  }
  return best;
}

const fixed = (value: number, digits: number) =>
  value.toLocaleString('en-US', { maximumFractionDigits: digits });

async function measureSync(small: Tables, large: Tables, rounds: number, say: (line: string) => void) {
  computeFeatures(small.trades, small.tape, { engine: 'native' });
  const native = watchNative();
  const [smallCalls, largeCalls] = [callsOf(small), callsOf(large)];
  const rows = [
    [
      'call',
      'reads in place, MB',
      'fixed cost, µs',
      'large call, ms',
      'in the native module, ms',
      'beside the computing, %',
    ],
  ];
  for (const [i, { name, call, reads }] of largeCalls.entries()) {
    // The first hundreds of calls are the compiler's.
    await timesOf(smallCalls[i]?.call ?? call, 300, native);
    const fixedCost = await timesOf(smallCalls[i]?.call ?? call, 300, native);
    const { wall, inside, outside } = await timesOf(call, rounds, native);
    // All of a call with one row is boundary: reading the views and handing columns over do not depend on rows.
    const boundary = outside + fixedCost.inside;
    rows.push([
      `\`${name}\``,
      fixed(reads / MB, 1),
      fixed(fixedCost.wall * 1000, 0),
      fixed(wall, 1),
      fixed(inside, 1),
      fixed((100 * boundary) / wall, 2),
    ]);
    say(`measured: ${name}`);
  }
  return tableOf(rows);
}

async function measureAsync({ trades, tape }: Tables, rounds: number, say: (line: string) => void) {
  const handle = prepare(tape);
  const copied = { both: bytesOf(trades, TRADES) + bytesOf(tape, TAPE), trades: bytesOf(trades, TRADES) };
  const arms = [
    {
      name: 'computeFeaturesAsync',
      bytes: copied.both,
      work: () => computeFeaturesAsync(trades, tape, { engine: 'native' }),
    },
    {
      name: 'tape.computeFeaturesAsync',
      bytes: copied.trades,
      work: () => handle.computeFeaturesAsync(trades),
    },
  ];
  const rows = [
    ['call', 'copied, MB', 'until the promise is there, ms', 'in all, ms', 'worst lag of a timer, ms'],
  ];
  for (const { name, bytes, work } of arms) {
    const runs = [];
    for (let round = 0; round < rounds; round++) runs.push(await withTimer(work));
    rows.push([
      `\`${name}\``,
      fixed(bytes / MB, 1),
      fixed(Math.min(...runs.map(({ first }) => first)), 1),
      fixed(Math.min(...runs.map(({ wall }) => wall)), 1),
      fixed(Math.min(...runs.map(({ worst }) => worst)), 1),
    ]);
    say(`measured: ${name}`);
  }
  return tableOf(rows);
}
