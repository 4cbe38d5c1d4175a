import {
  CLOSED,
  DEFAULT_CUTS,
  DIRECTIONS,
  PRESETS,
  parseDuration,
  parseDurations,
  parseSize,
  parseThreads,
  REGIME_MODES,
  TIE,
  TIES,
  UNKNOWN_TOKEN,
} from '@polyfeat/core/snapshot';
import { choice, flag, reading, text } from './option.js';
import {
  durationOr,
  lengthOr,
  readColumns,
  readDurationList,
  readNames,
  readSelf,
  readSequence,
  readTolerance,
  readWhole,
  splitList,
} from './readers.js';

/** Of every command. */
export const COMMON_OPTIONS = {
  json: flag({ name: 'json', help: 'print one JSON object in place of the tables' }),
  debug: flag({ name: 'debug', help: 'add the stack to an error' }),
  help: flag({ name: 'help', short: 'h', help: 'show this help', commandLineOnly: true }),
};

/** Of every command that runs one engine. */
export const ENGINE_OPTIONS = {
  engine: choice({
    name: 'engine',
    choices: ['auto', 'native', 'ts'],
    fallback: 'auto',
    variable: 'POLYFEAT_ENGINE',
    help: 'the Rust core or the TypeScript engine; auto falls back to the latter with a warning',
  }),
};

/** Of every command that takes a SNAPSHOT. */
export const SNAPSHOT_OPTIONS = {
  snapshotsRoot: text({
    name: 'snapshots-root',
    metavar: 'DIR',
    path: true,
    fallback: 'research/data/snapshots',
    variable: 'POLYFEAT_SNAPSHOTS_ROOT',
    help: 'where to look when SNAPSHOT is left out: the newest one is taken',
  }),
  username: text({ name: 'username', metavar: 'NAME', help: 'look only at directories NAME-*' }),
  config: text({
    name: 'config',
    metavar: 'FILE',
    fallback: 'polyfeat.config.json, where there is one',
    commandLineOnly: true,
    help: 'options of build in camelCase, as JSON; those on the command line win',
  }),
  tsUnit: choice({
    name: 'ts-unit',
    choices: ['s', 'ms', 'us', 'ns'],
    help: 'the unit of integer times; without it they are refused',
  }),
};

/** What a build's values depend on. */
export const VALUE_OPTIONS = {
  order: choice({
    name: 'order',
    choices: ['token', 'input'],
    fallback: 'token',
    help: 'rows by (token_id, ts), or as in trades.parquet',
  }),
  returns: reading({
    name: 'returns',
    metavar: 'DUR,…',
    fallback: '30s,300s',
    help: 'lags of the mt_return_* columns',
    read: parseDurations,
    readList: readDurationList,
  }),
  windows: reading({
    name: 'windows',
    metavar: 'DUR,…',
    fallback: '60s',
    help: 'lengths of the flow windows (mt_trades_*, mt_volume_*, mt_notional_*)',
    read: parseDurations,
    readList: readDurationList,
  }),
  bucket: reading({
    name: 'bucket',
    metavar: 'DUR',
    fallback: '10s',
    help: 'the complete-set bucket',
    read: parseDuration,
  }),
  sum: choice({
    name: 'sum',
    choices: ['exact', 'notebook'],
    fallback: 'exact',
    help: "flow sums correctly rounded, or bit-identical to the notebook's",
  }),
  columns: reading({
    name: 'columns',
    metavar: 'all|features|safe|A,B,…',
    fallback: 'all',
    help: 'input columns that pass through; features: ts, token_id, market_slug, event_key; safe: what is known before the trade or with it, labels as label_*',
    read: (value) => readColumns(splitList(value)),
    readList: readColumns,
  }),
  labelAvailableAt: flag({
    name: 'label-available-at',
    help: 'add that column: from when on the regime and the complete sets of a row are known',
  }),
};

/** Which prints a trade may see. */
export const RULE_OPTIONS = {
  preset: choice({
    name: 'preset',
    choices: PRESETS,
    fallback: 'notebook',
    help: 'strict: only what had happened before the trade; live: only what had been recorded too',
  }),
  ties: choice({
    name: 'ties',
    choices: TIES,
    fallback: 'include',
    help: "prints at the trade's own stamp",
  }),
  sequence: reading({
    name: 'sequence',
    metavar: 'A=B',
    help: 'columns of trades and tape that order equal stamps, with --ties sequence',
    read: readSequence,
  }),
  resolution: reading({
    name: 'resolution',
    metavar: 'auto|DUR',
    fallback: 'auto',
    help: "the tick of the stamps, with --ties exclude; auto: the coarser of both files'",
    read: durationOr('auto'),
  }),
  availability: text({
    name: 'availability',
    metavar: 'COL|none',
    help: 'a time column of the tape: a print counts only from then on',
  }),
  embargo: reading({
    name: 'embargo',
    metavar: 'DUR|none',
    help: 'a safety gap between what is seen and the trade',
    read: lengthOr('none'),
  }),
  excludeSelf: reading({
    name: 'exclude-self',
    metavar: 'COL,…|auto|none',
    help: 'a print equal in these columns of both files is the trade itself and is left out',
    read: (value) => readSelf(splitList(value)),
    readList: readSelf,
  }),
  maxAge: reading({
    name: 'max-age',
    metavar: 'DUR|none',
    help: 'the oldest last print accepted',
    read: lengthOr('none'),
  }),
  tie: choice({
    name: 'tie',
    choices: TIE,
    fallback: 'last',
    help: 'which of equal stamps is the last print',
  }),
  direction: choice({
    name: 'direction',
    choices: DIRECTIONS,
    fallback: 'backward',
    help: 'where the last print is looked for; forward and nearest need --allow-lookahead',
  }),
  allowLookahead: flag({ name: 'allow-lookahead', help: 'allow a direction that looks ahead' }),
  closed: choice({
    name: 'closed',
    choices: CLOSED,
    fallback: 'right; left with --ties exclude',
    help: 'which ends a flow window holds',
  }),
  unknownToken: choice({
    name: 'unknown-token',
    choices: UNKNOWN_TOKEN,
    fallback: 'null',
    help: 'flow of a token without prints; causal: null until its first visible print',
  }),
  regime: choice({
    name: 'regime',
    choices: REGIME_MODES,
    fallback: 'bucket',
    help: 'how complete sets are found; all but bucket look back only',
  }),
  proof: flag({ name: 'proof', help: 'add columns by which each row can be checked by hand' }),
};

/** What a build may take of the machine; its values do not depend on it. */
export const RESOURCE_OPTIONS = {
  threads: reading({
    name: 'threads',
    metavar: 'N',
    numeric: true,
    fallback: 'one per core, one for a small snapshot',
    help: 'threads of the native engine',
    read: parseThreads,
  }),
  memory: reading({
    name: 'memory',
    metavar: 'SIZE',
    numeric: true,
    fallback: "60 % of the RAM, or of the control group's limit",
    help: 'what the native engine may take, as in 512M or 1.5G; with little it reads the tape several times',
    read: parseSize,
  }),
};

/** How a job tells what it does. */
export const REPORT_OPTIONS = {
  progress: choice({
    name: 'progress',
    choices: ['auto', 'always', 'never'],
    fallback: 'auto',
    help: 'a progress bar on standard error; auto: when that is a terminal',
  }),
  quiet: flag({
    name: 'quiet',
    help: 'no tables, warnings or progress: only errors, and the object of --json',
  }),
};

export const BUILD_OPTIONS = {
  ...SNAPSHOT_OPTIONS,
  out: text({
    name: 'out',
    short: 'o',
    metavar: 'FILE',
    path: true,
    fallback: 'SNAPSHOT/features.parquet',
    help: 'the file to write; it is replaced whole or not at all',
  }),
  ...VALUE_OPTIONS,
  ...RULE_OPTIONS,
  compression: choice({
    name: 'compression',
    choices: ['source', 'zstd', 'snappy', 'none'],
    fallback: 'source',
    help: 'codec of the output; source: that of trades.parquet',
  }),
  ...ENGINE_OPTIONS,
  ...RESOURCE_OPTIONS,
  ...REPORT_OPTIONS,
  ...COMMON_OPTIONS,
};

// Proof columns are something to write, which an audit or an explanation does not do.
const { proof: _, ...RULES_OF_VALUES } = RULE_OPTIONS;
const { returns, windows, bucket, sum } = VALUE_OPTIONS;

export const AUDIT_OPTIONS = {
  ...SNAPSHOT_OPTIONS,
  features: text({
    name: 'features',
    metavar: 'FILE',
    help: 'judge the columns of this features file in place of what build would make',
  }),
  rules: choice({
    name: 'rules',
    commandLineOnly: true,
    choices: PRESETS,
    fallback: 'strict',
    help: 'the preset whose rules must not be broken',
  }),
  failOnLeak: flag({ name: 'fail-on-leak', help: 'exit code 1 when one of them is broken' }),
  columns: choice({
    name: 'columns',
    commandLineOnly: true,
    choices: ['all', 'safe'],
    fallback: 'all',
    help: 'safe: input columns that were not known at the trade are leaks too',
  }),
  cuts: reading({
    name: 'cuts',
    metavar: 'N',
    fallback: String(DEFAULT_CUTS),
    help: 'at how many random moments the data is cut off',
    read: readWhole,
  }),
  seed: reading({
    name: 'seed',
    metavar: 'N',
    fallback: '1',
    help: 'by which these moments are drawn',
    read: readWhole,
  }),
  returns,
  windows,
  bucket,
  sum,
  ...RULES_OF_VALUES,
  ...RESOURCE_OPTIONS,
  ...REPORT_OPTIONS,
  ...COMMON_OPTIONS,
};

export const INSPECT_OPTIONS = { ...SNAPSHOT_OPTIONS, ...ENGINE_OPTIONS, ...COMMON_OPTIONS };

export const EXPLAIN_OPTIONS = {
  row: reading({
    name: 'row',
    metavar: 'N',
    numeric: true,
    commandLineOnly: true,
    help: 'which trade: a row of trades.parquet, counted from 0',
    read: readWhole,
  }),
  limit: reading({
    name: 'limit',
    metavar: 'N',
    numeric: true,
    commandLineOnly: true,
    fallback: '10',
    help: 'how many prints or trades each list names: the nearest in time',
    read: readWhole,
  }),
  ...SNAPSHOT_OPTIONS,
  returns,
  windows,
  bucket,
  sum,
  ...RULES_OF_VALUES,
  ...REPORT_OPTIONS,
  ...COMMON_OPTIONS,
};

export const SUMMARY_OPTIONS = { ...ENGINE_OPTIONS, ...COMMON_OPTIONS };

export const VERIFY_OPTIONS = {
  ...SNAPSHOT_OPTIONS,
  ...VALUE_OPTIONS,
  ...RULE_OPTIONS,
  ...RESOURCE_OPTIONS,
  ...REPORT_OPTIONS,
  ...COMMON_OPTIONS,
};

export const COMPARE_OPTIONS = {
  rtol: reading({
    name: 'rtol',
    metavar: 'NUMBER',
    fallback: '0',
    help: 'relative tolerance of doubles',
    read: readTolerance,
  }),
  atol: reading({
    name: 'atol',
    metavar: 'NUMBER',
    fallback: '0',
    help: 'absolute tolerance of doubles',
    read: readTolerance,
  }),
  key: reading({
    name: 'key',
    metavar: 'A,B,…',
    help: 'columns that name a row, when the row orders differ',
    read: (value) => readNames(splitList(value)),
  }),
  ...ENGINE_OPTIONS,
  ...COMMON_OPTIONS,
};

export const DOCTOR_OPTIONS = {
  snapshotsRoot: SNAPSHOT_OPTIONS.snapshotsRoot,
  username: SNAPSHOT_OPTIONS.username,
  config: SNAPSHOT_OPTIONS.config,
  ...ENGINE_OPTIONS,
  ...COMMON_OPTIONS,
};

export const COMPLETIONS_OPTIONS = { debug: COMMON_OPTIONS.debug, help: COMMON_OPTIONS.help };
