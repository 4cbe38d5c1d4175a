import type { Binding, Library, NativeJob } from '@polyfeat/native';
import { checkBounds } from './bounds.js';
import { PolyfeatError, unwrapAnswer } from './errors.js';
import type { ExplainReport, ExplainRequest } from './explain-types.js';
import type {
  BuildReport,
  BuildRequest,
  CompareReport,
  CompareRequest,
  Engine,
  Hooks,
  InspectReport,
  Progress,
  Summary,
  TsUnit,
} from './types.js';

/** What the binding offers on files. */
export type FileBinding = Omit<Binding, keyof Library>;

/**
 * The Rust core behind the {@link Engine} interface. Only text crosses the boundary: requests and
 * reports are small, and the data itself never enters JavaScript.
 */
export class NativeEngine implements Engine {
  readonly name = 'native';
  readonly #binding: FileBinding;

  constructor(binding: FileBinding) {
    this.#binding = binding;
  }

  async build(request: BuildRequest, hooks?: Hooks): Promise<BuildReport> {
    checkBounds(request);
    return this.#run(this.#binding.buildSnapshot, requestToJson(request), hooks);
  }

  inspect(snapshot: string, tsUnit: TsUnit | null, hooks?: Hooks): Promise<InspectReport> {
    return this.#run(this.#binding.inspectSnapshot, JSON.stringify({ snapshot, tsUnit }), hooks);
  }

  summarize(file: string, hooks?: Hooks): Promise<Summary> {
    return this.#run(this.#binding.summarizeFeatures, JSON.stringify({ file }), hooks);
  }

  compare(request: CompareRequest, hooks?: Hooks): Promise<CompareReport> {
    return this.#run(this.#binding.compareFeatures, JSON.stringify(request), hooks);
  }

  async explain(request: ExplainRequest, hooks?: Hooks): Promise<ExplainReport> {
    return this.#run(this.#binding.explainTrade, requestToJson(request), hooks);
  }

  /** Runs one job, linking its cancel token to the caller's signal for as long as it runs. */
  async #run<T>(job: NativeJob, request: string, hooks: Hooks = {}): Promise<T> {
    const { signal, onProgress } = hooks;
    if (signal?.aborted) throw cancelled(signal);
    const token = new this.#binding.CancelToken();
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
}

/** The request as the Rust side reads it: nanoseconds as decimal text, since JSON numbers are doubles. */
export function requestToJson(request: BuildRequest | ExplainRequest): string {
  return JSON.stringify(request, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}

/** The error of a job whose signal was aborted. */
export function cancelled(signal: AbortSignal): PolyfeatError {
  return new PolyfeatError('CANCELLED', 'stopped before it was done; nothing was written', {
    cause: signal.reason,
  });
}
