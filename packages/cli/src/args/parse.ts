import { parseArgs } from 'node:util';
import { suggest } from '@polyfeat/core/snapshot';
import { UsageError } from '../usage-error.js';
import type { Option, Options, Values } from './option.js';

/** What a command line says, before config file and defaults. */
export interface ParsedArgs<O extends Options> {
  values: Values<O>;
  positionals: string[];
}

/**
 * Reads the arguments of one command against its options.
 *
 * Options may stand anywhere before `--`; `--name value`, `--name=value`, `-o value` and `-ovalue` are
 * the same. A value that begins with a dash needs the form with `=`, so that a forgotten value
 * is not filled by the next option. An option may be repeated with the same value only: which of two
 * different ones counts is nothing a reader should have to guess.
 *
 * @throws UsageError for anything that does not fit.
 */
export function parseCommandArgs<O extends Options>(args: readonly string[], options: O): ParsedArgs<O> {
  // node's own strict mode stops at the first problem in words of its own, and its values lose what was
  // repeated: only its tokens are used.
  const { tokens } = parseArgs({
    args: [...args],
    options: nodeOptions(options),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const byName = new Map(Object.entries(options).map(([key, option]) => [option.name, { key, option }]));
  const texts = new Map<string, string>();
  const values: Record<string, unknown> = {};
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') {
      if (token.value === '') throw new UsageError('an argument is empty');
      positionals.push(token.value);
    }
    if (token.kind !== 'option') continue;
    const known = byName.get(token.name);
    if (known === undefined) throw unknownOption(token.rawName, options);
    const { key, option } = known;
    const value = optionText(option, token.rawName, token.value, token.inlineValue);
    const earlier = texts.get(key);
    if (earlier !== undefined && earlier !== value) {
      throw new UsageError(`--${option.name} is given twice, as "${earlier}" and as "${value}"`);
    }
    texts.set(key, value);
    values[key] = readValue(option, value, `--${option.name}`);
  }
  return { values: values as Values<O>, positionals };
}

/**
 * The value of an option's text; `where` names its source in the message.
 *
 * @throws UsageError
 */
export function readValue<T>(option: Option<T>, value: string, where: string): T {
  if (value === '' && !option.flag) throw new UsageError(`${where} needs a value that is not empty`);
  try {
    return option.read(value);
  } catch (error) {
    throw new UsageError(`${where}: ${(error as Error).message}${given(option, value)}`, { cause: error });
  }
}

function given(option: Option<unknown>, value: string): string {
  return option.choices === undefined ? '' : `, not "${value}"`;
}

function optionText(
  option: Option<unknown>,
  raw: string,
  value: string | undefined,
  inline: boolean | undefined,
): string {
  if (option.flag) {
    if (value !== undefined) throw new UsageError(`${raw} takes no value`);
    return '';
  }
  const wants = option.choices?.join('|') ?? option.metavar ?? 'VALUE';
  if (value === undefined) throw new UsageError(`${raw} needs a value: ${raw} ${wants}`);
  if (!inline && value.length > 1 && value.startsWith('-')) {
    throw new UsageError(
      `${raw} needs a value: ${raw} ${wants} (for a value that begins with a dash write ${raw}=${value})`,
    );
  }
  return value;
}

function unknownOption(raw: string, options: Options): UsageError {
  const names = Object.values(options).map((option) => option.name);
  const near = raw.startsWith('--') ? suggest(raw.slice(2), names) : undefined;
  return new UsageError(`unknown option ${raw}${near === undefined ? '' : `: did you mean --${near}?`}`);
}

function nodeOptions(options: Options) {
  return Object.fromEntries(
    Object.values(options).map((option) => [
      option.name,
      {
        type: option.flag ? ('boolean' as const) : ('string' as const),
        ...(option.short && { short: option.short }),
      },
    ]),
  );
}
