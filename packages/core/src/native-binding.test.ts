import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadBinding } from './native-binding.js';

const generated = vi.hoisted(() => vi.fn());
vi.mock('@polyfeat/native', () => ({ loadBinding: generated }));

const direct = await loadBinding().catch(() => undefined);
const loaded = direct !== undefined && generated.mock.calls.length === 0;
if (!loaded) console.warn('no native binary: the test that it is loaded directly is skipped');

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('loadBinding', () => {
  it.runIf(loaded)('gives the binary beside the package, without the generated loader', () => {
    for (const job of [
      'buildSnapshot',
      'inspectSnapshot',
      'summarizeFeatures',
      'compareFeatures',
      'auditSnapshot',
    ] as const) {
      expect(direct?.[job]).toBeTypeOf('function');
    }
    expect(new (direct as NonNullable<typeof direct>).CancelToken().cancel).toBeTypeOf('function');
  });

  it('leaves a binary that a variable names to the generated loader', async () => {
    vi.stubEnv('NAPI_RS_NATIVE_LIBRARY_PATH', '/no/such/binary.node');
    await expect(loadBinding()).rejects.toThrow();
  });
});
