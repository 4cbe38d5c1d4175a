import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configurable } from './config.js';
import { BUILD_OPTIONS } from './options.js';
import { configSchema } from './schema.js';

describe('the schema of the config file', () => {
  it('is committed as the table of options has it', () => {
    const committed = readFileSync(new URL('../../schema/config.json', import.meta.url), 'utf8');
    expect(JSON.parse(committed), 'run npm run docs').toEqual(configSchema());
  });

  it('knows every option that the file may set, and its $schema', () => {
    const { properties } = configSchema() as { properties: Record<string, object> };
    expect(Object.keys(properties)).toEqual(['$schema', ...configurable(BUILD_OPTIONS).keys()]);
    expect(properties).toMatchObject({
      order: { enum: ['token', 'input'] },
      quiet: { type: 'boolean' },
      windows: { anyOf: [{ type: 'string' }, { type: 'array' }] },
      threads: { anyOf: [{ type: 'string' }, { type: 'number' }] },
      bucket: { type: 'string' },
    });
  });
});
