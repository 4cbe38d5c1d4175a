#!/usr/bin/env node
// The launcher is committed as it is: npm links a workspace's bin at install time, before dist exists.
// It is CommonJS (package.json beside it): Node's loader of ES modules costs more than the rest of the start.
'use strict';
const { existsSync } = require('node:fs');
const { join } = require('node:path');
/** What it has depends on the version of Node. @type {{ enableCompileCache?: () => unknown }} */
const { enableCompileCache } = /** @type {any} */ (require('node:module'));

const main = join(__dirname, '..', 'dist', 'main.cjs');
if (existsSync(main)) {
  // From Node 22 on; what was compiled is kept in the system's temporary folder, where there is one to write to.
  enableCompileCache?.();
  require(main);
} else {
  process.stderr.write(
    'polyfeat-fast: error: it has not been built yet: run `npm start` in the repository, which installs and builds everything\n',
  );
  process.exitCode = 1;
}
