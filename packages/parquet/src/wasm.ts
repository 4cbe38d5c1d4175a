/**
 * Loading parquet-wasm, and surviving its panics.
 *
 * Its asynchronous functions run as microtasks. On damaged data the Rust code panics there, which throws an
 * exception that no caller can catch (Node ends with it) while the promise waits for ever. So the one import
 * by which microtasks are queued is wrapped when the module is instantiated, and a panic rejects the running
 * operation. Operations run one at a time, so that it is known which one that is.
 */
import * as parquet from 'parquet-wasm/esm';

/** The functions of parquet-wasm. */
export type ParquetWasm = typeof parquet;

let loading: Promise<void> | undefined;
let queue: Promise<unknown> = Promise.resolve();
let onPanic: ((error: unknown) => void) | undefined;

/**
 * Loads the WebAssembly module, once. In Node it is found by itself; in a browser pass what a bundler gives for
 * `parquet-wasm/esm/parquet_wasm_bg.wasm`.
 *
 * @param wasm the module, its bytes, or where to fetch it. Ignored after the first call.
 * @example
 * ```ts
 * await initParquet(new URL('/parquet_wasm_bg.wasm', location.href)); // in a browser
 * ```
 */
export function initParquet(wasm?: WebAssembly.Module | BufferSource | URL): Promise<void> {
  loading ??= load(wasm).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(wasm: WebAssembly.Module | BufferSource | URL | undefined): Promise<void> {
  const source = wasm ?? (await bytesInNode());
  if (source instanceof URL)
    instantiateGuarded(await WebAssembly.compile(await (await fetch(source)).arrayBuffer()));
  else if (isBytes(source)) instantiateGuarded(await WebAssembly.compile(source));
  else instantiateGuarded(source);
}

function isBytes(source: WebAssembly.Module | BufferSource): source is BufferSource {
  return ArrayBuffer.isView(source) || source instanceof ArrayBuffer;
}

async function bytesInNode(): Promise<BufferSource> {
  const { createRequire } = await import('node:module');
  const { readFile } = await import('node:fs/promises');
  const path = createRequire(import.meta.url).resolve('parquet-wasm/esm/parquet_wasm_bg.wasm');
  return readFile(path) as Promise<Buffer<ArrayBuffer>>;
}

/** Instantiates the module with its microtasks guarded; all within one synchronous call that nobody else sees. */
function instantiateGuarded(module: WebAssembly.Module): void {
  const Original = WebAssembly.Instance;
  const Guarded = function (this: unknown, compiled: WebAssembly.Module, imports: WebAssembly.Imports) {
    for (const functions of Object.values(imports)) guardMicrotasks(functions);
    return new Original(compiled, imports);
  };
  Guarded.prototype = Original.prototype;
  WebAssembly.Instance = Guarded as unknown as typeof WebAssembly.Instance;
  try {
    parquet.initSync({ module });
  } finally {
    WebAssembly.Instance = Original;
  }
}

function guardMicrotasks(functions: WebAssembly.ModuleImports): void {
  for (const [name, original] of Object.entries(functions)) {
    // Two imports have this name: one asks for the global function, the other calls it with a callback.
    if (!name.startsWith('__wbg_queueMicrotask_') || typeof original !== 'function') continue;
    functions[name] = (argument: unknown) => {
      if (typeof argument !== 'function') return original(argument);
      queueMicrotask(() => {
        try {
          argument();
        } catch (error) {
          onPanic?.(error);
        }
      });
    };
  }
}

/**
 * Runs `operation` alone, with the module loaded.
 *
 * @throws what it throws, or the panic of its Rust code as a `WebAssembly.RuntimeError`.
 */
export function withWasm<T>(operation: (wasm: ParquetWasm) => Promise<T> | T): Promise<T> {
  const run = async () => {
    await initParquet();
    const panic = new Promise<never>((_, reject) => {
      onPanic = reject;
    });
    try {
      return await Promise.race([operation(parquet), panic]);
    } finally {
      onPanic = undefined;
    }
  };
  const result = queue.then(run, run);
  queue = result.catch(() => undefined);
  return result;
}
