import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { PolyfeatError, suggest } from '@polyfeat/core/snapshot';
import { UsageError } from '../usage-error.js';
import { camelCase, type Option, type Options, type Values } from './option.js';
import { BUILD_OPTIONS } from './options.js';
import { readValue } from './parse.js';

/** The file that is read from the working directory when none is named. */
export const CONFIG_FILE = 'polyfeat.config.json';

/** Tells an editor where the schema of the file is; it sets nothing. */
export const SCHEMA_KEY = '$schema';

/**
 * Reads the options that a config file sets for a command: those of `build`, in camelCase. A command
 * with fewer options takes only its own from the same file. Paths count from the file's directory.
 *
 * @param named the file of `--config`; undefined: polyfeat.config.json in `directory`, if there.
 * @throws UsageError for bad JSON, an unknown name or a bad value.
 * @throws PolyfeatError `NOT_FOUND` or `IO` when a named file cannot be read.
 */
export async function readConfig<O extends Options>(
  named: string | undefined,
  directory: string,
  options: O,
): Promise<Values<O>> {
  const file = resolve(directory, named ?? CONFIG_FILE);
  const content = await readIfThere(file, named);
  if (content === undefined) return {};
  const shown = named ?? CONFIG_FILE;
  const values: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(parseObject(content, shown))) {
    const where = `${shown}: ${key}`;
    if (key === SCHEMA_KEY) continue;
    const option = configurable(BUILD_OPTIONS).get(key);
    if (option === undefined) throw unknownKey(key, shown);
    const read = readConfigValue(option, value, where);
    if (Object.hasOwn(options, key)) {
      values[key] = option.path && typeof read === 'string' ? resolve(dirname(file), read) : read;
    }
  }
  return values as Values<O>;
}

async function readIfThere(file: string, named: string | undefined): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' && named === undefined) return undefined;
    const shown = named ?? CONFIG_FILE;
    if (code === 'ENOENT') {
      throw new PolyfeatError('NOT_FOUND', `the config file ${shown} does not exist`, { file: shown, cause });
    }
    throw new PolyfeatError('IO', `the config file ${shown} cannot be read (${code})`, {
      file: shown,
      cause,
    });
  }
}

function parseObject(content: string, shown: string): object {
  let parsed: unknown;
  try {
    // Editors on Windows begin a file with a byte order mark.
    parsed = JSON.parse(content.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new UsageError(`${shown} is not JSON: ${(cause as Error).message}`, { cause });
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  throw new UsageError(`${shown} must hold one JSON object, such as {"windows": "60s"}`);
}

function readConfigValue(option: Option<unknown>, value: unknown, where: string): unknown {
  if (option.flag) {
    if (typeof value === 'boolean') return value;
    throw new UsageError(`${where} must be true or false`);
  }
  if (typeof value === 'string') return readValue(option, value, where);
  if (typeof value === 'number' && option.numeric) return readValue(option, String(value), where);
  if (
    Array.isArray(value) &&
    option.readList &&
    value.length > 0 &&
    value.every((entry) => typeof entry === 'string')
  ) {
    const { readList } = option;
    return readValue({ ...option, read: () => readList(value) }, value.join(','), where);
  }
  const list = option.readList ? ' or a list of texts that is not empty' : '';
  const number = option.numeric ? ' or a number' : '';
  throw new UsageError(`${where} must be a text${number}${list}, as on the command line`);
}

/** The options that a config file may set, by their names there. */
export function configurable(options: Options): Map<string, Option<unknown>> {
  return new Map(Object.entries(options).filter(([, option]) => !option.commandLineOnly));
}

function unknownKey(key: string, shown: string): UsageError {
  const near = suggest(camelCase(key), [...configurable(BUILD_OPTIONS).keys()]);
  const hint = near === undefined ? '' : `: did you mean "${near}"?`;
  return new UsageError(`${shown} has an unknown name "${key}"${hint}`);
}
