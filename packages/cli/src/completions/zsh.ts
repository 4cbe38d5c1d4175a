import type { Option } from '../args/option.js';
import type { AnyCommand } from '../commands/command.js';
import { argumentOf, type Completed, completedBy, optionsOf, spellingsOf } from './words.js';

/** The completions for zsh: a file of `$fpath`, or a text for `eval`. */
export function zshCompletions(commands: readonly AnyCommand[]): string {
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
${commands.map(({ name, help }) => `        ${quoted(`${name}:${help.replaceAll(':', '\\:')}`)}`).join('\n')}
      )
      _describe command commands
      ;;
    rest)
      case $line[1] in
${commands.map(commandCase).join('\n')}
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

function commandCase(command: AnyCommand): string {
  const argument = argumentOf(command);
  const specs = optionsOf(command).map(optionSpec);
  if (argument !== undefined) specs.push(quoted(`*: :${action(argument)}`));
  return `        ${command.name})
          _arguments ${specs.join(' \\\n            ')}
          ;;`;
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
