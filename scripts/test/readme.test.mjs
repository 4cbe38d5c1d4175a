import { describe, expect, it } from 'vitest';
import { blocksOf, truthOf } from '../lib/docs/guide.mjs';
import { inRoot } from '../lib/paths.mjs';
import { run } from '../lib/run.mjs';
import { readText } from './repository.mjs';

const page = readText('README.md');
const blocks = blocksOf(page).filter(({ kind }) => kind === 'run');

describe('README.md', () => {
  it('shows the help', () => {
    expect(blocks.map(({ file }) => file)).toEqual(['--help']);
  });

  it.each(blocks)('shows what polyfeat-fast $file prints', async (block) => {
    expect(block.text, 'run npm run docs').toBe(await truthOf(block));
  });

  it('shows what doctor prints, line by line, though not of this machine', async () => {
    const [, shown = ''] = page.match(/<!-- like: doctor -->\n```text\n([\s\S]*?)```/) ?? [];
    const launcher = inRoot('packages', 'cli', 'bin', 'polyfeat-fast.js');
    const { stdout } = await run(process.execPath, [launcher, 'doctor'], { stdout: 'collect' });
    /** @param {string} text */
    const names = (text) => [...text.matchAll(/^(\w+(?: \w+)?) {2,}/gm)].map((match) => match[1]);
    expect(names(shown).length).toBeGreaterThan(8);
    expect(names(shown)).toEqual(names(stdout));
    expect(shown.split('\n')[0]).toBe(stdout.split('\n')[0]);
  });
});
