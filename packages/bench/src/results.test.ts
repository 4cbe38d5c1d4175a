import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { arm, results, snapshot } from '../test/support/sample.js';
import { packageFile } from './paths.js';
import { readResults } from './results.js';

const good = results([snapshot([arm('token', [1, 2])])], {
  scaling: [
    {
      ...{ of: 'prints', fixed: '5 tokens' },
      points: [1, 2].map((amount) => ({ amount, seconds: [1], cpu: [null] })),
    },
  ],
  start_up: { node: [0.04], build: [0.1] },
});

describe('results', () => {
  it('are read as they were written', () => {
    expect(readResults(JSON.stringify(good), 'S.json')).toEqual(good);
  });

  it('have a schema that is one', () => {
    const schema = JSON.parse(readFileSync(packageFile('results.schema.json'), 'utf8'));
    expect(new Ajv2020({ strict: true, allowUnionTypes: true }).validateSchema(schema)).toBe(true);
  });

  it.each([
    ['no JSON', '{', /^S\.json is no JSON: /],
    ['another version', { ...good, schema: 2 }, 'S.json: /schema must be equal to constant'],
    ['a field too few', { ...good, machine: undefined }, "must have required property 'machine'"],
    ['a field too many', { ...good, extra: 1 }, 'additional properties (extra)'],
    [
      'a wrong value',
      results([snapshot([arm('token', [-1])])]),
      'S.json: /snapshots/0/arms/0/runs/0/wall must be >= 0; run the benchmark again',
    ],
  ])('with %s are refused in one line', (_, value, message) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    expect(() => readResults(text, 'S.json')).toThrow(message);
  });
});
