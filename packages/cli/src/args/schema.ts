import { configurable, SCHEMA_KEY } from './config.js';
import type { Option } from './option.js';
import { BUILD_OPTIONS } from './options.js';

/**
 * The JSON schema of polyfeat.config.json, from the table of options: `schema/config.json` of this package, as
 * `npm run docs` writes it.
 */
export function configSchema(): object {
  const options = [...configurable(BUILD_OPTIONS)].map(([key, option]) => [key, property(option)] as const);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'polyfeat.config.json',
    description:
      'Options of polyfeat-fast build; other commands take those that they have from the same file.',
    type: 'object',
    additionalProperties: false,
    properties: {
      [SCHEMA_KEY]: { description: 'Where this schema is.', type: 'string' },
      ...Object.fromEntries(options),
    },
  };
}

function property(option: Option<unknown>): object {
  const { help, fallback } = option;
  const description = fallback === undefined ? help : `${help} [${fallback}]`;
  return { description, ...typeOf(option) };
}

function typeOf({ flag, choices, numeric, readList }: Option<unknown>): object {
  if (flag) return { type: 'boolean' };
  if (choices !== undefined) return { enum: choices };
  const text = { type: 'string', minLength: 1 };
  if (numeric) return { anyOf: [text, { type: 'number', exclusiveMinimum: 0 }] };
  if (readList === undefined) return text;
  return { anyOf: [text, { type: 'array', items: text, minItems: 1 }] };
}
