import { suggest } from '@polyfeat/core/snapshot';
import type { Options } from './args/option.js';
import { type ParsedArgs, parseCommandArgs } from './args/parse.js';
import type { AnyCommand } from './commands/command.js';
import { COMMANDS } from './commands/index.js';
import { exitCodeOf, type FailureStyle, reportFailure } from './failure.js';
import { commandHelp, programHelp } from './help.js';
import type { Io } from './io.js';
import { UsageError } from './usage-error.js';
import { versionLine } from './version.js';

/** Runs one command line, reports what goes wrong, and gives the exit code. Never throws. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(args, io);
  } catch (error) {
    reportFailure(error, io, failureStyle(args));
    return exitCodeOf(error);
  }
}

/** How errors are shown: known from the arguments as they are, for an error may be in reading them. */
export function failureStyle(args: readonly string[]): FailureStyle {
  const end = args.indexOf('--');
  const options = end < 0 ? args : args.slice(0, end);
  const json = options.includes('--json') && !namesFile(args);
  return { json, debug: options.includes('--debug') };
}

/** Whether `--json` of the command that is called names a file: then errors are shown as without it. */
function namesFile([first, second]: readonly string[]): boolean {
  const named = (name: string) => COMMANDS.find((command) => command.name === name);
  const json = (named(`${first} ${second}`) ?? named(`${first}`))?.options['json'];
  return json !== undefined && !json.flag;
}

async function dispatch(args: readonly string[], io: Io): Promise<number> {
  const [first] = args;
  if (first === undefined || first === '--help' || first === '-h') {
    io.stdout.write(`${programHelp(COMMANDS, io)}\n`);
    return 0;
  }
  if (first === '--version' || first === '-V') {
    io.stdout.write(`${await versionLine()}\n`);
    return 0;
  }
  const { command, rest } = findCommand(first, args.slice(1));
  if (wantsHelp(rest)) {
    io.stdout.write(`${commandHelp(command, io)}\n`);
    return 0;
  }
  const call = readCall(command, rest);
  const runCommand = await command.load();
  return runCommand(call as never, io);
}

function readCall(command: AnyCommand, args: readonly string[]): ParsedArgs<Options> {
  try {
    const call = parseCommandArgs(args, command.options);
    checkPositionals(command, call.positionals);
    return call;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${error.message} (see polyfeat-fast ${command.name} --help)`, { cause: error });
  }
}

/** A command by its name, of one word or of two, and the arguments after that. */
function findCommand(
  first: string,
  others: readonly string[],
): { command: AnyCommand; rest: readonly string[] } {
  const [second] = others;
  const pair = COMMANDS.find((candidate) => candidate.name === `${first} ${second}`);
  if (pair !== undefined) return { command: pair, rest: others.slice(1) };
  const command = COMMANDS.find((candidate) => candidate.name === first);
  if (command !== undefined) return { command, rest: others };
  const names = [...new Set(COMMANDS.map((candidate) => firstWord(candidate)))];
  if (first.startsWith('-')) {
    throw new UsageError(`a command comes first (${names.join(', ')}), then options such as ${first}`);
  }
  const near = suggest(first, names);
  const hint = near === undefined ? `the commands are ${names.join(', ')}` : `did you mean ${near}?`;
  throw new UsageError(`unknown command "${first}": ${hint}`);
}

function firstWord({ name }: AnyCommand): string {
  return name.split(' ', 1)[0] ?? name;
}

/** Help is given even when the rest of the call is wrong: that is when it is needed. */
function wantsHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h');
}

function checkPositionals({ name, usage, positionals }: AnyCommand, given: readonly string[]): void {
  if (given.length < positionals.min) throw new UsageError(`${name} needs ${usage}`);
  const extra = given[positionals.max];
  if (extra === undefined) return;
  const longer = COMMANDS.map((command) => command.name).filter((other) => other.startsWith(`${name} `));
  const near = suggest(`${name} ${extra}`, longer);
  const hint = near === undefined ? `${name} takes ${usage || 'none'}` : `did you mean ${near}?`;
  throw new UsageError(`unexpected argument "${extra}": ${hint}`);
}
