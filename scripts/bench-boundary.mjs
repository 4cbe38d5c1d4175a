// npm run bench:boundary: what a call from JavaScript costs beside the computing, as tables in Markdown for docs/cost.md.
import { arch, cpus, platform } from 'node:os';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import {
  asofJoin,
  completeSets,
  computeFeatures,
  computeFeaturesAsync,
  prepare,
  regimes,
  windowFlow,
} from '@polyfeat/core';
import { withTimer } from './lib/boundary/lag.mjs';
import { watchNative } from './lib/boundary/native.mjs';
import { bytesOf, makeTables } from './lib/boundary/tables.mjs';
import { say } from './lib/run.mjs';
import { runMain } from './lib/setup.mjs';

const usage = `Usage: npm run bench:boundary -- [options]

Measures the functions on tables in memory with the native engine, as it is built now, and prints tables.

  --trades N   rows of the large tables (1000000)
  --prints N   (10000000)
  --tokens N   (20000)
  --rounds N   times that each large call is made (3)
  --help       this text`;

const MB = 1e6;
const TRADES = ['ts', 'token_id', 'market_slug', 'side', 'outcome', 'size'];
const TAPE = ['ts', 'token_id', 'price', 'size'];
const SETS = TRADES.filter((name) => name !== 'token_id');

/** @typedef {ReturnType<typeof makeTables>} Tables */

/**
 * The synchronous calls that are measured, and the bytes that each reads and makes.
 * @param {Tables} tables
 * @returns {{ name: string, call: () => unknown, reads: number }[]}
 */
function callsOf({ trades, tape }) {
  const handle = prepare(tape);
  const engine = /** @type {const} */ ('native');
  const both = bytesOf(trades, TRADES) + bytesOf(tape, TAPE);
  const keyed = bytesOf(trades, ['ts', 'token_id']);
  const by = /** @type {const} */ (['token_id']);
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
 * @param {() => unknown} call
 * @param {number} rounds
 * @param {ReturnType<typeof watchNative>} native
 */
async function timesOf(call, rounds, native) {
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

/** @param {string[][]} rows the first one is the head */
function print(rows) {
  const [head = [], ...body] = rows;
  const lines = [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...body];
  console.log(`\n${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}`);
}

/** @param {number} value @param {number} digits */
const fixed = (value, digits) => value.toLocaleString('en-US', { maximumFractionDigits: digits });

/** @param {Tables} small @param {Tables} large @param {number} rounds */
async function measureSync(small, large, rounds) {
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
  print(rows);
}

/** @param {Tables} large @param {number} rounds */
async function measureAsync({ trades, tape }, rounds) {
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
  print(rows);
}

/** @param {string} name @param {string} text */
function wholeNumber(name, text) {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Error(`--${name}: "${text}" is no whole number from 1 on; see --help`);
}

await runMain(async () => {
  const { values } = parseArgs({
    options: {
      trades: { type: 'string', default: '1000000' },
      prints: { type: 'string', default: '10000000' },
      tokens: { type: 'string', default: '20000' },
      rounds: { type: 'string', default: '3' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const size = {
    trades: wholeNumber('trades', values.trades),
    prints: wholeNumber('prints', values.prints),
    tokens: wholeNumber('tokens', values.tokens),
  };
  const rounds = wholeNumber('rounds', values.rounds);
  const cpu = cpus();
  say(`Making ${fixed(size.trades, 0)} trades and ${fixed(size.prints, 0)} prints …`);
  const large = makeTables(size);
  console.log(
    `${fixed(size.trades, 0)} trades × ${fixed(size.prints, 0)} prints, ${fixed(size.tokens, 0)} tokens; Node ${process.version}, ${platform()} ${arch()}, ${cpu.length} × ${cpu[0]?.model.trim()}; the best of ${rounds} runs`,
  );
  await measureSync(makeTables({ trades: 1, prints: 1, tokens: 1 }), large, rounds);
  await measureAsync(large, rounds);
  return 0;
});
