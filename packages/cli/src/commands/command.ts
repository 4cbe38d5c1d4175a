import type { Options, Values } from '../args/option.js';
import type { Io } from '../io.js';

/** What a command line is, after parsing. */
export interface Call<O extends Options> {
  values: Values<O>;
  positionals: readonly string[];
}

/** One command of the program, as data and a function. */
export interface Command<O extends Options> {
  /** Its name: one word, or that of a group and its own. */
  readonly name: string;
  /** The arguments as the help shows them, such as `[SNAPSHOT]`. */
  readonly usage: string;
  /** How many positional arguments it takes. */
  readonly positionals: { readonly min: number; readonly max: number };
  /** What its arguments are, for completions: words, or the default, names of files. */
  readonly argument?: 'directory' | readonly string[];
  /** One sentence for the list of commands. */
  readonly help: string;
  /** More for the command's own help. */
  readonly details: string;
  readonly options: O;
  /** Loads what runs it: only the command that is called is loaded. */
  readonly load: () => Promise<(call: Call<O>, io: Io) => Promise<number>>;
}

/** A command whose options are known to itself only. */
export interface AnyCommand extends Omit<Command<Options>, 'load'> {
  readonly load: () => Promise<(call: Call<never>, io: Io) => Promise<number>>;
}

/** A command whose options fit what runs it, as one among others. */
export function define<O extends Options>(command: Command<O>): AnyCommand {
  return command as unknown as AnyCommand;
}
