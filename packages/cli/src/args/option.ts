import { UsageError } from '../usage-error.js';

/**
 * One option of a command, as data: the parser, the help, the config file and shell completions all
 * read it. `T` is what its value becomes.
 */
export interface Option<T> {
  /** The long name without dashes, such as `ts-unit`; camelCase in the config file. */
  readonly name: string;
  /** The one-letter name. */
  readonly short?: string;
  /** What the value is called in the help, such as `FILE`; absent for a flag and for choices. */
  readonly metavar?: string;
  /** The words it takes. */
  readonly choices?: readonly string[];
  /** True: it takes no value. */
  readonly flag?: boolean;
  /** True: its value is a path, which in a config file counts from that file's directory. */
  readonly path?: boolean;
  /** True: its value is a number, which a config file may write as one. */
  readonly numeric?: boolean;
  /** The default as the help shows it. */
  readonly fallback?: string;
  /** An environment variable that stands in for the default. */
  readonly variable?: string;
  /** One sentence for the help. */
  readonly help: string;
  /** Not in the config file. */
  readonly commandLineOnly?: boolean;
  /** Turns the text of a value into the value; throws an Error that says what was expected. */
  readonly read: (text: string) => T;
  /** Turns an array of a config file into the value; absent: arrays are refused. */
  readonly readList?: (entries: readonly string[]) => T;
}

/** The options of a command, by camelCase name. */
export type Options = Readonly<Record<string, Option<unknown>>>;

/** Values read for a table of options; undefined where nothing was given. */
export type Values<O extends Options> = {
  -readonly [K in keyof O]?: O[K] extends Option<infer T> ? T | undefined : never;
};

/** An option without a value: given or not. */
export function flag(spec: Omit<Option<boolean>, 'read' | 'flag'>): Option<boolean> {
  return { ...spec, flag: true, read: () => true };
}

/** An option that takes one of a few words. */
export function choice<const C extends readonly string[]>(
  spec: Omit<Option<C[number]>, 'read' | 'choices'> & { choices: C },
): Option<C[number]> {
  return {
    ...spec,
    read: (value) => {
      const found = spec.choices.find((word) => word === value);
      if (found !== undefined) return found;
      throw new UsageError(`it must be one of ${spec.choices.join(', ')}`);
    },
  };
}

/** An option that takes any text but the empty one. */
export function text(spec: Omit<Option<string>, 'read'>): Option<string> {
  return { ...spec, read: (value) => value };
}

/** An option whose value a function reads. */
export function reading<T>(spec: Option<T>): Option<T> {
  return spec;
}

/** The name of an option in the config file: `ts-unit` is `tsUnit`. */
export function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}
