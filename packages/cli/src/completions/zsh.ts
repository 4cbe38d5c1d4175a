import type { Option } from '../args/option.js';
import type { AnyCommand } from '../commands/command.js';
import { argumentOf, type Completed, completedBy, namesOf, optionsOf, spellingsOf } from './words.js';

/** The completions for zsh: a file of `$fpath`, or a text for `eval`. */
export function zshCompletions(commands: readonly AnyCommand[]): string {
  const { first } = namesOf(commands);
  return `#compdef polyfeat-fast
# Completions of polyfeat-fast for zsh.
_polyfeat-fast() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  _arguments -C \\
    '(- *)'{-h,--help}'[show the help]' \\
    '(- *)'{-V,--version}'[show the version]' \\
    '1: :->command' \\
    '*:: :->rest'
  case $state in
    command)
      local -a commands=(
${described(commands, first)}
      )
      _describe command commands
      ;;
    rest)
      case $line[1] in
${first.map((name) => firstCase(commands, name)).join('\n')}
      esac
      ;;
  esac
}
if [[ $funcstack[1] == _polyfeat-fast ]]; then
  _polyfeat-fast "$@"
else
  compdef _polyfeat-fast polyfeat-fast
fi
`;
}

/** A list for `_describe`: names, each with the help of its command, or of the first of its group. */
function described(commands: readonly AnyCommand[], names: readonly string[]): string {
  return names
    .map((word) => {
      const one = commands.find(({ name }) => name === word || name.startsWith(`${word} `));
      return `        ${quoted(`${word}:${(one?.help ?? '').replaceAll(':', '\\:')}`)}`;
    })
    .join('\n');
}

/** What follows the first word: arguments and options, or a second word and then those. */
function firstCase(commands: readonly AnyCommand[], word: string): string {
  const group = commands.filter(({ name }) => name.startsWith(`${word} `));
  const alone = commands.find(({ name }) => name === word);
  const own = alone === undefined ? '' : `          ${argumentsOf(alone)}\n`;
  if (group.length === 0) return `        ${word})\n${own}          ;;`;
  const seconds = group.map(({ name }) => name.slice(word.length + 1));
  const cases = group.map(
    (command, i) => `            ${seconds[i]}) shift words; (( CURRENT-- ))
          ${argumentsOf(command)}; return ;;`,
  );
  return `        ${word})
          if (( CURRENT > 2 )); then case $words[2] in
${cases.join('\n')}
          esac; else compadd -- ${seconds.join(' ')}; fi
${own}          ;;`;
}

function argumentsOf(command: AnyCommand): string {
  const argument = argumentOf(command);
  const specs = optionsOf(command).map(optionSpec);
  if (argument !== undefined) specs.push(quoted(`*: :${action(argument)}`));
  return `_arguments ${specs.join(' \\\n            ')}`;
}

function optionSpec(option: Option<unknown>): string {
  const spellings = spellingsOf(option);
  const completed = completedBy(option);
  const names = spellings.length === 1 ? (spellings[0] ?? '') : `{${spellings.join(',')}}`;
  const help = option.help.replace(/[[\]\\:]/g, '\\$&');
  const value = completed === undefined ? '' : `: :${action(completed)}`;
  const equals = completed === undefined || spellings.length > 1 ? '' : '=';
  return `${quoted(`(${spellings.join(' ')})`)}${names}${equals}${quoted(`[${help}]${value}`)}`;
}

function action(completed: Completed): string {
  switch (completed) {
    case 'other':
      return ' ';
    case 'directory':
      return '_files -/';
    case 'file':
      return '_files';
    default:
      return `(${completed.join(' ')})`;
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
