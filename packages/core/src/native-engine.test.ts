import type { CancelToken, NativeJob } from '@polyfeat/native';
import { describe, expect, it, vi } from 'vitest';
import { parseDuration, parseDurations } from './duration.js';
import { type FileBinding, NativeEngine } from './native-engine.js';
import type { BuildRequest, Progress } from './types.js';

const request: BuildRequest = {
  snapshot: 's',
  out: 'o',
  order: 'token',
  returns: parseDurations('30s,9223372036854775807ns'),
  windows: parseDurations('250ms'),
  bucket: parseDuration('10s'),
  sum: 'exact',
  columns: ['a', 'b'],
  tsUnit: null,
  compression: 'zstd',
};

class FakeToken implements CancelToken {
  cancelled = false;
  onCancel: () => void = () => {};
  cancel() {
    this.cancelled = true;
    this.onCancel();
  }
}

/** A binding whose every job is the one given. */
function bindingOf(
  job: (request: string, token: FakeToken, progress?: (json: string) => void) => Promise<string>,
) {
  const fake = vi.fn(job as NativeJob);
  const binding: FileBinding = {
    CancelToken: FakeToken,
    buildSnapshot: fake,
    inspectSnapshot: fake,
    summarizeFeatures: fake,
    compareFeatures: fake,
    explainTrade: fake,
    auditSnapshot: fake,
    version: () => '0',
  };
  return { engine: new NativeEngine(binding), job: fake };
}

const never = (token: FakeToken) =>
  new Promise<string>((resolve) => {
    token.onCancel = () => resolve('{"error":{"code":"CANCELLED","message":"stopped"}}');
  });

describe('NativeEngine', () => {
  it('sends nanoseconds as text, exactly', async () => {
    const { engine, job } = bindingOf(async () => '{"ok":{"rows":3}}');
    expect(await engine.build(request)).toEqual({ rows: 3 });
    const sent = JSON.parse(job.mock.calls[0]?.[0] ?? '');
    expect(sent).toEqual({
      ...request,
      returns: [
        { nanos: '30000000000', label: '30s' },
        { nanos: '9223372036854775807', label: '9223372036854775807ns' },
      ],
      windows: [{ nanos: '250000000', label: '250ms' }],
      bucket: { nanos: '10000000000', label: '10s' },
    });
  });

  it('sends threads and memory as whole numbers, and leaves them out where they are not given', async () => {
    const { engine, job } = bindingOf(async () => '{"ok":{}}');
    await engine.build({ ...request, threads: 2, memory: Number.MAX_SAFE_INTEGER });
    await engine.build(request);
    const [given, absent] = job.mock.calls.map(([json]) => json);
    expect(given).toContain('"threads":2,"memory":9007199254740991');
    expect(absent).not.toMatch(/threads|memory/);
  });

  it.each([
    [{ threads: 0 }, 'threads is 0: it must be a whole number from 1 to 1024'],
    [{ threads: 1.5 }, 'threads is 1.5'],
    [{ threads: 1e9 }, 'threads is 1000000000'],
    [{ threads: Number.NaN }, 'threads is NaN'],
    [{ memory: 0 }, 'memory is 0: it must be a positive whole number of bytes'],
    [{ memory: -1 }, 'memory is -1'],
    [{ memory: 0.5 }, 'memory is 0.5'],
    [{ memory: Number.POSITIVE_INFINITY }, 'memory is Infinity'],
  ])('refuses %j before the job', async (bounds, message) => {
    const { engine, job } = bindingOf(async () => '{"ok":{}}');
    await expect(engine.build({ ...request, ...bounds })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining(message),
    });
    expect(job).not.toHaveBeenCalled();
  });

  it('sends the other requests as they are', async () => {
    const { engine, job } = bindingOf(async () => '{"ok":{}}');
    await engine.inspect('dir', 'ms');
    await engine.summarize('file');
    await engine.compare({ a: 'a', b: 'b', rtol: 1e-9, atol: 0, key: ['ts'] });
    expect(job.mock.calls.map(([json]) => JSON.parse(json))).toEqual([
      { snapshot: 'dir', tsUnit: 'ms' },
      { file: 'file' },
      { a: 'a', b: 'b', rtol: 1e-9, atol: 0, key: ['ts'] },
    ]);
  });

  it('throws an error of the answer', async () => {
    const { engine } = bindingOf(async () => '{"error":{"code":"CORRUPT","message":"cut off","file":"f"}}');
    await expect(engine.build(request)).rejects.toMatchObject({ code: 'CORRUPT', file: 'f' });
  });

  it('makes an internal error of a rejection', async () => {
    const { engine } = bindingOf(async () => {
      throw new TypeError('bad argument');
    });
    await expect(engine.build(request)).rejects.toMatchObject({ name: 'PolyfeatError', code: 'INTERNAL' });
  });

  it('passes progress on, parsed', async () => {
    const event: Progress = { phase: 'read', done: 1, total: 2, unit: 'rows' };
    const { engine } = bindingOf(async (_request, _token, progress) => {
      progress?.(JSON.stringify(event));
      return '{"ok":{}}';
    });
    const seen: Progress[] = [];
    await engine.build(request, { onProgress: (progress) => seen.push(progress) });
    expect(seen).toEqual([event]);
  });

  it('gives no callback to the binding when nobody listens', async () => {
    const { engine, job } = bindingOf(async () => '{"ok":{}}');
    await engine.build(request);
    expect(job.mock.calls[0]).toHaveLength(2);
  });

  it('stops the job when the listener throws, and says so', async () => {
    const { engine } = bindingOf(async (_request, token, progress) => {
      const end = never(token);
      progress?.('{"phase":"a","done":0,"total":1,"unit":"rows"}');
      return end;
    });
    const cause = new Error('listener');
    const running = engine.build(request, {
      onProgress: () => {
        throw cause;
      },
    });
    await expect(running).rejects.toMatchObject({ code: 'INTERNAL', cause });
  });

  it('does not start when the signal is aborted already', async () => {
    const { engine, job } = bindingOf(async () => '{"ok":{}}');
    await expect(engine.build(request, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect(job).not.toHaveBeenCalled();
  });

  it('cancels a running job and lets go of the signal at the end', async () => {
    const { engine } = bindingOf((_request, token) => never(token));
    const controller = new AbortController();
    const removed = vi.spyOn(controller.signal, 'removeEventListener');
    const running = engine.build(request, { signal: controller.signal });
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(removed).toHaveBeenCalledWith('abort', expect.any(Function));
  });

  it('lets go of the signal after success', async () => {
    const { engine } = bindingOf(async () => '{"ok":{}}');
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    await engine.build(request, { signal });
    expect(removed.mock.calls[0]?.[1]).toBe(added.mock.calls[0]?.[1]);
  });
});
