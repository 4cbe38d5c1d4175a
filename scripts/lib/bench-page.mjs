import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from './paths.mjs';

const results = inRoot('packages', 'bench', 'results');

/**
 * The page that the results in packages/bench/results give, as files of docs.
 * @returns {Promise<Map<string, string>>} texts by their path in docs
 */
export async function pageFiles() {
  const { benchmarkPage, readResults } = await import('@polyfeat/bench');
  const names = readdirSync(results).filter((name) => name.endsWith('.json'));
  const all = names.sort().map((name) => readResults(readFileSync(join(results, name), 'utf8'), name));
  const { text, charts } = benchmarkPage(all);
  const drawings = charts.map(({ name, svg }) => /** @type {const} */ ([`benchmarks/${name}.svg`, svg]));
  return new Map([['benchmarks.md', text], ...drawings]);
}

/** Writes docs/benchmarks.md and its charts anew. */
export async function writePage() {
  rmSync(inRoot('docs', 'benchmarks'), { recursive: true, force: true });
  mkdirSync(inRoot('docs', 'benchmarks'), { recursive: true });
  for (const [path, text] of await pageFiles()) writeFileSync(inRoot('docs', path), text);
}
