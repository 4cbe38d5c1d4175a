import { expect, it } from 'vitest';
import { lintWorkflow } from '../lib/actionlint.mjs';

/** @param {string} machine @param {string} expression */
const workflow = (machine, expression) =>
  `on: push\njobs:\n  a:\n    runs-on: ${machine}\n    steps:\n      - run: echo "${expression}"\n`;

it('finds nothing wrong in a workflow that is right, on a machine younger than the linter', async () => {
  expect(await lintWorkflow(workflow('ubuntu-24.04-arm', '$HOME'), 'a.yml')).toEqual([]);
});

it('finds what GitHub does not know, by its place', async () => {
  const expression = ['$', '{{ github.nonsense }}'].join('');
  const found = await lintWorkflow(workflow('ubuntu-lates', expression), 'a.yml');
  expect(found).toHaveLength(2);
  expect(found[0]).toMatch(/^a\.yml:4:14: label "ubuntu-lates" is unknown/);
  expect(found[1]).toMatch(/^a\.yml:6:\d+: property "nonsense" is not defined/);
});
