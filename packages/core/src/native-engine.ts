import type { Binding, Library, Measuring, NativeJob } from '@polyfeat/native';
import type { AuditReport, AuditRequest } from './audit.js';
import { checkBounds } from './bounds.js';
import type { ExplainReport, ExplainRequest } from './explain-types.js';
import { runNativeJob } from './native-job.js';
import type {
  BuildReport,
  BuildRequest,
  CompareReport,
  CompareRequest,
  Engine,
  Hooks,
  InspectReport,
  Summary,
  TsUnit,
} from './types.js';

/** What the binding offers on files. */
export type FileBinding = Omit<Binding, keyof Library | keyof Measuring>;

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

  audit(request: AuditRequest, hooks?: Hooks): Promise<AuditReport> {
    checkBounds(request);
    return this.#run(this.#binding.auditSnapshot, requestToJson(request), hooks);
  }

  explain(request: ExplainRequest, hooks?: Hooks): Promise<ExplainReport> {
    return this.#run(this.#binding.explainTrade, requestToJson(request), hooks);
  }

  #run<T>(job: NativeJob, request: string, hooks?: Hooks): Promise<T> {
    return runNativeJob(this.#binding, job, request, hooks);
  }
}

/** The request as the Rust side reads it: nanoseconds as decimal text, since JSON numbers are doubles. */
export function requestToJson(request: BuildRequest | AuditRequest | ExplainRequest): string {
  return JSON.stringify(request, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}
