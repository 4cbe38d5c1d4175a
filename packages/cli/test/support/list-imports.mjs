// node --import this: writes the address of every module that is loaded to standard error.
import { writeSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { isMainThread } from 'node:worker_threads';

const say = (url) => writeSync(2, `import ${url}\n`);

// Hooks run in a thread of their own, which loads this very file.
if (isMainThread) {
  register(import.meta.url);
  // What is required passes no hook, but stays in the cache.
  const { cache } = createRequire(import.meta.url);
  process.on('exit', () => {
    for (const file of Object.keys(cache)) say(pathToFileURL(file).href);
  });
}

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, next) {
  const resolved = await next(specifier, context);
  say(resolved.url);
  return resolved;
}
