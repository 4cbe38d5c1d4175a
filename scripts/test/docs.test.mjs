import { existsSync, readdirSync } from 'node:fs';
import { dirname, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inRoot } from '../lib/paths.mjs';
import { readJson, readText } from './repository.mjs';

/** @param {string} folder @returns {string[]} */
const pagesIn = (folder) =>
  readdirSync(inRoot(folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => posix.join(folder, name));

const pages = [...pagesIn('.'), ...pagesIn('docs'), 'docs/api/README.md', 'test-data/README.md'];

/** @param {string} text @param {RegExp} pattern */
const matches = (text, pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? '');

/** The files in the repository that a page names: by a link, or as a path in code. @param {string} page */
function namedFiles(page) {
  const text = readText(page);
  const links = matches(text, /\]\((?![a-z]+:|#)([^)#]+)/g).map((link) => `${dirname(page)}/${link}`);
  const paths = matches(text, /`((?:crates|packages|scripts|test-data|\.ci|\.github)\/[^`\s*{…]+)`/g);
  return [...links, ...paths];
}

describe.each(pages)('%s', (page) => {
  it('names only files that are there', () => {
    const builtHere = /\.node$|\/dist\b/;
    expect(namedFiles(page).filter((file) => !builtHere.test(file) && !existsSync(inRoot(file)))).toEqual([]);
  });

  it('names only scripts of package.json', () => {
    const { scripts } = readJson('package.json');
    const named = matches(readText(page), /`npm (?:run )?(start|test|(?<=run )[\w:-]+)/g);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('has no word about the making of it', () => {
    expect(readText(page)).not.toMatch(/\bTODO\b|\bFIXME\b|\blorem\b/i);
  });
});

it('the pages that the others point to are there', () => {
  const needed = [
    'README.md',
    'ARCHITECTURE.md',
    'DESIGN.md',
    'SPEC.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    'LICENSE',
  ];
  expect(needed.filter((page) => !existsSync(inRoot(page)))).toEqual([]);
});
