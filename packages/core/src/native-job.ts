import type { CancelToken, NativeJob } from '@polyfeat/native';
import { PolyfeatError, unwrapAnswer } from './errors.js';
import type { Hooks, Progress } from './types.js';

/** The error of a job whose signal was aborted. */
export function cancelled(signal: AbortSignal): PolyfeatError {
  return new PolyfeatError('CANCELLED', 'stopped before it was done; nothing was written', {
    cause: signal.reason,
  });
}

/**
 * Runs one job of the native binary, linking its cancel token to the caller's signal for as long as it runs.
 *
 * @throws PolyfeatError the job's own, or `INTERNAL` when the progress listener or the binary throws.
 */
export async function runNativeJob<T>(
  binding: { readonly CancelToken: new () => CancelToken },
  job: NativeJob,
  request: string,
  hooks: Hooks = {},
): Promise<T> {
  const { signal, onProgress } = hooks;
  if (signal?.aborted) throw cancelled(signal);
  const token = new binding.CancelToken();
  const cancel = () => token.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  // An exception out of a callback of the native side would end the process: keep it, stop the
  // job, and give it to the caller as the job's own failure.
  let listenerFailure: { cause: unknown } | undefined;
  const report = (json: string) => {
    if (listenerFailure !== undefined) return;
    try {
      onProgress?.(JSON.parse(json) as Progress);
    } catch (cause) {
      listenerFailure = { cause };
      token.cancel();
    }
  };
  try {
    const answer = onProgress ? await job(request, token, report) : await job(request, token);
    if (listenerFailure !== undefined) {
      throw new PolyfeatError('INTERNAL', 'the progress listener threw an exception', listenerFailure);
    }
    return unwrapAnswer<T>(answer);
  } catch (error) {
    if (error instanceof PolyfeatError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new PolyfeatError('INTERNAL', `the native engine failed: ${message}`, { cause: error });
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}
