import { existsSync } from 'node:fs';
import { lintWorkflows } from './actionlint.mjs';
import { inRoot } from './paths.mjs';
import { run, runPackage } from './run.mjs';

/**
 * @typedef {object} Check
 * @property {string} name
 * @property {string} fix what to do when it fails
 * @property {boolean} [rust] needs a Rust toolchain
 * @property {() => Promise<import('./run.mjs').RunResult>} run
 */

/** Files that a build writes and git keeps. */
const generated = ['packages/native/binding.js', 'packages/native/binding.d.ts', 'Cargo.lock'];

/** Everything that has to hold beside the tests, in the order in which it is run after the set-up. @type {readonly Check[]} */
export const checks = [
  {
    name: 'Format and lint of TypeScript, JavaScript and JSON',
    fix: 'npm run format, then mend what is left',
    run: () => runPackage('@biomejs/biome', ['ci', '--error-on-warnings', '.']),
  },
  {
    name: 'Types, tests and scripts included',
    fix: 'mend the errors above',
    run: () => runPackage('typescript', ['-p', 'tsconfig.json', '--pretty', 'false']),
  },
  {
    name: 'Format of Rust',
    fix: 'npm run format',
    rust: true,
    run: () => run('cargo', ['fmt', '--all', '--check']),
  },
  {
    name: 'Lint of Rust',
    fix: 'mend the warnings above',
    rust: true,
    run: () =>
      run('cargo', [
        'clippy',
        '--workspace',
        '--all-targets',
        '--all-features',
        '--locked',
        '--quiet',
        '--',
        '-D',
        'warnings',
      ]),
  },
  {
    name: 'Documentation of Rust',
    fix: 'mend the warnings above',
    rust: true,
    run: () =>
      run('cargo', ['doc', '--workspace', '--no-deps', '--document-private-items', '--locked', '--quiet'], {
        env: { RUSTDOCFLAGS: '-D warnings' },
      }),
  },
  {
    name: 'Workflows',
    fix: 'mend the errors above',
    run: lintWorkflows,
  },
  {
    name: 'The API reference is that of the sources',
    fix: 'npm run docs, then commit docs/api',
    run: () => run(process.execPath, ['scripts/docs.mjs', '--check']),
  },
  {
    name: 'Generated files are those of the sources',
    fix: 'commit the files that the build has changed',
    rust: true,
    run: () =>
      existsSync(inRoot('.git'))
        ? run('git', ['--no-pager', 'diff', '--exit-code', '--stat', '--', ...generated])
        : Promise.resolve({ code: 0, stdout: '' }),
  },
];
