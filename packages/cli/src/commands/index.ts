import {
  AUDIT_OPTIONS,
  BUILD_OPTIONS,
  COMPARE_OPTIONS,
  COMPLETIONS_OPTIONS,
  DOCTOR_OPTIONS,
  EXPLAIN_OPTIONS,
  INSPECT_OPTIONS,
  SUMMARY_OPTIONS,
  VERIFY_OPTIONS,
} from '../args/options.js';
import { SHELLS } from '../completions/shells.js';
import { BENCH_COMMANDS } from './bench.js';
import { type AnyCommand, define } from './command.js';

const SNAPSHOT_HELP =
  'SNAPSHOT is a directory with trades.parquet and, when there, market_trades.parquet and clob_tob.parquet\n' +
  '(a folder of parts works too). Left out: the newest one under --snapshots-root.';

const DURATION_HELP = 'DUR is a whole number and a unit, ns us ms s m h d, as in 250ms, 10s or 5m.';

const AUDIT_HELP =
  'Audited is what build would make by --preset and the rules beside it; judged is it by --rules. Shares are of\n' +
  'the rows of trades that use a print, or, where that makes no sense, of all rows with a time and a token. With\n' +
  '--features the added columns of FILE are compared with what was knowable. Nothing is written.';
const ONE_SNAPSHOT = { min: 0, max: 1 };

/** Every command, in the order of the help. */
export const COMMANDS: readonly AnyCommand[] = [
  define({
    name: 'build',
    usage: '[SNAPSHOT]',
    positionals: ONE_SNAPSHOT,
    argument: 'directory',
    help: 'write features.parquet, show the regime counts and the PnL table',
    details: `${SNAPSHOT_HELP}\n${DURATION_HELP}`,
    options: BUILD_OPTIONS,
    load: async () => (await import('./build.js')).build,
  }),
  define({
    name: 'inspect',
    usage: '[SNAPSHOT]',
    positionals: ONE_SNAPSHOT,
    argument: 'directory',
    help: 'show what is in a snapshot: rows, columns, times, tokens, nulls, what is missing',
    details: SNAPSHOT_HELP,
    options: INSPECT_OPTIONS,
    load: async () => (await import('./inspect.js')).inspect,
  }),
  define({
    name: 'audit',
    usage: '[SNAPSHOT]',
    positionals: ONE_SNAPSHOT,
    help: 'find what features use that was not known yet, and test it by cutting the data off',
    details: `${SNAPSHOT_HELP}\n${DURATION_HELP}\n${AUDIT_HELP}`,
    options: AUDIT_OPTIONS,
    load: async () => (await import('./audit.js')).audit,
  }),
  define({
    name: 'summary',
    usage: 'FEATURES',
    positionals: { min: 1, max: 1 },
    help: 'show the regime counts and the PnL table of a features file, and how it was made',
    details: 'FEATURES is a file that build wrote.',
    options: SUMMARY_OPTIONS,
    load: async () => (await import('./summary.js')).summary,
  }),
  define({
    name: 'explain',
    usage: '[SNAPSHOT] --row N',
    positionals: ONE_SNAPSHOT,
    help: 'show what one trade saw of the tape, what was left out and why',
    details: `${SNAPSHOT_HELP}\n${DURATION_HELP}\nRules and lengths are those of build; the native engine is needed.`,
    options: EXPLAIN_OPTIONS,
    load: async () => (await import('./explain.js')).explain,
  }),
  define({
    name: 'verify',
    usage: '[SNAPSHOT]',
    positionals: ONE_SNAPSHOT,
    argument: 'directory',
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
  define({
    name: 'doctor',
    usage: '',
    positionals: { min: 0, max: 0 },
    help: 'show what was found on this machine; exit code 1 when something is broken',
    details: 'Engine, Node, packages, cores, memory, snapshots and free space, as a build would find them.',
    options: DOCTOR_OPTIONS,
    load: async () => (await import('./doctor.js')).doctor,
  }),
  define({
    name: 'completions',
    usage: SHELLS.join('|'),
    positionals: { min: 1, max: 1 },
    argument: SHELLS,
    help: 'print the completions of a shell',
    details:
      'For bash:  put  eval "$(polyfeat-fast completions bash)"  into ~/.bashrc\n' +
      'For zsh:   put  eval "$(polyfeat-fast completions zsh)"   into ~/.zshrc, after compinit\n' +
      'For fish:  polyfeat-fast completions fish > ~/.config/fish/completions/polyfeat-fast.fish',
    options: COMPLETIONS_OPTIONS,
    load: async () => (await import('./completions.js')).completions,
  }),
];
