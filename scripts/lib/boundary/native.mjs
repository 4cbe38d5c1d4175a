import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';

const require = createRequire(import.meta.url);

/**
 * Watches the calls from TypeScript into the native module, which is the very object that the library has loaded.
 * @returns {{ reset: () => void, ms: () => number }} milliseconds spent in synchronous native calls since the reset
 * @throws {Error} when the library has not loaded a native module
 */
export function watchNative() {
  const folder = dirname(dirname(require.resolve('@polyfeat/native')));
  const path = Object.keys(require.cache).find(
    (file) => file.startsWith(join(folder, 'polyfeat.')) && file.endsWith('.node'),
  );
  if (path === undefined) throw new Error('The native module is not loaded; npm start builds it.');
  const binding = require(path);
  let spent = 0;
  /** @param {any} owner @param {string} name */
  const watch = (owner, name) => {
    const real = owner[name];
    owner[name] = /** @this {unknown} @param {unknown[]} all */ function (...all) {
      const start = performance.now();
      try {
        return real.apply(this, all);
      } finally {
        spent += performance.now() - start;
      }
    };
  };
  for (const name of ['features', 'prepareTape', 'asofIndices', 'windowFlow', 'regimes'])
    watch(binding, name);
  for (const name of ['features', 'dispose']) watch(binding.PreparedTape.prototype, name);
  return {
    reset: () => {
      spent = 0;
    },
    ms: () => spent,
  };
}
