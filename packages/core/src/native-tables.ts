/**
 * The native engine on tables in memory. Views of Arrow's buffers go in, external memory comes out; options travel as
 * JSON. Errors come as data and are thrown here.
 */
import type { Binding, CancelToken, Failure, Library, PreparedTape } from '@polyfeat/native';
import type {
  AsofRequest,
  Common,
  EngineTape,
  FeatureRequest,
  FlowRequest,
  NativeProvider,
  SetRequest,
  TableEngine,
  Task,
  TradeViews,
} from './api/engine.js';
import { ProgressReporter } from './api/progress.js';
import { type Duration, durationLabel } from './duration.js';
import { fromEnvironment, nativeUnavailable } from './engine.js';
import { PolyfeatError } from './errors.js';
import { nextTurn } from './kernels/steps.js';
import { loadBinding } from './native-binding.js';
import type { Hooks, Progress } from './types.js';

type Answer<T> = T | Failure;
type Later<T> = Promise<Answer<T>>;
type Follow = (json: string) => void;

/** What the binding offers on tables. */
type TableBinding = Library & Pick<Binding, 'CancelToken'>;

/** A request as Rust reads it: nanoseconds as decimal text, since JSON numbers are doubles. */
function jsonOf(
  request: Omit<Common, 'tables'> & { readonly tables?: unknown; readonly visibility?: unknown },
  without: readonly string[] = [],
): string {
  const { tables: _, ...fields } = request;
  const entries = Object.entries(fields).filter(([name]) => !without.includes(name));
  return JSON.stringify(Object.fromEntries(entries), (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}

/** A request of features: rules as Rust reads them. */
function featureJson(request: FeatureRequest, without: readonly string[] = []): string {
  const { visibility, ...others } = request;
  const { resolution, embargo, maxAge, tie, ...rules } = visibility;
  const length = (nanos: bigint) => ({ nanos, label: durationLabel(nanos) });
  const given = {
    ...rules,
    resolution: resolution === null ? 'auto' : length(resolution),
    embargo: length(embargo),
    ...(maxAge !== null && { maxAge: length(maxAge) }),
    ...(tie !== null && { tie }),
  };
  return jsonOf({ ...others, visibility: given }, without);
}

function unwrap<T>(answer: Answer<T>): T {
  if (isFailure(answer)) {
    throw PolyfeatError.fromData(answer.error);
  }
  return answer;
}

function isFailure(answer: unknown): answer is Failure {
  return typeof answer === 'object' && answer !== null && 'error' in answer;
}

/** What the binding throws by itself, it throws for being used wrongly. */
function asOurs(error: unknown): unknown {
  if (error instanceof PolyfeatError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new PolyfeatError('INTERNAL', `the native engine failed: ${message}`, { cause: error });
}

/** A call of the binding, in both forms. */
function taskOf<T>(
  Token: new () => CancelToken,
  now: () => Answer<T>,
  later: (cancel: CancelToken, follow?: Follow) => Later<T>,
): Task<T> {
  return {
    now: () => {
      try {
        return unwrap(now());
      } catch (error) {
        throw asOurs(error);
      }
    },
    later: (hooks) => follow(Token, later, hooks),
  };
}

/** Runs a call, linking its cancel token to the caller's signal for as long as it runs. */
async function follow<T>(
  Token: new () => CancelToken,
  call: (cancel: CancelToken, follow?: Follow) => Later<T>,
  { signal, onProgress }: Hooks,
): Promise<T> {
  signal?.throwIfAborted();
  const token = new Token();
  const cancel = () => token.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  const reporter = new ProgressReporter(onProgress);
  // An exception out of a callback of the native side would end the process: keep it, and stop the work.
  let failure: { readonly error: unknown } | undefined;
  let done = false;
  const listen = (json: string) => {
    if (failure !== undefined || done) return;
    try {
      reporter.report(JSON.parse(json) as Progress);
    } catch (error) {
      failure = { error };
      token.cancel();
    }
  };
  try {
    const answer = await call(token, onProgress === undefined ? undefined : listen);
    // The last events may still be on their way from the other thread.
    if (onProgress !== undefined) await nextTurn();
    if (failure !== undefined) throw failure.error;
    const result = unwrap(answer);
    signal?.throwIfAborted();
    done = true;
    reporter.finish();
    return result;
  } catch (error) {
    // Whoever aborted knows why.
    signal?.throwIfAborted();
    throw asOurs(error);
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

/** Duration or null, as Rust takes it. */
type WithAge = { readonly maxAge: Duration | null };

/** The engine over a loaded binding. */
export function nativeTables(binding: TableBinding): TableEngine {
  const { CancelToken: Token } = binding;
  const tapeOf = (tape: PreparedTape): EngineTape => ({
    get bytes() {
      return tape.bytes;
    },
    get disposed() {
      return tape.disposed;
    },
    rows: tape.rows,
    tokens: tape.tokens,
    unit: tape.unit,
    warnings: tape.warnings,
    dispose: () => tape.dispose(),
    features: (trades: TradeViews, request: FeatureRequest) => {
      const json = featureJson(request, ['assumeSorted']);
      return taskOf(
        Token,
        () => tape.features(json, trades),
        (cancel, report) => tape.featuresAsync(json, trades, cancel, report),
      );
    },
  });
  return {
    name: 'native',
    prepare: (tape, request) => {
      const json = jsonOf(request);
      const made = taskOf(
        Token,
        () => binding.prepareTape(json, tape),
        (cancel, report) => binding.prepareTapeAsync(json, tape, cancel, report),
      );
      return { now: () => tapeOf(made.now()), later: async (hooks) => tapeOf(await made.later(hooks)) };
    },
    features: (trades, tape, request) => {
      const json = featureJson(request);
      return taskOf(
        Token,
        () => binding.features(json, trades, tape),
        (cancel, report) => binding.featuresAsync(json, trades, tape, cancel, report),
      );
    },
    asof: (left, right, request: AsofRequest & WithAge) => {
      const json = jsonOf(request, request.ties === null ? ['ties'] : []);
      return taskOf(
        Token,
        () => binding.asofIndices(json, left, right),
        (cancel, report) => binding.asofIndicesAsync(json, left, right, cancel, report),
      );
    },
    flow: (left, right, weights, request: FlowRequest) => {
      const json = jsonOf(request);
      return taskOf(
        Token,
        () => binding.windowFlow(json, left, right, weights),
        (cancel, report) => binding.windowFlowAsync(json, left, right, weights, cancel, report),
      );
    },
    regimes: (trades, request: SetRequest) => {
      const json = jsonOf(request, ['assumeSorted']);
      return taskOf(
        Token,
        () => binding.regimes(json, trades),
        (cancel, report) => binding.regimesAsync(json, trades, cancel, report),
      );
    },
  };
}

let loaded: TableEngine | null = null;

/** The native engine of this process, loaded when it is first asked for. */
export const nativeProvider: NativeProvider = {
  automatic: fromEnvironment,
  load: () => {
    if (loaded !== null) return loaded;
    let binding: Binding;
    try {
      binding = loadBinding();
    } catch (cause) {
      throw nativeUnavailable(cause);
    }
    if (!('prepareTape' in binding)) {
      throw nativeUnavailable(new Error('the binary that is there is of an older version'));
    }
    loaded = nativeTables(binding);
    return loaded;
  },
};
