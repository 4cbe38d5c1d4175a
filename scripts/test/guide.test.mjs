import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { blocksOf, filled, outputOf } from '../lib/docs/guide.mjs';
import { inRoot } from '../lib/paths.mjs';
import { readText } from './repository.mjs';

const blocks = blocksOf(readText('docs/guide.md'));
const examples = readdirSync(inRoot('docs/examples'))
  .filter((name) => name.endsWith('.mjs'))
  .map((name) => `docs/examples/${name}`);

/** DuckDB ships no binary for some platforms. */
const hasDuckDb = await import('@duckdb/node-api').then(
  () => true,
  () => false,
);

describe('docs/guide.md', () => {
  it('shows every example, and no other', () => {
    const shown = blocks.filter(({ kind }) => kind === 'code').map(({ file }) => file);
    expect(shown.sort()).toEqual(examples.sort());
  });

  it.each(blocks.filter(({ kind }) => kind === 'code'))('shows $file as it is', ({ file, text }) => {
    expect(text).toBe(readText(file));
  });

  it('tells what every example prints that is not another one’s worker', () => {
    const told = blocks.filter(({ kind }) => kind === 'output').map(({ file }) => file);
    const started = examples.filter((file) => !readText(file).includes('parentPort'));
    expect(told.sort()).toEqual(started.sort());
  });

  describe.each(['auto', 'ts'])('with the engine %s', (engine) => {
    it.for(blocks.filter(({ kind }) => kind === 'output'))(
      '$file prints that',
      async ({ file, text }, test) => {
        if (file.includes('duckdb') && !hasDuckDb) test.skip('DuckDB has no binary for this platform');
        expect(await outputOf(file, { POLYFEAT_ENGINE: engine })).toBe(text);
      },
    );
  });
});

it('the API reference tells of every error code', async () => {
  const { ERROR_CODES } = await import('@polyfeat/core/snapshot');
  const page = readText('docs/api/@polyfeat/core.md');
  expect(ERROR_CODES.filter((code) => !page.includes(`| \`${code}\` |`))).toEqual([]);
});

describe('filled', () => {
  const page =
    'a\n<!-- code: examples/other-data.mjs -->\n```js\nold\n```\nb\n<!-- output: examples/row-objects.mjs -->\n```text\n```\nc\n';

  it('replaces blocks and nothing else', async () => {
    const text = await filled(page);
    expect(blocksOf(text).map(({ kind, file }) => [kind, file])).toEqual([
      ['code', 'docs/examples/other-data.mjs'],
      ['output', 'docs/examples/row-objects.mjs'],
    ]);
    expect(blocksOf(text)[0]?.text).toBe(readText('docs/examples/other-data.mjs'));
    expect(blocksOf(text)[1]?.text).toMatch(/COMPLETE_SET_ARBITRAGE\n/);
    expect(text.startsWith('a\n<!--') && text.includes('```\nb\n<!--') && text.endsWith('```\nc\n')).toBe(
      true,
    );
  });

  it('throws when an example fails', async () => {
    await expect(outputOf('docs/examples/nowhere.mjs')).rejects.toThrow('ended with code');
  });
});
