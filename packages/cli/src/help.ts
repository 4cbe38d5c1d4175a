import type { Option, Options } from './args/option.js';
import type { AnyCommand } from './commands/command.js';
import { colorsOf, type Io } from './io.js';

const PROGRAM_OPTIONS: readonly (readonly [string, string])[] = [
  ['-h, --help', 'show this help, or that of a command'],
  ['-V, --version', 'show the version'],
];

/** The calls that a newcomer needs, in the order of need. */
export const FIRST_CALLS: readonly { readonly call: string; readonly help: string }[] = [
  { call: 'inspect SNAPSHOT', help: 'what is in a recorded snapshot, and what is missing' },
  { call: 'build SNAPSHOT', help: 'write SNAPSHOT/features.parquet, show what came of it' },
  { call: 'build --help', help: 'lags, windows, row order, and what a trade may see' },
];

const WHAT_IT_IS = [
  'Turns a recorded snapshot of a prediction market into features, one row per trade: the last price,',
  'returns and volumes just before it, and whether it was complete-set arbitrage. A snapshot is a directory',
  'with trades.parquet and, when there, market_trades.parquet and clob_tob.parquet.',
].join(' ');

const EXIT_CODES: readonly (readonly [string, string])[] = [
  ['0', 'fine'],
  ['1', 'the data or the run failed, or a difference was found'],
  ['2', 'the call is wrong'],
  ['130', 'stopped by Ctrl-C'],
];

/** The help of the whole program. */
export function programHelp(commands: readonly AnyCommand[], io: Io): string {
  const { bold } = colorsOf(io.stdout, io.env);
  const firstCalls = FIRST_CALLS.map(({ call, help }): [string, string] => [`polyfeat-fast ${call}`, help]);
  const names = commands.map(({ name, usage, help }): [string, string] => [`${name} ${usage}`.trim(), help]);
  return [
    wrapped(WHAT_IT_IS, lineWidth(io)).join('\n'),
    `${bold('Usage:')} polyfeat-fast COMMAND [OPTIONS]`,
    `${bold('Start with:')}\n${aligned(firstCalls, io)}`,
    `${bold('Commands:')}\n${aligned(names, io)}`,
    `${bold('Options:')}\n${aligned(PROGRAM_OPTIONS, io)}`,
    `${bold('Exit codes:')}\n${aligned(EXIT_CODES, io)}`,
    'Help on a command: polyfeat-fast COMMAND --help',
  ].join('\n\n');
}

/** The help of one command, from its table of options. */
export function commandHelp(command: AnyCommand, io: Io): string {
  const { bold } = colorsOf(io.stdout, io.env);
  const options = Object.values(command.options).map((option): [string, string] => [
    left(option),
    right(option),
  ]);
  return [
    `${command.help[0]?.toUpperCase()}${command.help.slice(1)}.`,
    `${bold('Usage:')} ${['polyfeat-fast', command.name, command.usage, '[OPTIONS]'].filter(Boolean).join(' ')}`,
    command.details,
    `${bold('Options:')}\n${aligned(options, io)}`,
    ...environment(command.options, io),
  ].join('\n\n');
}

function left({ name, short, metavar, choices, flag }: Option<unknown>): string {
  const names = `${short === undefined ? '    ' : `-${short}, `}--${name}`;
  return flag ? names : `${names} ${metavar ?? choices?.join('|')}`;
}

function right({ help, fallback }: Option<unknown>): string {
  return fallback === undefined ? help : `${help} [${fallback}]`;
}

function environment(options: Options, io: Io): string[] {
  const { bold } = colorsOf(io.stdout, io.env);
  const variables = Object.values(options).flatMap(({ name, variable }): [string, string][] =>
    variable === undefined ? [] : [[variable, `stands in for the default of --${name}`]],
  );
  return variables.length === 0 ? [] : [`${bold('Environment:')}\n${aligned(variables, io)}`];
}

/** Names longer than this put their explanation on the next line. */
const NAME_WIDTH = 34;
/** The width where nobody tells the terminal's. */
const LINE_WIDTH = 100;

function lineWidth(io: Io): number {
  return Math.min(LINE_WIDTH, io.stdout.columns ?? LINE_WIDTH);
}

/** Names to the left, explanations to the right, broken between words to fit the terminal. */
function aligned(pairs: readonly (readonly [string, string])[], io: Io): string {
  const width = Math.min(NAME_WIDTH, Math.max(...pairs.map(([name]) => name.length)));
  const margin = ' '.repeat(width + 4);
  const room = Math.max(24, lineWidth(io) - margin.length);
  return pairs
    .map(([name, help]) => {
      const gap = name.length > width ? `\n${margin}` : ' '.repeat(width + 2 - name.length);
      return `  ${name}${gap}${wrapped(help, room).join(`\n${margin}`)}`;
    })
    .join('\n');
}

function wrapped(text: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > room) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
