import {
  BUILD_OPTIONS,
  COMPARE_OPTIONS,
  INSPECT_OPTIONS,
  SUMMARY_OPTIONS,
  VERIFY_OPTIONS,
} from '../args/options.js';
import { BENCH_COMMANDS } from './bench.js';
import { type AnyCommand, define } from './command.js';

const SNAPSHOT_HELP =
  'SNAPSHOT is a directory with trades.parquet and, when there, market_trades.parquet and clob_tob.parquet\n' +
  '(a folder of parts works too). Left out: the newest one under --snapshots-root.';

const DURATION_HELP = 'DUR is a whole number and a unit, ns us ms s m h d, as in 250ms, 10s or 5m.';

const ONE_SNAPSHOT = { min: 0, max: 1 };

/** Every command, in the order of the help. */
export const COMMANDS: readonly AnyCommand[] = [
  define({
    name: 'build',
    usage: '[SNAPSHOT]',
    positionals: ONE_SNAPSHOT,
    help: 'write features.parquet, show the regime counts and the PnL table',
    details: `${SNAPSHOT_HELP}\n${DURATION_HELP}`,
    options: BUILD_OPTIONS,
    load: async () => (await import('./build.js')).build,
  }),
  define({
    name: 'inspect',
    usage: '[SNAPSHOT]',
    positionals: ONE_SNAPSHOT,
    help: 'show what is in a snapshot: rows, columns, times, tokens, nulls, what is missing',
    details: SNAPSHOT_HELP,
    options: INSPECT_OPTIONS,
    load: async () => (await import('./inspect.js')).inspect,
  }),
  define({
    name: 'summary',
    usage: 'FEATURES',
    positionals: { min: 1, max: 1 },
    help: 'show the regime counts and the PnL table of a features file',
    details: 'FEATURES is a file that build wrote.',
    options: SUMMARY_OPTIONS,
    load: async () => (await import('./summary.js')).summary,
  }),
  define({
    name: 'verify',
    usage: '[SNAPSHOT]',
    positionals: ONE_SNAPSHOT,
    help: 'build with both engines and compare every value; exit code 1 on a difference',
    details: `${SNAPSHOT_HELP}\n${DURATION_HELP}\nBoth files go to a temporary directory and are removed.`,
    options: VERIFY_OPTIONS,
    load: async () => (await import('./verify.js')).verify,
  }),
  define({
    name: 'compare',
    usage: 'A B',
    positionals: { min: 2, max: 2 },
    help: 'compare two features files column by column; exit code 1 on a difference',
    details:
      'Values are compared, not encodings: times as instants, texts whatever their type, NaN as null.\n' +
      'Two doubles are equal when |a - b| <= atol + rtol * max(|a|, |b|).',
    options: COMPARE_OPTIONS,
    load: async () => (await import('./compare.js')).compare,
  }),
  ...BENCH_COMMANDS,
];
