import type { Option, Options } from './args/option.js';
import type { AnyCommand } from './commands/command.js';
import { colorsOf, type Io } from './io.js';

/** The help of the whole program. */
export function programHelp(commands: readonly AnyCommand[], io: Io): string {
  const { bold } = colorsOf(io.stdout, io.env);
  const names = commands.map(({ name, usage, help }): [string, string] => [`${name} ${usage}`, help]);
  return [
    'Turns a recorded prediction-market snapshot into trade-level features: exact, point-in-time, fast.',
    `${bold('Usage:')} polyfeat-fast COMMAND [OPTIONS]`,
    `${bold('Commands:')}\n${aligned(names)}`,
    `${bold('Options:')}\n${aligned([
      ['-h, --help', 'show this help, or that of a command'],
      ['-V, --version', 'show the version'],
    ])}`,
    `${bold('Exit codes:')} 0 fine; 1 the data or the run failed, or a difference was found; 2 the call is wrong; 130 stopped`,
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
    `${bold('Usage:')} polyfeat-fast ${command.name} ${command.usage} [OPTIONS]`,
    command.details,
    `${bold('Options:')}\n${aligned(options)}`,
    ...environment(command.options, bold),
  ].join('\n\n');
}

function left({ name, short, metavar, choices, flag }: Option<unknown>): string {
  const names = `${short === undefined ? '    ' : `-${short}, `}--${name}`;
  return flag ? names : `${names} ${metavar ?? choices?.join('|')}`;
}

function right({ help, fallback }: Option<unknown>): string {
  return fallback === undefined ? help : `${help} [${fallback}]`;
}

function environment(options: Options, bold: (text: string) => string): string[] {
  const variables = Object.values(options).flatMap(({ name, variable }): [string, string][] =>
    variable === undefined ? [] : [[variable, `stands in for the default of --${name}`]],
  );
  return variables.length === 0 ? [] : [`${bold('Environment:')}\n${aligned(variables)}`];
}

/** Lines above this width put their explanation on the next line. */
const LEFT_WIDTH = 34;

function aligned(pairs: readonly (readonly [string, string])[]): string {
  const width = Math.min(LEFT_WIDTH, Math.max(...pairs.map(([name]) => name.length)));
  return pairs
    .map(([name, help]) => {
      const gap = name.length > width ? `\n${' '.repeat(width + 4)}` : ' '.repeat(width + 2 - name.length);
      return `  ${name}${gap}${help}`;
    })
    .join('\n');
}
