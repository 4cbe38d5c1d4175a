/** The TypeScript engine: the definition of `@polyfeat/reference` over Parquet files, for machines without the binary. */
import { PolyfeatError } from '../errors.js';
import type { Engine } from '../types.js';
import { build } from './build.js';
import { compare } from './compare.js';
import { inspect } from './inspect.js';
import { summarize } from './summary.js';

/**
 * Makes the TypeScript engine. It gives the native engine's values, bit for bit, and is slower; tables above five
 * million rows or 256 MB a file are refused with `TOO_LARGE`.
 *
 * @example
 * ```ts
 * const summary = await createTsEngine().summarize('features.parquet');
 * ```
 */
export function createTsEngine(): Engine {
  return {
    name: 'ts',
    build: (request, hooks) => ours(() => build(request, hooks)),
    inspect: (snapshot, tsUnit, hooks) => ours(() => inspect(snapshot, tsUnit, hooks)),
    summarize: (file, hooks) => ours(() => summarize(file, hooks)),
    compare: (request, hooks) => ours(() => compare(request, hooks)),
    explain: () =>
      ours(() => {
        throw new PolyfeatError('UNSUPPORTED', 'explain needs the native engine (--engine native)');
      }),
  };
}

/** Every method rejects with a `PolyfeatError` and nothing else. */
async function ours<T>(job: () => Promise<T>): Promise<T> {
  try {
    return await job();
  } catch (error) {
    if (error instanceof PolyfeatError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new PolyfeatError('INTERNAL', `an error of polyfeat-fast itself: ${why}; please report it`, {
      cause: error,
    });
  }
}
