import type { AnyCommand } from '../commands/command.js';
import {
  argumentOf,
  type Completed,
  completedBy,
  namesOf,
  optionsOf,
  PROGRAM_WORDS,
  spellingsOf,
} from './words.js';

/** The completions for bash, 3.2 or newer. */
export function bashCompletions(commands: readonly AnyCommand[]): string {
  const { first, groups } = namesOf(commands);
  return `# Completions of polyfeat-fast for bash.
_polyfeat_fast() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]}
  # Bash takes "--name=value" for three words.
  if [[ $current == "=" ]]; then current=""; elif [[ $before == "=" ]]; then before=\${COMP_WORDS[COMP_CWORD-2]}; fi
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W "${[...first, ...PROGRAM_WORDS].join(' ')}" -- "$current"))
    return
  fi
${groups.map(([group, names]) => groupLines(group, names)).join('\n')}
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

/** A command of two words: the second is offered after the first, and belongs to its name from then on. */
function groupLines(group: string, names: readonly string[]): string {
  return `  if [[ $command == ${group} ]]; then
    if [[ $COMP_CWORD -eq 2 && $current != -* ]]; then ${reply(names)} fi
    case "\${COMP_WORDS[2]}" in ${names.join('|')}) [[ $COMP_CWORD -gt 2 ]] && command="${group} \${COMP_WORDS[2]}" ;; esac
  fi`;
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
  return `    "${command.name}")
      if [[ $current == -* ]]; then ${reply(names)}
      elif [[ \${#COMPREPLY[@]} -eq 0 ]]; then ${argument === undefined ? ':;' : reply(argument)}
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
