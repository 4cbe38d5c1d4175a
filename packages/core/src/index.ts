/**
 * Trade-level features of recorded prediction-market data, point-in-time and exact: Arrow tables in, Arrow tables out.
 * Importing this module loads neither engine; the first call loads the one that it needs.
 *
 * `@polyfeat/core/snapshot` has the jobs on snapshot files alone, without apache-arrow; `@polyfeat/core/ts` the
 * functions on tables alone, without Node.
 */
import { provideNative } from './api/engine.js';
import { nativeProvider } from './native-tables.js';

provideNative(nativeProvider);

export * from './snapshot.js';
export * from './tables.js';
