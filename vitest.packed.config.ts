import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Tests of the tarballs that a release publishes: `npm run test:packed`. They ask the registry for what others publish. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('scripts/packed', import.meta.url)),
    include: ['*.test.mjs'],
    globalSetup: 'setup.mjs',
    pool: 'forks',
    testTimeout: 0,
    hookTimeout: 0,
  },
});
