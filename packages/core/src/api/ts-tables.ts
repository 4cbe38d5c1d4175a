/** The TypeScript engine on tables in memory: for browsers, and wherever no native binary loads. */
import { PolyfeatError } from '../errors.js';
import { asofIndices } from '../kernels/asof.js';
import { floorToBuckets } from '../kernels/bucket.js';
import { readCodes } from '../kernels/codes.js';
import { computeFeatures, type FeaturePlan, setColumns } from '../kernels/features.js';
import { doubles } from '../kernels/made.js';
import { runSliced, runSync, type Steps } from '../kernels/steps.js';
import { Coder } from '../kernels/strings.js';
import { prepareTape, type Tape, tapeBytes, tapeWarnings } from '../kernels/tape.js';
import { groupByToken, readRowTimes, timeWarnings, tokenOrder, tradePlace } from '../kernels/trades.js';
import { windowFlow } from '../kernels/window-flow.js';
import type { Hooks } from '../types.js';
import type {
  Common,
  EngineTape,
  FeatureColumns,
  FeatureRequest,
  SetRequest,
  SetViews,
  TableEngine,
  TapeViews,
  Task,
  TradeViews,
} from './engine.js';
import { ProgressReporter } from './progress.js';

/** A kernel's steps as a task. */
function taskOf<T>(steps: () => Steps<T>): Task<T> {
  return { now: () => guarded(() => runSync(steps())), later: (hooks) => sliced(steps, hooks) };
}

async function sliced<T>(steps: () => Steps<T>, { signal, onProgress }: Hooks): Promise<T> {
  signal?.throwIfAborted();
  const reporter = new ProgressReporter(onProgress);
  try {
    const result = await runSliced(steps(), (progress) => {
      signal?.throwIfAborted();
      reporter.report(progress);
    });
    reporter.finish();
    return result;
  } catch (error) {
    signal?.throwIfAborted();
    throw asOurs(error);
  }
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asOurs(error);
  }
}

/** Memory is refused by a RangeError; anything else that is no error of ours is a mistake of ours. */
function asOurs(error: unknown): unknown {
  if (error instanceof PolyfeatError) return error;
  const why = error instanceof Error ? error.message : String(error);
  if (error instanceof RangeError && /array|buffer|length|allocation/i.test(why)) {
    return new PolyfeatError('OUT_OF_MEMORY', `the result does not fit into memory: ${why}`, {
      cause: error,
    });
  }
  return new PolyfeatError('INTERNAL', `an error of polyfeat-fast itself: ${why}; please report it`, {
    cause: error,
  });
}

function planOf({ returns, windows, bucket, sum, order, regime, visibility }: FeatureRequest): FeaturePlan {
  return { returns, windows, bucket, sum, order, regime, visibility, time: false };
}

function* features(
  trades: TradeViews,
  tape: { readonly views: TapeViews } | { readonly prepared: Tape } | null,
  request: FeatureRequest,
): Steps<FeatureColumns> {
  const { tables, tsUnit, assumeSorted } = request;
  const input =
    tape === null || 'prepared' in tape
      ? tape
      : { columns: tape.views, options: { table: tables[1], tsUnit, assumeSorted } };
  const answer = yield* computeFeatures(trades, input, planOf(request), { table: tables[0], tsUnit });
  const own = answer.tape === null ? [] : tapeWarnings(answer.tape, tables[1]);
  return { ...answer, warnings: [...answer.warnings, ...own] };
}

class TsTape implements EngineTape {
  #tape: Tape | null;
  readonly rows: number;
  readonly tokens: number;
  readonly unit: EngineTape['unit'];
  readonly warnings: EngineTape['warnings'];

  constructor(tape: Tape, { tables }: Common) {
    this.#tape = tape;
    this.rows = tape.price.length;
    this.tokens = tape.offsets.reduce((count, end, i, all) => count + Number(i > 0 && end > all[i - 1]!), 0);
    this.unit = tape.unit;
    this.warnings = tapeWarnings(tape, tables[1]);
  }

  get bytes(): number {
    return this.#tape === null ? 0 : tapeBytes(this.#tape);
  }

  get disposed(): boolean {
    return this.#tape === null;
  }

  dispose(): void {
    this.#tape = null;
  }

  features(trades: TradeViews, request: FeatureRequest): Task<FeatureColumns> {
    const prepared = this.#tape;
    if (prepared === null) {
      throw new PolyfeatError('DISPOSED', 'the prepared tape has been disposed: prepare it again');
    }
    return taskOf(() => features(trades, { prepared }, request));
  }
}

function* regimes(trades: SetViews, { tables, tsUnit, bucket, mode, sum }: SetRequest) {
  const options = { table: tables[0], tsUnit };
  const rows = readRowTimes(trades.ts, options);
  const buckets = floorToBuckets(rows.times, rows.axis, bucket, tradePlace(options, trades.ts.name));
  let order: Int32Array | undefined;
  if (sum === 'notebook' && trades.token !== undefined) {
    const tokens = new Coder();
    const codes = readCodes(trades.token, tokens, tradePlace(options, trades.token.name));
    order = tokenOrder(codes, tokens, groupByToken(codes, tokens.size, rows.axis), rows.axis);
  }
  const columns = yield* setColumns(trades, rows, buckets, order, { bucket, regime: mode, sum }, options);
  return { columns, warnings: timeWarnings(rows, tables[0]) };
}

/** The engine. */
export const tsTables: TableEngine = {
  name: 'ts',
  prepare: (tape, request) =>
    taskOf(function* () {
      const { tables, tsUnit, assumeSorted } = request;
      return new TsTape(yield* prepareTape(tape, { table: tables[1], tsUnit, assumeSorted }), request);
    }),
  features: (trades, tape, request) =>
    taskOf(() => features(trades, tape === null ? null : { views: tape }, request)),
  asof: (left, right, request) =>
    taskOf(() => asofIndices(left, right, { ...request, maxAge: request.maxAge?.nanos ?? null })),
  flow: (left, right, weights, request) =>
    taskOf(function* () {
      const { counts, sums, warnings } = yield* windowFlow(left, right, weights, request);
      return {
        counts: counts.map((values) => doubles('', values)),
        sums: sums.map((window) => window.map((values) => doubles('', values))),
        warnings,
      };
    }),
  regimes: (trades, request) => taskOf(() => regimes(trades, request)),
};
