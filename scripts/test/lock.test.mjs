import { expect, it } from 'vitest';
import { readJson } from './repository.mjs';

it('npm installs Polars for Node with the oldest Node, too', () => {
  // It says that it needs Node 22 and runs on 20. npm skips optional packages of another Node without a word, and
  // goes by what the lock file says of them.
  const polars = readJson('package-lock.json').packages['node_modules/nodejs-polars-linux-x64-gnu'];
  expect(polars).toMatchObject({ optional: true, os: ['linux'] });
  expect(polars.engines).toBeUndefined();
});
