import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** The packages with tests, by the name that `vitest --project` takes, and their folders. */
const packages = {
  '@polyfeat/native': 'packages/native',
  '@polyfeat/parquet': 'packages/parquet',
  '@polyfeat/reference': 'packages/reference',
  '@polyfeat/core': 'packages/core',
  '@polyfeat/bench': 'packages/bench',
  'polyfeat-fast': 'packages/cli',
};

export default defineConfig({
  resolve: {
    // Tests run against the sources, so that an edit needs no build before it is tested.
    // The command line's end-to-end tests start the built files, as a user does.
    alias: [
      ...Object.entries(packages).map(([name, folder]) => ({
        find: new RegExp(`^${name}$`),
        replacement: path(`${folder}/src/index.ts`),
      })),
      {
        find: /^@polyfeat\/reference\/testing$/,
        replacement: path('packages/reference/src/testing/brute-force.ts'),
      },
      { find: /^@polyfeat\/core\/snapshot$/, replacement: path('packages/core/src/snapshot.ts') },
      { find: /^@polyfeat\/core\/bench$/, replacement: path('packages/core/src/bench.ts') },
    ],
  },
  test: {
    // A native addon crashes worker threads; a process each is safe.
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    passWithNoTests: true,
    projects: [
      ...Object.entries(packages).map(([name, folder]) => ({
        extends: true as const,
        test: { name, root: path(folder), include: ['{src,test}/**/*.test.ts'] },
      })),
      {
        extends: true as const,
        // The oldest apache-arrow that core takes as its peer; the newest is the one that is installed.
        resolve: { alias: [{ find: /^apache-arrow$/, replacement: 'apache-arrow-15' }] },
        test: {
          name: '@polyfeat/core with apache-arrow 15',
          root: path(packages['@polyfeat/core']),
          include: ['test/tables/**/*.test.ts'],
        },
      },
      {
        extends: true as const,
        test: { name: 'workspace', root: path('scripts'), include: ['test/**/*.test.mjs'] },
      },
    ],
  },
});
