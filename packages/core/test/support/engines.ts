/** The engines of this machine, for tests that ask both the same. */
import { loadEngine } from '../../src/engine.js';
import { PolyfeatError } from '../../src/errors.js';
import type { Engine } from '../../src/types.js';

/** The TypeScript engine, which is everywhere. */
export const ts: Engine = (await loadEngine('ts')).engine;

/** The native engine; null where no binary loads, and then tests that need it skip. */
export const native: Engine | null = await loadEngine('native').then(
  ({ engine }) => engine,
  (error: unknown) => {
    if (error instanceof PolyfeatError && error.code === 'NATIVE_UNAVAILABLE') return null;
    throw error;
  },
);

/** Every engine there is. */
export const engines: readonly Engine[] = native === null ? [ts] : [native, ts];

/** Both engines, for tests that run only where there are two. */
export function bothEngines(): { native: Engine; ts: Engine } {
  if (native === null) throw new Error('there is no native binary: the test should have been skipped');
  return { native, ts };
}

if (native === null) console.warn('skipped: whatever needs the native engine, whose binary does not load');
