import type { Option } from '../args/option.js';
import type { AnyCommand } from '../commands/command.js';
import { argumentOf, type Completed, completedBy, namesOf, optionsOf } from './words.js';

/** The completions for fish, 3 or newer. */
export function fishCompletions(commands: readonly AnyCommand[]): string {
  const { first: words, groups } = namesOf(commands);
  const first = '-n __fish_use_subcommand';
  return `# Completions of polyfeat-fast for fish.
complete -c polyfeat-fast -f
complete -c polyfeat-fast ${first} -s h -l help -d ${quoted('show the help')}
complete -c polyfeat-fast ${first} -s V -l version -d ${quoted('show the version')}
${words.map((word) => `complete -c polyfeat-fast ${first} -a ${word} -d ${quoted(helpOf(commands, word))}`).join('\n')}
${groups.map(([group, names]) => `complete -c polyfeat-fast -n ${quoted(alone(group, names))} -a ${quoted(names.join(' '))}`).join('\n')}
${commands.flatMap((command) => linesOf(command, groups)).join('\n')}
`;
}

type Groups = ReturnType<typeof namesOf>['groups'];

/** The help of a command, or of the first of a group. */
function helpOf(commands: readonly AnyCommand[], word: string): string {
  return commands.find(({ name }) => name === word || name.startsWith(`${word} `))?.help ?? '';
}

/** The first word is there, and none of its second ones. */
function alone(group: string, names: readonly string[]): string {
  return `__fish_seen_subcommand_from ${group}; and not __fish_seen_subcommand_from ${names.join(' ')}`;
}

function linesOf(command: AnyCommand, groups: Groups): string[] {
  const [word = '', second] = command.name.split(' ');
  const seen = [word, second].filter((name) => name !== undefined);
  const names = groups.find(([group]) => group === command.name)?.[1];
  const condition =
    names === undefined
      ? seen.map((name) => `__fish_seen_subcommand_from ${name}`).join('; and ')
      : alone(command.name, names);
  const start = `complete -c polyfeat-fast -n ${quoted(condition)}`;
  const argument = argumentOf(command);
  const lines = optionsOf(command).map((option) => `${start} ${optionArgs(option)}`);
  if (argument !== undefined) lines.push(`${start} ${wordsOf(argument)}`);
  return lines;
}

function optionArgs(option: Option<unknown>): string {
  const { name, short, help } = option;
  const completed = completedBy(option);
  const names = short === undefined ? `-l ${name}` : `-s ${short} -l ${name}`;
  const value = completed === undefined ? '' : ` -r ${wordsOf(completed)}`;
  return `${names}${value} -d ${quoted(help)}`;
}

function wordsOf(completed: Completed): string {
  switch (completed) {
    case 'other':
      return '-f';
    case 'directory':
      return `-f -a ${quoted('(__fish_complete_directories)')}`;
    case 'file':
      return '-F';
    default:
      return `-f -a ${quoted(completed.join(' '))}`;
  }
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}
