import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';

const require = createRequire(import.meta.url);

/** Counts the time that is spent in the native module. */
export interface NativeWatch {
  reset(): void;
  /** Milliseconds in synchronous native calls since the reset. */
  ms(): number;
}

/** A class or module whose functions can be replaced. */
type Owner = Record<string, (...all: unknown[]) => unknown>;

/**
 * Watches the calls from TypeScript into the native module, which is the very object that the library has loaded.
 *
 * @throws Error when the library has not loaded a native module.
 */
export function watchNative(): NativeWatch {
  const folder = dirname(dirname(require.resolve('@polyfeat/native')));
  const path = Object.keys(require.cache).find(
    (file) => file.startsWith(join(folder, 'polyfeat.')) && file.endsWith('.node'),
  );
  if (path === undefined) throw new Error('The native module is not loaded; npm start builds it.');
  const binding = require(path);
  let spent = 0;
  const watch = (owner: Owner, name: string) => {
    const real = owner[name]!;
    owner[name] = function (this: unknown, ...all: unknown[]) {
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
