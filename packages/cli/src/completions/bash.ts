import type { AnyCommand } from '../commands/command.js';
import { argumentOf, type Completed, completedBy, optionsOf, PROGRAM_WORDS, spellingsOf } from './words.js';

/** The completions for bash, 3.2 or newer. */
export function bashCompletions(commands: readonly AnyCommand[]): string {
  const names = commands.map(({ name }) => name);
  return `# Completions of polyfeat-fast for bash.
_polyfeat_fast() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]}
  # Bash takes "--name=value" for three words.
  if [[ $current == "=" ]]; then current=""; elif [[ $before == "=" ]]; then before=\${COMP_WORDS[COMP_CWORD-2]}; fi
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W "${[...names, ...PROGRAM_WORDS].join(' ')}" -- "$current"))
    return
  fi
  case "$command $before" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case "$command" in
${commands.map(commandCase).join('\n')}
  esac
}
complete -o filenames -F _polyfeat_fast polyfeat-fast
`;
}

/** What an option's value is completed with. */
function valueCases(command: AnyCommand): string[] {
  return optionsOf(command).flatMap((option) => {
    const completed = completedBy(option);
    if (completed === undefined) return [];
    const patterns = spellingsOf(option).map((spelling) => `"${command.name} ${spelling}"`);
    return [`    ${patterns.join('|')}) ${reply(completed)} return ;;`];
  });
}

/** Options after a dash, else arguments. */
function commandCase(command: AnyCommand): string {
  const names = optionsOf(command).map(({ name }) => `--${name}`);
  const argument = argumentOf(command);
  return `    ${command.name})
      if [[ $current == -* ]]; then ${reply(names)}
      else ${argument === undefined ? ':;' : reply(argument)}
      fi ;;`;
}

function reply(completed: Completed): string {
  switch (completed) {
    case 'other':
      return ':;';
    case 'directory':
      return `local IFS=$'\\n'; COMPREPLY=($(compgen -d -- "$current"));`;
    case 'file':
      return `local IFS=$'\\n'; COMPREPLY=($(compgen -f -- "$current"));`;
    default:
      return `COMPREPLY=($(compgen -W "${completed.join(' ')}" -- "$current"));`;
  }
}
