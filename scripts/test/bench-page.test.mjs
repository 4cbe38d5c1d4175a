import { existsSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { pageFiles } from '../lib/bench-page.mjs';
import { inRoot } from '../lib/paths.mjs';
import { readText } from './repository.mjs';

it('the page of benchmarks is what the committed results give', async () => {
  const files = await pageFiles();
  for (const [path, text] of files) expect({ path, text: readText(`docs/${path}`) }).toEqual({ path, text });
  const drawn = existsSync(inRoot('docs/benchmarks')) ? readdirSync(inRoot('docs/benchmarks')) : [];
  expect(drawn.map((name) => `benchmarks/${name}`).sort()).toEqual([...files.keys()].slice(1).sort());
});
