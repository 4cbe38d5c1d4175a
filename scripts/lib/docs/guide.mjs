import { readFileSync } from 'node:fs';
import { inRoot } from '../paths.mjs';
import { run } from '../run.mjs';

/**
 * A block of a page that is a copy: of an example's code, of what it prints, or of what the command line prints. In
 * the page it stands behind a comment such as `<!-- code: examples/row-objects.mjs -->` or `<!-- run: build --help -->`.
 * @typedef {object} Block
 * @property {'code' | 'output' | 'run'} kind
 * @property {string} file of the repository; of `run`, the arguments
 * @property {string} text what the page has
 */

/** The command line as it is built here. */
const launcher = inRoot('packages', 'cli', 'bin', 'polyfeat-fast.js');

const pattern = /<!-- (code|output|run): (.+) -->\n```\w+\n([\s\S]*?)```\n/g;

/**
 * The blocks of a page, in its order.
 * @param {string} page
 * @returns {Block[]}
 */
export function blocksOf(page) {
  return [...page.matchAll(pattern)].map(([, kind = '', file = '', text = '']) => ({
    kind: /** @type {Block['kind']} */ (kind),
    file: kind === 'run' ? file : `docs/${file}`,
    text,
  }));
}

/**
 * What an example prints, run as a reader would run it; the process has ended with code 0.
 * @param {string} file
 * @param {Record<string, string>} [env]
 * @throws {Error} when it fails; what it said has been shown
 */
export async function outputOf(file, env = {}) {
  return await printedBy([file], env);
}

/** @param {string[]} args of Node @param {Record<string, string>} [env] */
async function printedBy(args, env = {}) {
  const { code, stdout } = await run(process.execPath, args, { stdout: 'collect', env });
  if (code !== 0) throw new Error(`${args.join(' ')} ended with code ${code}.`);
  return stdout;
}

/** What a block ought to say. @param {Block} block */
export async function truthOf({ kind, file }) {
  if (kind === 'run') return await printedBy([launcher, ...file.split(' ')]);
  return kind === 'code' ? readFileSync(inRoot(file), 'utf8') : await outputOf(file);
}

/**
 * The page with every block as it ought to be.
 * @param {string} page
 */
export async function filled(page) {
  const parts = [];
  let end = 0;
  for (const found of page.matchAll(pattern)) {
    const [whole, kind, file] = found;
    const [block] = blocksOf(whole);
    const fence = `\`\`\`${kind === 'code' ? 'js' : 'text'}`;
    const truth = block ? await truthOf(block) : '';
    parts.push(page.slice(end, found.index), `<!-- ${kind}: ${file} -->\n${fence}\n${truth}\`\`\`\n`);
    end = found.index + whole.length;
  }
  return parts.join('') + page.slice(end);
}
