import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadBinding } from './index.js';

const file = (name: string) => new URL(`../${name}`, import.meta.url);
const built = existsSync(file('binding.js')) && (await loadBinding().catch(() => null)) !== null;
if (!built) console.warn('no native binary: the tests of the binding are skipped');

describe('loadBinding', () => {
  it.runIf(!existsSync(file('binding.js')))(
    'rejects, and does not throw, when nothing was built',
    async () => {
      await expect(loadBinding()).rejects.toThrow();
    },
  );

  it.runIf(built)('gives the jobs, the token and the version of this package', async () => {
    const binding = await loadBinding();
    const { version } = JSON.parse(readFileSync(file('package.json'), 'utf8')) as { version: string };
    expect(binding.version()).toBe(version);
    new binding.CancelToken().cancel();
  });

  it
    .runIf(built)
    .each([
      'buildSnapshot',
      'inspectSnapshot',
      'summarizeFeatures',
      'compareFeatures',
      'auditSnapshot',
      'generateSnapshot',
      'rooflineSnapshot',
    ] as const)('%s answers a request that is none with an error as data', async (job) => {
    const binding = await loadBinding();
    for (const request of ['', 'null', '[]', '{}', '{"snapshot": 1}']) {
      const answer = JSON.parse(await binding[job](request, new binding.CancelToken()));
      expect(answer).toEqual({ error: expect.objectContaining({ code: expect.any(String) }) });
    }
  });

  it.runIf(built)('answers with CANCELLED when the token was cancelled before', async () => {
    const binding = await loadBinding();
    const token = new binding.CancelToken();
    token.cancel();
    const snapshot = fileURLToPath(
      new URL('../../../test-data/snapshots/r61276aba-20260227T092000+0000', import.meta.url),
    );
    const answer = JSON.parse(
      await binding.inspectSnapshot(JSON.stringify({ snapshot, tsUnit: null }), token),
    );
    expect(answer).toMatchObject({ error: { code: 'CANCELLED' } });
  });
});
