/**
 * The generated binding, loaded when it is asked for and not before: importing this package never
 * fails, so that a caller without a binary for its platform can fall back.
 */

import type { Library } from './library.js';

export type * from './library.js';

/** Stops a running job; one token per job. */
export interface CancelToken {
  /** Asks the job to stop at its next check; safe to call at any time, more than once. */
  cancel(): void;
}

/**
 * One job of the native engine: a request as JSON in, `{"ok": report}` or `{"error": {…}}` as JSON out.
 * The promise rejects only when the binding itself is used wrongly.
 */
export type NativeJob = (
  request: string,
  cancel: CancelToken,
  onProgress?: (json: string) => void,
) => Promise<string>;

/** Jobs to measure with. */
export interface Measuring {
  /** Writes a snapshot to measure with. */
  readonly generateSnapshot: NativeJob;
  /** A build but for the features: takes the request of `buildSnapshot`. */
  readonly rooflineSnapshot: NativeJob;
}

/** What the generated binding exports. */
export interface Binding extends Library, Measuring {
  readonly CancelToken: new () => CancelToken;
  readonly buildSnapshot: NativeJob;
  readonly inspectSnapshot: NativeJob;
  readonly summarizeFeatures: NativeJob;
  readonly compareFeatures: NativeJob;
  readonly auditSnapshot: NativeJob;
  readonly explainTrade: NativeJob;
  /** Version of the crate the binary was built from. */
  readonly version: () => string;
}

/**
 * Loads the native binary of this platform.
 *
 * @throws Error when there is none or it does not load; the cause is in the message.
 */
export async function loadBinding(): Promise<Binding> {
  // A computed address: the generated file is beside the package, outside what TypeScript compiles.
  return (await import(/* @vite-ignore */ new URL('../binding.js', import.meta.url).href)) as Binding;
}
