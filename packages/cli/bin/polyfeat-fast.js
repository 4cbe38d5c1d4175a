#!/usr/bin/env node
// The launcher is committed as it is: npm links a workspace's bin at install time, before dist exists.
try {
  await import('../dist/main.js');
} catch (error) {
  if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error;
  process.stderr.write(
    'polyfeat-fast: error: it has not been built yet: run `npm start` in the repository, which installs and builds everything\n',
  );
  process.exitCode = 1;
}
