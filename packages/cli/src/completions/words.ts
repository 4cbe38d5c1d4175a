import type { Option } from '../args/option.js';
import type { AnyCommand } from '../commands/command.js';

/** What may stand after an option, or as an argument: words, names of directories or files, or something else. */
export type Completed = readonly string[] | 'directory' | 'file' | 'other';

/** What completes the value of an option; undefined for one that takes none. */
export function completedBy({ flag, choices, path, metavar }: Option<unknown>): Completed | undefined {
  if (flag) return undefined;
  if (choices !== undefined) return choices;
  if (metavar === 'DIR') return 'directory';
  return path === true || metavar === 'FILE' ? 'file' : 'other';
}

/** What completes an argument of a command; undefined for one that takes none. */
export function argumentOf({ positionals, argument }: AnyCommand): Completed | undefined {
  return positionals.max === 0 ? undefined : (argument ?? 'file');
}

/** The options of a command in the order of its help. */
export function optionsOf(command: AnyCommand): readonly Option<unknown>[] {
  return Object.values(command.options);
}

/** The spellings of an option: `-o`, `--out`. */
export function spellingsOf({ short, name }: Option<unknown>): string[] {
  return short === undefined ? [`--${name}`] : [`-${short}`, `--${name}`];
}

/** Options of the program itself, before any command. */
export const PROGRAM_WORDS = ['--help', '--version'] as const;

/** First words of commands, and the second words of those that have two, such as `bench generate`. */
export function namesOf(commands: readonly AnyCommand[]): {
  readonly first: readonly string[];
  readonly groups: readonly (readonly [group: string, names: readonly string[]])[];
} {
  const words = commands.map(({ name }) => name.split(' '));
  const first = [...new Set(words.map(([word = '']) => word))];
  const groups = first.map((group) => {
    const seconds = words.filter(([word, second]) => word === group && second !== undefined);
    return [group, seconds.map(([, second = '']) => second)] as const;
  });
  return { first, groups: groups.filter(([, names]) => names.length > 0) };
}
